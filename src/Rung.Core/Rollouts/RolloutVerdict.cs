using System.Collections.Immutable;
using Rung.Core.Statistics;

namespace Rung.Core.Rollouts;

/// <summary>What the numbers say about a rollout.</summary>
public enum RolloutDecision : byte
{
    /// <summary>Stay at the stage.</summary>
    Hold = 0,
    /// <summary>Go to the next stage.</summary>
    Advance = 1,
    /// <summary>Give every unit back to the current policy.</summary>
    RollBack = 2,
}

/// <summary>What one guard says.</summary>
public enum GuardState : byte
{
    /// <summary>Neither is shown yet.</summary>
    Open = 0,
    /// <summary>Shown not to be worse by the stage's margin.</summary>
    Held = 1,
    /// <summary>Shown to be worse.</summary>
    Broken = 2,
}

/// <summary>One guard and its numbers.</summary>
public sealed record GuardReading
{
    /// <summary>The guard.</summary>
    public required Guard Guard { get; init; }
    /// <summary>What it says.</summary>
    public required GuardState State { get; init; }
    /// <summary>The candidate's value: a mean, a share, seconds, or USD; null without data.</summary>
    public double? Candidate { get; init; }
    /// <summary>The current policy's value over the same time.</summary>
    public double? Current { get; init; }
    /// <summary>
    /// By how much the candidate is worse, with the bounds of its confidence sequence: in the unit of the margin (a difference, or a part of the current
    /// value); above 0 is worse. Null without data.
    /// </summary>
    public Interval? Worse { get; init; }
    /// <summary>The margin that the stage asks for, in the same unit: wider while few users see the candidate.</summary>
    public required double Margin { get; init; }
    /// <summary>Observations of the candidate.</summary>
    public required long CandidateCount { get; init; }
    /// <summary>Observations of the current policy.</summary>
    public required long CurrentCount { get; init; }
    /// <summary>Natural logarithm of the evidence that it is worse; rolled back from ln(1/α) of this guard.</summary>
    public double HarmEvidence { get; init; }
    /// <summary>Natural logarithm of the evidence that it is not worse by the stage's margin; held from ln(1/α).</summary>
    public double SafetyEvidence { get; init; }
    /// <summary>In words, with unit and sample sizes.</summary>
    public required string Words { get; init; }
}

/// <summary>A decision with the numbers that it was made on.</summary>
public sealed record RolloutVerdict
{
    /// <summary>What to do.</summary>
    public required RolloutDecision Decision { get; init; }
    /// <summary>Why, in one sentence.</summary>
    public required string Why { get; init; }
    /// <summary>Every guard, in the order of the plan.</summary>
    public required ImmutableArray<GuardReading> Guards { get; init; }
    /// <summary>Calls that the candidate has answered since the start.</summary>
    public required long CallsExposed { get; init; }
    /// <summary>Earliest instant at which the stage can be left; null at the last one.</summary>
    public DateTimeOffset? NotBefore { get; init; }
}
