using System.Text.Json;
using Rung.Control.Laboratory;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Rollouts;

namespace Rung.Control.Tests.Laboratory;

public sealed class LaboratoryTests
{
    private static readonly LabTerms s_terms = new() { Runs = 8, Seed = 5, Days = 4, CallsPerDay = 6_000, Threads = 2 };

    [Fact]
    public void An_equal_candidate_is_rarely_rolled_back_and_never_by_much_of_the_traffic()
    {
        var rollout = Play("equal", s_terms, "judge=0.06,check_failure=0.04,error=0.02").Rollout!;

        Assert.InRange(rollout.RolledBack.Runs, 0, 2);
        Assert.Equal(s_terms.Runs, rollout.RolledBack.Runs + rollout.Held.Runs + rollout.Completed.Runs);
        Assert.True(rollout.Completed.Runs > 0);
        Assert.True(rollout.DaysToWhole!.Median >= 3); // The least time.
    }

    [Fact]
    public void A_candidate_that_is_ten_points_worse_is_rolled_back_at_an_early_stage()
    {
        var rollout = Play("worse:0.10", s_terms).Rollout!;

        Assert.Equal(s_terms.Runs, rollout.RolledBack.Runs);
        Assert.Equal(s_terms.Runs, rollout.Stages[0].Rollbacks.Runs + rollout.Stages[1].Rollbacks.Runs);
        Assert.Equal(s_terms.Runs, rollout.BrokenGuards["judge"]);
        Assert.InRange(rollout.CallsExposed!.Median, 20, 2_000);
    }

    [Theory]
    [InlineData("slower:1.5", "p95_latency")]
    [InlineData("checks:5", "check_failure")]
    [InlineData("errors:0.1", "error")]
    [InlineData("dearer:2", "cost_per_call")]
    public void The_guard_that_sees_the_harm_rolls_it_back(string scenario, string guard)
    {
        var rollout = Play(scenario, s_terms with { Runs = 6 }, $"{guard}").Rollout!;

        Assert.Equal(6, rollout.RolledBack.Runs);
        Assert.Equal(6, rollout.BrokenGuards[guard]);
    }

    [Fact]
    public void What_hits_both_arms_alike_rolls_nothing_back()
    {
        Assert.InRange(Play("shift", s_terms).Rollout!.RolledBack.Runs, 0, 2);
        Assert.InRange(Play("outage:3h", s_terms).Rollout!.RolledBack.Runs, 0, 2);
    }

    [Theory]
    [InlineData("worse:0.05", 2)]
    [InlineData("drop:0.1@2d", 14)]
    public void The_same_seed_gives_the_same_result_on_any_number_of_threads(string scenario, int days)
    {
        var terms = s_terms with { Runs = 4, Days = days, CallsPerDay = 2_000 };

        var one = JsonSerializer.Serialize(Play(scenario, terms with { Threads = 1 }));
        var again = JsonSerializer.Serialize(Play(scenario, terms with { Threads = 2 }));
        var other = JsonSerializer.Serialize(Play(scenario, terms with { Threads = 2, Seed = 6 }));

        Assert.Equal(one, again);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Noise_demotes_nothing()
    {
        var control = Play("noise", s_terms with { Runs = 4, Days = 20, CallsPerDay = 1_000 }).Control!;

        Assert.Equal(0, control.Demoted.Runs);
        Assert.Equal(0, control.FalselyDemoted.Runs);
        Assert.Null(control.Detected);
    }

    [Fact]
    public void A_drop_is_noticed_demoted_and_taken_back_by_a_rollout()
    {
        var control = Play("drop:0.10@4d", s_terms with { Runs = 3, Days = 18, CallsPerDay = 4_000 }).Control!;

        Assert.Equal(3, control.Demoted.Runs);
        Assert.Equal(0, control.FalselyDemoted.Runs);
        Assert.Equal(3, control.Detected!.Runs);
        Assert.InRange(control.HoursToDetection!.P95, 0.1, 96);
        Assert.InRange(control.Returned!.Runs, 1, 3);
    }

    [Theory]
    [InlineData("price:2@3d")]
    [InlineData("drift:0.02>0.10@3d")]
    public void A_price_and_a_drift_are_noticed_and_demote_nothing(string scenario)
    {
        var control = Play(scenario, s_terms with { Runs = 4, Days = 10, CallsPerDay = 3_000 }).Control!;

        Assert.Equal(0, control.Demoted.Runs);
        Assert.Equal(4, control.Detected!.Runs);
        Assert.True(control.CallsToDetection!.Median > 0);
    }

    [Fact]
    public void Recorded_scores_stand_in_for_simulated_quality()
    {
        double[] good = [1, 1, 1, 0.9, 1], bad = [0, 1, 0, 0.2, 1];
        var laboratory = new Simulator(s_terms with { Runs = 4 }, Small(false), Small(true), null, Plan("judge")) { Recorded = new RecordedScores(good, bad, "made up") };

        var rollout = laboratory.Run(LabScenario.Parse("recorded"), () => { }, CancellationToken.None).Rollout!;

        Assert.Equal(4, rollout.RolledBack.Runs);
    }

    [Fact]
    public void A_scenario_without_what_it_needs_is_refused()
    {
        var laboratory = new Simulator(s_terms, Small(false), Small(true), null, Plan(null));

        Assert.Throws<InvalidOperationException>(() => laboratory.Run(LabScenario.Parse("recorded"), () => { }, CancellationToken.None));
        Assert.Throws<ArgumentException>(() => new Simulator(s_terms, Small(false), Small(true), "no-such-tag", Plan(null)));
        Assert.Throws<ArgumentException>(() => new Simulator(s_terms with { Runs = 0 }, Small(false), Small(true), null, Plan(null)));
    }

    private static LabReport Play(string scenario, LabTerms terms, string? guards = null) =>
        new Simulator(terms, Small(false), Small(true), null, Plan(guards)).Run(LabScenario.Parse(scenario), () => { }, CancellationToken.None);

    private static RolloutPlan Plan(string? words)
    {
        var plan = new RolloutPlan { Salt = "", MinTime = TimeSpan.FromDays(3), Stages = [1_000, 5_000, RolloutPlan.Whole] }; // Too few calls for a stage of one percent.
        if (words is null) return plan;
        Assert.True(GuardWords.TryParse(words, out var guards, out var problem), problem);
        return plan with { Guards = guards };
    }

    private static LabPolicy Small(bool isCandidate) => new("small", LabPolicy.SmallText(isCandidate), text =>
    {
        var compilation = PolicyCompiler.Compile(new PolicySource("small.yaml", text, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22));
        Assert.Empty(compilation.Faults);
        return compilation.Snapshot;
    });
}
