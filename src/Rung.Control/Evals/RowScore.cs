using System.Text.Json.Serialization;

namespace Rung.Control.Evals;

/// <summary>The grade of one candidate's answer to one row.</summary>
public sealed record RowScore
{
    /// <summary>0 (wrong) to 1 (right); null when it could not be graded, which is counted and shown, never taken for right.</summary>
    public required double? Score { get; init; }
    /// <summary>Of the reference's answer on the same scale, where the scorer grades both (rubric, checks, code, pairwise: 0.5 each); null: the reference is right by definition (1).</summary>
    public double? ReferenceScore { get; init; }
    /// <summary>Short reason, for the report's examples; null when there is nothing to say.</summary>
    public string? Reason { get; init; }
    /// <summary>Kind of the failure in one or two words, for grouping (<c>wrong value</c>, <c>not JSON</c>, <c>refused</c>, <c>truncated</c>); null when it is right.</summary>
    public string? Kind { get; init; }
    /// <summary>What grading cost, in nano-USD.</summary>
    public long CostNanoUsd { get; init; }
    /// <summary>Attempts of the judge whose price is unknown.</summary>
    public int UnknownPriceAttempts { get; init; }
    /// <summary>What each question to a judge said; empty for a scorer without one.</summary>
    public IReadOnlyList<JudgeVerdict> Verdicts { get; init; } = [];
}

/// <summary>One answer of a judge.</summary>
public sealed record JudgeVerdict
{
    /// <summary>The judge: the policy's name of the model that answered; null when none did.</summary>
    public string? Model { get; init; }
    /// <summary>Name and version of that model as its upstream reported it; null when it reported none.</summary>
    public string? Version { get; init; }
    /// <summary>Pairwise: whether the candidate stood first. Null for a rubric.</summary>
    public bool? CandidateFirst { get; init; }
    /// <summary>The candidate's score by this verdict: 1 better (or right), 0.5 a tie, 0 worse; by a rubric anything from 0 to 1. Null: no verdict of the asked form came.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] // A verdict that never came is stored as such: what is left out could not be read again.
    public required double? Score { get; init; }
    /// <summary>The judge's short reason; null when none came.</summary>
    public string? Reason { get; init; }
    /// <summary>Characters of the candidate's answer, and of the reference's.</summary>
    public int CandidateChars { get; init; }
    /// <summary>Characters of the reference's answer.</summary>
    public int ReferenceChars { get; init; }
    /// <summary>Questions it took: 1, or more where a verdict was malformed.</summary>
    public int Attempts { get; init; } = 1;
    /// <summary>Cost of these, in nano-USD.</summary>
    public long CostNanoUsd { get; init; }
    /// <summary>The call of the last question in the ledger; null when nothing was sent.</summary>
    public string? CallId { get; init; }
}
