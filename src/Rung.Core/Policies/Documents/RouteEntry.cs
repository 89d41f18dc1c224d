using System.Collections.Immutable;

namespace Rung.Core.Policies.Documents;

/// <summary>What is written for a tag, a role or the default; null: not stated.</summary>
internal sealed record RouteEntry
{
    public required string Name { get; init; }
    public string? Role { get; init; }
    public string? Tier { get; init; }
    public string? Owner { get; init; }
    public string? Why { get; init; }
    public int? MaxTokens { get; init; }
    public decimal? MaxTemperature { get; init; }
    /// <summary>Null: not stated. Empty: none, whatever the role has.</summary>
    public ImmutableArray<CheckEntry>? Checks { get; init; }
    /// <summary><c>hold</c>, <c>pass</c> or <c>first_valid_prefix</c>.</summary>
    public string? Stream { get; init; }
    public EscalateEntry? Escalate { get; init; }
    public FloorEntry? Floor { get; init; }
    public CeilingEntry? Ceiling { get; init; }
    public bool? UserVisible { get; init; }
    public string? DataClass { get; init; }
    public LimitsEntry? Limits { get; init; }
    public string? Evidence { get; init; }
    /// <summary>What is kept of the content of its calls.</summary>
    public CaptureEntry? Capture { get; init; }
    /// <summary>How an answer is graded, and what a cheaper model must prove.</summary>
    public EvalEntry? Eval { get; init; }
    /// <summary>Instead of <see cref="Evidence"/>: that there is none yet.</summary>
    public EvidenceGapEntry? EvidenceGap { get; init; }
}

/// <summary>A stated gap as written.</summary>
internal sealed record EvidenceGapEntry(string Missing, string Prove);

/// <summary>An escalation as written. <see cref="To"/> null: <c>escalate: none</c>.</summary>
internal sealed record EscalateEntry
{
    public string? To { get; init; }
    /// <summary>Null: not stated, which means every cause.</summary>
    public ImmutableArray<string>? On { get; init; }
    public int? Times { get; init; }
    public string? Exhausted { get; init; }
    public decimal? MaxUsd { get; init; }
    public decimal? MaxSeconds { get; init; }
}

/// <summary>A capture as written. <see cref="Sample"/> null: <c>capture: none</c>.</summary>
internal sealed record CaptureEntry
{
    public decimal? Sample { get; init; }
    public int? KeepDays { get; init; }
    public int? MaxKb { get; init; }
    /// <summary>Null: not stated, which means every kind.</summary>
    public ImmutableArray<string>? Redact { get; init; }
}

/// <summary>Terms of an eval as written; null: not stated.</summary>
internal sealed record EvalEntry
{
    public string? Score { get; init; }
    public decimal? Tolerance { get; init; }
    public string? Pattern { get; init; }
    public string? Schema { get; init; }
    public string? Command { get; init; }
    public string? Rubric { get; init; }
    public string? Judge { get; init; }
    public decimal? JudgeKappa { get; init; }
    public decimal? Margin { get; init; }
    public decimal? Confidence { get; init; }
    public int? MaxAgeDays { get; init; }
}

/// <summary>A floor as written.</summary>
internal sealed record FloorEntry(string Verdict, decimal AtLeast, string? Of);

/// <summary>A ceiling as written, in USD.</summary>
internal sealed record CeilingEntry(decimal? UsdPerCall, decimal? UsdPerSession, decimal? UsdPerDay);
