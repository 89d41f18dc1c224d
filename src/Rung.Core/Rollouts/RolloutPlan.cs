using System.Collections.Immutable;

namespace Rung.Core.Rollouts;

/// <summary>What is assigned to an arm, whole and for the rollout's life. Stored: add at the end, never renumber.</summary>
public enum RolloutUnit : byte
{
    /// <summary>A session or conversation.</summary>
    Session = 1,
    /// <summary>An end user.</summary>
    User = 2,
    /// <summary>A client's key.</summary>
    Key = 3,
    /// <summary>Each call by itself: nothing is sticky.</summary>
    Call = 4,
}

/// <summary>What a rollout promises and asks for; never changed once it has started.</summary>
public sealed record RolloutPlan
{
    /// <summary>All of the traffic, in hundredths of a percent.</summary>
    public const int Whole = 10_000;

    /// <summary>The tags whose calls take part, in order of their names; empty: every call.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];
    /// <summary>Shares of the candidate, stage by stage, in hundredths of a percent, rising; the last is <see cref="Whole"/>.</summary>
    public ImmutableArray<int> Stages { get; init; } = [100, 1_000, 5_000, Whole];
    /// <summary>Least time from the first stage to the whole traffic; the stages before the last have equal parts of it.</summary>
    public TimeSpan MinTime { get; init; } = TimeSpan.FromDays(7);
    /// <summary>Least number of units of the candidate that every guard must have seen within a stage before it is left.</summary>
    public int MinSample { get; init; } = 50;
    /// <summary>What is assigned.</summary>
    public RolloutUnit Unit { get; init; } = RolloutUnit.Session;
    /// <summary>Makes this rollout's assignment independent of every other's.</summary>
    public required string Salt { get; init; }
    /// <summary>Share that never gets the candidate, also after the last stage, in hundredths of a percent; 0 for none.</summary>
    public int Holdback { get; init; }
    /// <summary>What must not become worse, at least one.</summary>
    public ImmutableArray<Guard> Guards { get; init; } = [];
    /// <summary>Chance of rolling back a candidate that is as good as the current policy by every guard, over the whole life; and of letting one pass that is worse by a margin.</summary>
    public double Alpha { get; init; } = 0.05;
    /// <summary>How long a call's verdicts are waited for before it counts as not overridden.</summary>
    public TimeSpan VerdictLag { get; init; } = TimeSpan.FromHours(1);
    /// <summary>Copies first, which nobody sees; null: none.</summary>
    public ShadowTerms? Shadow { get; init; }

    /// <summary>Whether the calls of a tag take part.</summary>
    public bool Covers(string? tag) => Tags.IsEmpty || (tag is not null && Tags.Contains(tag, StringComparer.Ordinal));
}

/// <summary>How the candidate answers copies before anybody sees its answers.</summary>
/// <param name="Sample">Share of the calls that are copied, above 0, at most 1.</param>
/// <param name="MaxNanoUsd">Most that copies and their judging may cost, nano-USD: the end of the shadow when it is reached.</param>
/// <param name="Judgements">Comparisons by the judge that end the shadow, at least <see cref="LeastJudgements"/>.</param>
public sealed record ShadowTerms(double Sample, long MaxNanoUsd, int Judgements)
{
    /// <summary>Fewer comparisons say nothing: the candidate then goes no further by itself.</summary>
    public const int LeastJudgements = 30;

    /// <summary>The share of <see cref="MaxNanoUsd"/> at which the money counts as spent: no copy is made that might go beyond it, so that it is never quite used up.</summary>
    public const double SpentShare = 0.8;
}
