using System.Collections.Immutable;
using System.Text.Json;
using Rung.Core.Rollouts;
using Rung.Storage;
using Rung.Storage.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>One stage of a rollout: what it asks for, and when it was.</summary>
/// <param name="Stage">Its place in the plan.</param>
/// <param name="Share">The candidate's share, hundredths of a percent.</param>
/// <param name="Began">When it began, UTC; null: it has not.</param>
/// <param name="Ended">When it ended, UTC; null: it has not.</param>
/// <param name="IsNow">Whether the rollout is in it now.</param>
/// <param name="MarginFactor">By how much the margins are widened for leaving it; 1: not at all.</param>
public sealed record StageStory(int Stage, int Share, DateTimeOffset? Began, DateTimeOffset? Ended, bool IsNow, double MarginFactor);

/// <summary>What one guard said at an instant.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Stage">The stage then.</param>
/// <param name="Reading">Its numbers.</param>
public sealed record GuardInstant(DateTimeOffset At, int Stage, GuardReading Reading);

/// <summary>One guard over the life of a rollout.</summary>
/// <param name="Guard">The guard.</param>
/// <param name="Instants">What it said, the oldest first; one a minute in the last hour, one an hour before.</param>
/// <param name="Limit">Natural logarithm of the evidence from which harm is shown: ln(guards ÷ α).</param>
/// <param name="Safe">The same for safety: ln(1 ÷ α).</param>
public sealed record GuardStory(Guard Guard, IReadOnlyList<GuardInstant> Instants, double Limit, double Safe)
{
    /// <summary>The last reading; null: nothing was read yet.</summary>
    public GuardInstant? Last => Instants.Count == 0 ? null : Instants[^1];

    /// <summary>What it needs before the stage can be left, in words.</summary>
    /// <param name="plan">The plan.</param>
    public string Needs(RolloutPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (Last is not { Reading: { } reading }) return "a first reading";
        if (reading.State == GuardState.Broken) return "nothing: it has shown harm, and the rollout is taken back";
        if (reading.CandidateCount == 0) return $"a first observation of the candidate, and {plan.MinSample:N0} in the stage";
        if (reading.State == GuardState.Held) return $"nothing more, as long as it stays so (and {plan.MinSample:N0} observations of the candidate in the stage)";
        return "its interval's upper bound below the margin: more observations, or a smaller difference";
    }
}

/// <summary>An event with the numbers that it was decided on.</summary>
/// <param name="Event">The event.</param>
/// <param name="Words">What happened, in words.</param>
/// <param name="Verdict">The numbers; null for a person's act, or when they can no longer be read.</param>
public sealed record EventStory(RolloutEvent Event, string Words, RolloutVerdict? Verdict);

/// <summary>All that is known of one rollout, for a page.</summary>
public sealed record RolloutStory
{
    /// <summary>Most readings that are read: a month of hours and an hour of minutes are some 800.</summary>
    public const int MostReadings = 2_000;

    /// <summary>A reading older than this, of an open rollout, means that nothing decides.</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(5);

    /// <summary>The rollout.</summary>
    public required Rollout Rollout { get; init; }
    /// <summary>Where it stands, in words.</summary>
    public required string State { get; init; }
    /// <summary>The stages.</summary>
    public required IReadOnlyList<StageStory> Stages { get; init; }
    /// <summary>The guards, in the order of the plan.</summary>
    public required IReadOnlyList<GuardStory> Guards { get; init; }
    /// <summary>The events, in order.</summary>
    public required IReadOnlyList<EventStory> Events { get; init; }
    /// <summary>The last verdict; null: nothing was decided yet.</summary>
    public required RolloutVerdict? Verdict { get; init; }
    /// <summary>When it was; null likewise.</summary>
    public required DateTimeOffset? VerdictAt { get; init; }
    /// <summary>Whether it is open and nothing has decided for a while.</summary>
    public required bool IsStale { get; init; }
    /// <summary>Earliest instant at which the stage can be left; null: it is at its last one, in its shadow, or has ended.</summary>
    public required DateTimeOffset? NotBefore { get; init; }

    /// <summary>
    /// Units that the candidate has served at least: the most observations that a guard on calls, checks or verdicts has of it. Null where each call is its own unit, and before the first
    /// reading.
    /// </summary>
    public long? UnitsExposed => Rollout.Plan.Unit == RolloutUnit.Call || Verdict is null ? null
        : Verdict.Guards.Where(reading => !GuardDefaults.IsTime(reading.Guard.Metric)).Select(reading => (long?)reading.CandidateCount).Max();

    /// <summary>Reads it; null when there is none of that number.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="id">The rollout's number.</param>
    /// <param name="now">Now, UTC.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="most">Most readings that are read, the newest; at least 1.</param>
    public static async Task<RolloutStory?> ReadAsync(Ledger ledger, long id, DateTimeOffset now, CancellationToken cancellationToken, int most = MostReadings)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        if (await ledger.FindRolloutAsync(id, cancellationToken) is not { } rollout) return null;
        var readings = await ledger.ListReadingsAsync(id, most, cancellationToken);
        return Of(rollout, [.. readings.Reverse()], now);
    }

    /// <summary>Tells it.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="readings">What its guards said, the oldest first. What cannot be read is left out.</param>
    /// <param name="now">Now, UTC.</param>
    public static RolloutStory Of(Rollout rollout, IReadOnlyList<RolloutReading> readings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(readings);
        var plan = rollout.Plan;
        var verdicts = readings.Select(reading => (reading.At, reading.Stage, Verdict: Read(reading.Verdict))).Where(read => read.Verdict is not null).ToList();
        var last = verdicts.Count == 0 ? default : verdicts[^1];
        var runs = rollout is { IsOpen: true, IsShadow: false } && !rollout.IsCompleted();
        return new RolloutStory
        {
            Rollout = rollout, State = RolloutWords.State(rollout), Stages = StagesOf(rollout),
            Guards = [.. plan.Guards.Select(guard => new GuardStory(
                guard,
                [.. verdicts.SelectMany(read => read.Verdict!.Guards.Where(reading => reading.Guard.Metric == guard.Metric).Select(reading => new GuardInstant(read.At, read.Stage, reading)))],
                Math.Log(plan.Guards.Length / plan.Alpha), Math.Log(1 / plan.Alpha)))],
            Events = [.. rollout.Events.Select(happened => new EventStory(happened, RolloutWords.Of(happened, plan), happened.Numbers is { } numbers ? Read(numbers) : null))],
            Verdict = last.Verdict, VerdictAt = last.Verdict is null ? null : last.At,
            IsStale = runs && (last.Verdict is null ? now - rollout.StageBegan() : now - last.At) > StaleAfter,
            NotBefore = runs && rollout.Last.Stage + 1 < plan.Stages.Length ? rollout.StageBegan() + RolloutLaw.LeastTime(plan) : null,
        };
    }

    private static ImmutableArray<StageStory> StagesOf(Rollout rollout)
    {
        var stages = ImmutableArray.CreateBuilder<StageStory>(rollout.Plan.Stages.Length);
        for (var stage = 0; stage < rollout.Plan.Stages.Length; stage++)
        {
            // Holding and resuming leave the stage as it is.
            var begin = rollout.Events.FirstOrDefault(happened => happened.Stage == stage && IsStep(happened));
            var end = begin is null ? null : rollout.Events.FirstOrDefault(happened => happened.Ordinal > begin.Ordinal && IsStep(happened));
            stages.Add(new StageStory(
                stage, rollout.Plan.Stages[stage], begin?.At, end?.At, begin is not null && end is null && rollout.IsOpen, RolloutLaw.MarginFactor(rollout.Plan, stage)));
        }
        return stages.ToImmutable();
    }

    private static bool IsStep(RolloutEvent happened) => happened.Kind is not (RolloutEventKind.Held or RolloutEventKind.Resumed);

    private static RolloutVerdict? Read(string json)
    {
        try
        {
            return RolloutPlanJson.ReadVerdict(json);
        }
        catch (JsonException)
        {
            return null; // Written by another version: what happened stands, its numbers cannot be shown.
        }
    }
}
