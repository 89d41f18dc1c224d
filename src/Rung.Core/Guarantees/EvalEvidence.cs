using System.Collections.Immutable;
using Rung.Core.Policies;

namespace Rung.Core.Guarantees;

/// <summary>A model in evidence of an eval, and what was found of it.</summary>
public sealed record EvalEvidenceModel
{
    /// <summary>The policy's name.</summary>
    public required string Name { get; init; }
    /// <summary>The upstream's id.</summary>
    public required string Id { get; init; }
    /// <summary>Names and versions that the upstream reported; empty when it reported none.</summary>
    public ImmutableArray<string> Reported { get; init; } = [];
    /// <summary>Rows that counted.</summary>
    public required int Rows { get; init; }
    /// <summary>Groups of them.</summary>
    public required int Groups { get; init; }
    /// <summary>Mean score, 0 to 1.</summary>
    public required double Quality { get; init; }
    /// <summary>Mean score of the reference on the same rows.</summary>
    public required double ReferenceQuality { get; init; }
    /// <summary>Quality less the reference's.</summary>
    public required double Difference { get; init; }
    /// <summary>One-sided lower bound of the difference, at <see cref="BoundAt"/>.</summary>
    public required double Bound { get; init; }
    /// <summary>Confidence of the bound: above the evidence's own where several candidates were tested.</summary>
    public required double BoundAt { get; init; }
    /// <summary>P-value of "worse by the margin or more".</summary>
    public required double PValue { get; init; }
    /// <summary>Rows that were not answered, and counted as wrong.</summary>
    public int NotAnswered { get; init; }
    /// <summary>Answers that could not be graded, and were left out.</summary>
    public int Ungraded { get; init; }
    /// <summary>Mean cost of a call in nano-USD; null when unknown.</summary>
    public double? CostNanoUsd { get; init; }
    /// <summary>Mean cost of the reference on the same rows; null when unknown.</summary>
    public double? ReferenceCostNanoUsd { get; init; }
    /// <summary>Share of the reference's cost that is saved; null when unknown.</summary>
    public double? Saving { get; init; }
    /// <summary>The decision.</summary>
    public required EvalDecision Decision { get; init; }
    /// <summary>The decision in one sentence.</summary>
    public required string Sentence { get; init; }
}

/// <summary>The judge of an eval.</summary>
/// <param name="Tag">The tag whose route asked it.</param>
/// <param name="Kappa">Its agreement with people, Cohen's kappa; null when it was not measured.</param>
/// <param name="KappaLow">Lower bound of it, one-sided, at the confidence of the eval; null when it was not measured.</param>
/// <param name="Items">Answers that both judged.</param>
public sealed record EvalEvidenceJudge(string Tag, double? Kappa, double? KappaLow, int Items);

/// <summary>What an eval found, as a file beside the policy. A route names it as its <c>evidence</c>; lints hold it against what the policy does now.</summary>
public sealed record EvalEvidence
{
    /// <summary>The value of <c>kind</c>.</summary>
    public const string Kind = "rung-eval";

    /// <summary>Version of the format that is written.</summary>
    public const int Format = 1;

    /// <summary>The tag.</summary>
    public required string Tag { get; init; }
    /// <summary>The day that the run ended, UTC.</summary>
    public required DateOnly Date { get; init; }
    /// <summary>The run.</summary>
    public required string Run { get; init; }
    /// <summary>Name of the set.</summary>
    public required string SetName { get; init; }
    /// <summary>Its version.</summary>
    public required int SetVersion { get; init; }
    /// <summary>Its hash.</summary>
    public required string SetHash { get; init; }
    /// <summary>The part of it: <c>test</c>, <c>tune</c> or <c>all</c>.</summary>
    public required string Part { get; init; }
    /// <summary>Rows.</summary>
    public required int Rows { get; init; }
    /// <summary>Whether the numbers come from simulated or made-up models or traffic.</summary>
    public bool Simulated { get; init; }
    /// <summary>How answers were graded, in words.</summary>
    public required string Scorer { get; init; }
    /// <summary>The policy's name of the reference tier.</summary>
    public required string ReferenceTier { get; init; }
    /// <summary>Upstream's id of its first model.</summary>
    public required string ReferenceId { get; init; }
    /// <summary>The margin, as a difference of mean scores.</summary>
    public required double Margin { get; init; }
    /// <summary>How sure the decisions are, all of them together; one-sided.</summary>
    public required double Confidence { get; init; }
    /// <summary>The test, in words.</summary>
    public required string Method { get; init; }
    /// <summary>How several candidates were tested at once, in words.</summary>
    public required string Multiplicity { get; init; }
    /// <summary>The judge; null when none was asked.</summary>
    public EvalEvidenceJudge? Judge { get; init; }
    /// <summary>The candidates.</summary>
    public required ImmutableArray<EvalEvidenceModel> Candidates { get; init; }
    /// <summary>What the inputs of the set look like, as <c>InputProfile</c> writes it; null when it was not worked out.</summary>
    public string? Profile { get; init; }

    /// <summary>What it says of a model by its id; null when it is not about it.</summary>
    public EvalEvidenceModel? Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Candidates.FirstOrDefault(candidate => candidate.Id == model.UpstreamId);
    }
}
