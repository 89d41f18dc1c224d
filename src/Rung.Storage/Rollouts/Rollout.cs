using System.Collections.Immutable;
using Rung.Core.Rollouts;

namespace Rung.Storage.Rollouts;

/// <summary>What happened to a rollout. Stored in the ledger: add at the end, never renumber.</summary>
public enum RolloutEventKind : byte
{
    /// <summary>It was started, with copies that nobody sees or at the first stage.</summary>
    Started = 1,
    /// <summary>The shadow ended, and the first stage began.</summary>
    ShadowEnded = 2,
    /// <summary>The next stage began.</summary>
    Advanced = 3,
    /// <summary>Somebody stopped it from advancing by itself. Guards go on watching.</summary>
    Held = 4,
    /// <summary>It may advance by itself again.</summary>
    Resumed = 5,
    /// <summary>The candidate is the policy now. With a holdback the comparison goes on.</summary>
    Completed = 6,
    /// <summary>Every unit is back on the current policy; the end.</summary>
    RolledBack = 7,
    /// <summary>The holdback ended; the end.</summary>
    Closed = 8,
}

/// <summary>One thing that happened to a rollout: rows are only ever added.</summary>
public sealed record RolloutEvent
{
    /// <summary>Order within the rollout, from 0.</summary>
    public required int Ordinal { get; init; }
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>What.</summary>
    public required RolloutEventKind Kind { get; init; }
    /// <summary>Place in <see cref="RolloutPlan.Stages"/> from then on; −1 in the shadow and after a rollback.</summary>
    public required int Stage { get; init; }
    /// <summary>Who: a user, or <c>rung</c> for the control loop.</summary>
    public required string By { get; init; }
    /// <summary>Why, in words.</summary>
    public required string Why { get; init; }
    /// <summary>The numbers that it was decided on, as JSON of a <see cref="RolloutVerdict"/>; null for a person's act.</summary>
    public string? Numbers { get; init; }
}

/// <summary>A candidate revision beside the current one, with all that happened.</summary>
public sealed record Rollout
{
    /// <summary>Its number, from 1.</summary>
    public required long Id { get; init; }
    /// <summary>Number of the candidate's revision: stored, never in force by itself.</summary>
    public required long Candidate { get; init; }
    /// <summary>Number of the revision that was in force when it started.</summary>
    public required long Base { get; init; }
    /// <summary>What it promises.</summary>
    public required RolloutPlan Plan { get; init; }
    /// <summary>What happened, in order; the first is <see cref="RolloutEventKind.Started"/>.</summary>
    public required ImmutableArray<RolloutEvent> Events { get; init; }

    /// <summary>The last event.</summary>
    public RolloutEvent Last => Events[^1];

    /// <summary>Whether units may be on the candidate, or copies be made, or a holdback be kept.</summary>
    public bool IsOpen => Last.Kind is not (RolloutEventKind.RolledBack or RolloutEventKind.Closed) && !(Last.Kind == RolloutEventKind.Completed && Plan.Holdback == 0);

    /// <summary>Whether it is in its shadow.</summary>
    public bool IsShadow => IsOpen && Last.Stage < 0;

    /// <summary>Whether somebody stopped it from advancing by itself.</summary>
    public bool IsHeld => IsOpen && Last.Kind == RolloutEventKind.Held;

    /// <summary>The candidate's share now, in hundredths of a percent.</summary>
    public int Share => IsOpen && Last.Stage >= 0 ? Plan.Stages[Last.Stage] : 0;
}
