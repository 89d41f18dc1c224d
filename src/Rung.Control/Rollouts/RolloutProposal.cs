using System.Collections.Immutable;
using Rung.Core.Rollouts;
using Rung.Storage.Revisions;

namespace Rung.Control.Rollouts;

/// <summary>A rollout that could be started: what it would do, how long it will probably take, and what is worth knowing first.</summary>
public sealed record RolloutProposal
{
    /// <summary>The policy that should come.</summary>
    public required WholePolicy Candidate { get; init; }
    /// <summary>The revision in force.</summary>
    public required PolicyRevision Current { get; init; }
    /// <summary>The plan.</summary>
    public required RolloutPlan Plan { get; init; }
    /// <summary>What the candidate changes.</summary>
    public required RolloutScope Scope { get; init; }
    /// <summary>What was lately seen of the calls that it covers.</summary>
    public required TagTraffic Traffic { get; init; }
    /// <summary>Every stage but the last: its least and its probable time.</summary>
    public required ImmutableArray<StageForecast> Forecast { get; init; }
    /// <summary>What is worth knowing first, one sentence or two each.</summary>
    public required ImmutableArray<string> Notes { get; init; }
    /// <summary>Who asks.</summary>
    public required string By { get; init; }
    /// <summary>Why.</summary>
    public required string Why { get; init; }

    /// <summary>Probable time until the whole traffic; null when it cannot be said.</summary>
    public TimeSpan? Time => Forecast.All(stage => stage.Time is not null) ? Forecast.Aggregate(TimeSpan.Zero, (sum, stage) => sum + stage.Time!.Value) : null;

    /// <summary>Calls that the candidate will probably have answered before the whole traffic; null when it cannot be said.</summary>
    public long? CallsExposed => Time is null ? null : (long)Forecast.Sum(stage => stage.Time!.Value.TotalDays * Traffic.CallsPerDay * stage.Share / RolloutPlan.Whole);
}
