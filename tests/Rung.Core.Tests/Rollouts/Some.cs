using System.Collections.Immutable;
using Rung.Core.Measurement;
using Rung.Core.Rollouts;

namespace Rung.Core.Tests.Rollouts;

/// <summary>Plans, calls and verdicts for the tests of this folder.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Monday = new(2026, 11, 16, 8, 0, 0, TimeSpan.Zero);

    public static RolloutPlan Plan(params GuardMetric[] metrics) => new()
    {
        Salt = "salt", Tags = ["classify"],
        Guards = [.. metrics.Select(metric => new Guard(metric, GuardDefaults.Margin(metric)) { CapNanoUsd = GuardDefaults.IsCost(metric) ? 10_000_000 : null })],
    };

    public static ObservedCall Call(string unit, bool candidate, DateTimeOffset at) => new()
    {
        Id = $"{unit}@{at.UtcTicks}", At = at, Tag = "classify", Arm = ArmName.Of(7, candidate ? RolloutArm.Candidate : RolloutArm.Current), Unit = unit, Session = unit,
        CostNanoUsd = 1_000_000, LatencyMicros = 800_000, FirstByteMicros = 200_000,
    };

    public static ObservedVerdict Verdict(string unit, bool candidate, DateTimeOffset at, QualitySignal signal, double score) => new()
    {
        At = at, Signal = signal, Score = score, Unit = unit, Tag = "classify", Arm = ArmName.Of(7, candidate ? RolloutArm.Candidate : RolloutArm.Current),
    };

    /// <summary>Fills a book with one verdict of a judge for each of so many units, some of which are bad.</summary>
    public static void Judge(GuardBook book, bool candidate, int units, int everyBad, DateTimeOffset at)
    {
        for (var i = 0; i < units; i++) book.Add(Verdict($"{(candidate ? "a" : "b")}{i}-{at.UtcTicks}", candidate, at, QualitySignal.Judge, everyBad > 0 && i % everyBad == 0 ? 0 : 1));
    }

    public static GuardReading Only(this GuardBook book, int stage = 3) => Assert.Single(book.Read(stage, withIntervals: true));

    public static ImmutableArray<Guard> AllGuards => [.. GuardDefaults.All.Select(metric => Plan(metric).Guards[0])];
}
