using Rung.Core.Checks;
using Rung.Core.Learning.Features;
using Rung.Core.Learning.Models;
using Rung.Core.Verifiers;

namespace Rung.Core.Learning;

/// <summary>
/// A verifier learned from graded answers. Its score is (1 − expected gain of climbing) / 2: 1 when climbing would surely lose, one half when it is expected to
/// change nothing, 0 when it would surely gain. Immutable, shared between threads.
/// </summary>
public sealed class TrainedVerifier : Verifier
{
    private readonly VerifierModel _model;
    private readonly double[] _thresholds;

    internal TrainedVerifier(string name, VerifierModel model, string weak, string strong, double[] thresholds)
    {
        (Name, _model, Weak, Strong, _thresholds) = (name, model, weak, strong, thresholds);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>The model whose answers it was trained to judge.</summary>
    public string Weak { get; }

    /// <summary>The model that climbing was expected to reach.</summary>
    public string Strong { get; }

    /// <summary>Where it comes from; null for one that was trained in this process and not written yet.</summary>
    public VerifierProvenance? Provenance { get; init; }

    /// <summary>Whether it looks at the prompt only.</summary>
    public bool PromptOnly => _model.PromptOnly;

    internal VerifierModel Model => _model;

    /// <summary>Reads a model file.</summary>
    /// <param name="name">Name in the policy.</param>
    /// <param name="model">The file, UTF-8 JSON, as <c>rung train verifier --out</c> wrote it.</param>
    /// <param name="fault">What is wrong with it when the result is null.</param>
    public static TrainedVerifier? Read(string name, ReadOnlyMemory<byte> model, out string? fault) => ModelFileReader.Read(name, model, out fault);

    /// <summary>Writes the model file.</summary>
    /// <param name="provenance">Where the model comes from.</param>
    /// <returns>UTF-8 JSON, below 1 MiB.</returns>
    public byte[] Write(VerifierProvenance provenance) => ModelFileWriter.Write(this, provenance);

    /// <summary>The threshold for a share of the strong model's quality: answers with at least this score are kept. Null when only climbing always reaches it.</summary>
    /// <param name="target">0.95, 0.98 or 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">No threshold was chosen for that share.</exception>
    public double? ThresholdFor(double target)
    {
        var at = Evaluation.VerifierReport.Targets.IndexOf(target);
        if (at < 0) throw new ArgumentOutOfRangeException(nameof(target), target, "Thresholds are kept for 0.95, 0.98 and 1.");
        return double.IsFinite(_thresholds[at]) ? _thresholds[at] : null;
    }

    /// <summary>What it expects of an answer, whose <see cref="Answer.Context"/> is there. Never throws on any content.</summary>
    public VerifierPrediction Predict(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return _model.Predict(AnswerFeatures.Of(answer, _model.PromptOnly));
    }

    /// <inheritdoc/>
    public override VerifierScore Score(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Context is null ? VerifierScore.None($"{Name} needs the prompt, which was not kept.") : VerifierScore.Of(Predict(answer).KeepScore);
    }
}
