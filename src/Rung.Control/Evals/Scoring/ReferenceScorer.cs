using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Comparisons;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Scoring;

/// <summary>Compares an answer with the reference by a rule. The reference is right by definition; where it lists several answers, the nearest counts.</summary>
/// <param name="name">What it does, in words.</param>
/// <param name="compare">The rule.</param>
/// <param name="alternatives">Reads the answers of a reference that came with the data and lists several; null: it is always one.</param>
internal sealed class ReferenceScorer(string name, Func<Answer, Answer, Likeness> compare, Func<Answer, ImmutableArray<Answer>>? alternatives) : IScorer
{
    public string Name => name;

    public bool NeedsReference => true;

    public bool AsksJudge => false;

    public Task<RowScore> ScoreAsync(ScoringCase scoring, CancellationToken cancellationToken) => Task.FromResult(Score(scoring));

    private RowScore Score(ScoringCase scoring)
    {
        if (Grading.Read(scoring, context: null, out var ungraded) is not { } answer) return ungraded!;
        if (Grading.Reference(scoring, context: null) is not { } reference) return Grading.None(FailureKind.NoReference, "The row has no reference.");

        // A right refusal is right: both refuse, and neither says anything that could be compared.
        if (answer.Refused && reference.Refused) return Grading.Of(1, null, null);
        if (answer.Refused) return Grading.Of(0, FailureKind.Refused, "The model refused.");
        var best = Likeness.NoMeasure("");
        var fault = (Likeness?)null;
        foreach (var acceptable in Acceptable(scoring.Row, reference))
        {
            var likeness = compare(answer, acceptable);
            if (likeness.Score is null) fault ??= likeness;
            else if (best.Score is null || likeness.Score > best.Score) best = likeness;
        }
        if (best.Score is { } score) return Grading.Of(score, Grading.Kind(answer, best.Kind ?? FailureKind.WrongValue), best.Reason);
        return Grading.None(fault!.Value.Kind!, fault.Value.Reason!);
    }

    // A model's answer that happens to be a list is one answer. Only data that came with right answers lists several.
    private ImmutableArray<Answer> Acceptable(EvalRow row, Answer reference) =>
        alternatives is not null && row.ReferenceSource == ReferenceSource.Given ? alternatives(reference) : [reference];
}
