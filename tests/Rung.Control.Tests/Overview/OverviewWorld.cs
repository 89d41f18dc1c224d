using Rung.Control.Overview;
using Rung.Control.Tests.Rollouts;
using Rung.Core.Alerts;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Statistics;

namespace Rung.Control.Tests.Overview;

/// <summary>Readings, alerts and tags for the tests of the first page.</summary>
internal static class OverviewWorld
{
    public static readonly DateTimeOffset Eight = new(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);

    public static PolicySnapshot PolicyWithFloor { get; } = RolloutWorld.Compile(RolloutWorld.Policy.Replace(
        "why: \"Three labels.\"", "why: \"Three labels.\"\n    user_visible: true\n    floor: { verdict: judge, at_least: 0.9 }\n    ceiling: { usd_per_call: 1 }", StringComparison.Ordinal)).Snapshot!;

    public static MeasureReading Reading(long calls = 400, long sessions = 100, Interval? judged = null, long judgedSessions = 0, long climbed = 0) => new()
    {
        Calls = calls, Sessions = sessions, Quality = judged,
        Signals = judged is { } mean ? [new MeasuredSignal(QualitySignal.Judge, mean, judgedSessions, judgedSessions, 1)] : [],
        CostNanoUsd = calls * 1_000_000, UnknownPriceCalls = 0, CostPerCall = new Interval(1e6, 0.9e6, 1.1e6), CostPerSession = new Interval(4e6, 3.5e6, 4.5e6),
        CheckFailure = new(0, 0), Failover = new(0, calls), Escalation = new(climbed, calls), Error = new(0, calls), Override = new(0, calls), BaselineNanoUsd = calls * 3_000_000,
    };

    public static TagOverview Tag(MeasureReading reading, MeasureReading? before = null, string? tag = "label") => TagOverview.Of(tag, reading, before, [], PolicyWithFloor);

    public static AlertCondition Condition(string key, AlertKind kind, AlertSeverity severity, string summary, DateTimeOffset since, string? tag = "label") =>
        new() { Key = key, Kind = kind, Severity = severity, Tag = tag, Summary = summary, Since = since };

    public static async Task StepAsync(RolloutWorld world, AlertBook book, params AlertCondition[] conditions)
    {
        var observed = book.Observe(conditions, await world.Ledger.ListSilencesAsync(world.Clock.Now, CancellationToken.None), world.Clock.Now);
        await world.Ledger.SaveAlertsAsync(observed.Changed, observed.Transitions, CancellationToken.None);
    }
}
