using Rung.Core.Learning.Models;
using Rung.Core.Measurement;
using Rung.Core.Rollouts;

namespace Rung.Core.Tests.Rollouts;

/// <summary>Whole rollouts by chance with fixed seeds, small enough for every build; <c>rung simulate</c> does them by the thousand.</summary>
public sealed class RolloutSimulationTests
{
    private static readonly GuardMetric[] s_metrics = [GuardMetric.Judge, GuardMetric.CheckFailure, GuardMetric.Escalation, GuardMetric.Error, GuardMetric.LatencyP95, GuardMetric.CostPerCall];

    [Fact]
    public void An_equal_candidate_that_is_looked_at_all_the_time_is_rolled_back_as_rarely_as_promised_and_reaches_everybody()
    {
        const int Runs = 24;
        var ends = Enumerable.Range(0, Runs).Select(run => Run((ulong)run, drop: 0)).ToList();
        var rolledBack = ends.Count(end => end.RolledBack);
        Assert.True(rolledBack <= Runs * (0.05 + (3 * Math.Sqrt(0.05 * 0.95 / Runs))), $"{rolledBack} of {Runs} were rolled back.");
        Assert.True(ends.Count(end => end.Stage == 2) > Runs / 2, $"{ends.Count(end => end.Stage == 2)} of {Runs} reached the last stage.");
    }

    [Fact]
    public void A_drop_of_ten_points_is_rolled_back_before_half_of_the_users_see_it()
    {
        var ends = Enumerable.Range(0, 16).Select(run => Run((ulong)run + 500, drop: 0.1)).ToList();
        Assert.All(ends, end => Assert.True(end is { RolledBack: true, Stage: 0 }, $"stage {end.Stage}, rolled back: {end.RolledBack}"));
        Assert.InRange(ends.Select(end => end.Exposed).Order().ElementAt(8), 50, 400);
    }

    private static (bool RolledBack, int Stage, long Exposed) Run(ulong seed, double drop)
    {
        var chance = new SeededSequence(seed);
        // A part of a day, at the pace of a busy hour: from a tenth of the units on.
        var plan = Some.Plan(s_metrics) with { Unit = RolloutUnit.Call, Stages = [1_000, 5_000, RolloutPlan.Whole], MinTime = TimeSpan.FromHours(8), Salt = $"run {seed}" };
        var book = new GuardBook(plan);
        var (stage, began) = (0, Some.Monday);
        book.BeginStage();
        for (var minute = 1; minute <= 18 * 60; minute++)
        {
            var now = Some.Monday.AddMinutes(minute);
            for (var i = 0; i < 12; i++)
            {
                var unit = $"{minute}:{i}";
                var candidate = RolloutAssignment.ArmOf(RolloutAssignment.Point(plan.Salt, unit), plan.Stages[stage], 0) == RolloutArm.Candidate;
                book.Add(Some.Call(unit, candidate, now) with
                {
                    Checked = true, CheckFailed = chance.Share() < 0.05, Escalated = chance.Share() < 0.04, Failed = chance.Share() < 0.003,
                    CostNanoUsd = 400_000 + (long)(600_000 * chance.Share()), LatencyMicros = 300_000 + (long)(500_000 * chance.Share()),
                });
                book.Add(Some.Verdict(unit, candidate, now, QualitySignal.Judge, chance.Share() < (candidate ? 0.92 - drop : 0.92) ? 1 : 0));
            }
            book.Settle(now);
            var verdict = RolloutLaw.Decide(plan, stage, began, now, book, withIntervals: false);
            if (verdict.Decision == RolloutDecision.RollBack) return (true, stage, verdict.CallsExposed);
            if (verdict.Decision != RolloutDecision.Advance) continue;
            (stage, began) = (stage + 1, now);
            book.BeginStage();
            if (stage == 2) break;
        }
        return (false, stage, book.CallsExposed);
    }
}
