using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Rollouts;

namespace Rung.Core.Tests.Rollouts;

public sealed class RolloutPlanTests
{
    private static readonly RolloutPlan s_plan = Some.Plan(GuardMetric.Judge, GuardMetric.CostPerCall);

    [Fact]
    public void A_usual_plan_has_no_problem() => Assert.Empty(RolloutPlanRules.Check(s_plan, new HashSet<string> { "classify" }));

    public static TheoryData<string, string> Problems => new()
    {
        { "tags", "The policy has no tag classfy. It has classify." },
        { "prefix", "The policy has no tag class. Did you mean classify?" },
        { "order", "The tags are not in order, each once: a comes after classify." },
        { "stages", "There is no stage. The usual ones are 1,10,50,100." },
        { "falling", "Stage 2 (10 %) is not above stage 1 (50 %). Shares only rise." },
        { "last", "The last stage is 50 %; it is 100 %. What is to stay on the current policy is the holdback." },
        { "room", "Stage 3 (99 %) and a holdback of 5 % are more than all calls. Make one of them smaller." },
        { "guards", "There is no guard. A rollout without one cannot be rolled back by itself; known are judge, verifier, feedback, override, check_failure, escalation, error, p95_latency, p95_first_byte, cost_per_call, cost_per_session." },
        { "twice", "The guard judge is named twice. Name it once." },
        { "margin", "The margin of judge is 1.5; it lies above 0 and below 1, such as 0.03." },
        { "cap", "The guard cost_per_call needs the cost in USD at which a dearer one counts, about 5 times the mean: cost_per_call=0.1@0.02." },
        { "session", "cost_per_session cannot be compared where each call is assigned by itself: a session is then on both sides. Use --unit session, or cost_per_call." },
        { "alpha", "Alpha is 0.5; it is a probability above 0 and below 0.5, such as 0.05." },
        { "sample", "The least sample is 0; it is at least 1." },
        { "salt", "There is no salt. Give the rollout one of its own, so that its assignment is independent of every other's." },
        { "few", "The shadow ends after 10 judgements; fewer than 30 cannot say which policy the judge prefers." },
        { "shadow", "The shadow has no budget. Say what its copies may cost." },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void A_problem_is_named_with_its_fix(string broken, string problem) => Assert.Equal([problem], RolloutPlanRules.Check(broken switch
    {
        "tags" => s_plan with { Tags = ["classfy"] },
        "prefix" => s_plan with { Tags = ["class"] },
        "order" => s_plan with { Tags = ["classify", "a"] },
        "stages" => s_plan with { Stages = [] },
        "falling" => s_plan with { Stages = [5_000, 1_000, RolloutPlan.Whole] },
        "last" => s_plan with { Stages = [100, 5_000] },
        "room" => s_plan with { Stages = [100, 1_000, 9_900, RolloutPlan.Whole], Holdback = 500 },
        "guards" => s_plan with { Guards = [] },
        "twice" => s_plan with { Guards = [s_plan.Guards[0], s_plan.Guards[0]] },
        "margin" => s_plan with { Guards = [new Guard(GuardMetric.Judge, 1.5)] },
        "cap" => s_plan with { Guards = [new Guard(GuardMetric.CostPerCall, 0.1)] },
        "session" => s_plan with { Guards = [new Guard(GuardMetric.CostPerSession, 0.1) { CapNanoUsd = 1 }], Unit = RolloutUnit.Call },
        "alpha" => s_plan with { Alpha = 0.5 },
        "sample" => s_plan with { MinSample = 0 },
        "salt" => s_plan with { Salt = "" },
        "few" => s_plan with { Shadow = new ShadowTerms(0.1, 1_000_000_000, 10) },
        _ => s_plan with { Shadow = new ShadowTerms(0.1, 0, 100) },
    }, new HashSet<string> { "a", "classify" }).Select(problem => problem.Replace("It has a, classify.", "It has classify.", StringComparison.Ordinal)));

    [Fact]
    public void Guards_that_are_written_are_read_again() => Prop.ForAll(Guards().ToArbitrary(), guards =>
        GuardWords.TryParse(GuardWords.Format(guards), out var read, out _) && read.SequenceEqual(guards)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_guard_alone_has_the_default_margin()
    {
        Assert.True(GuardWords.TryParse("judge, p95_latency=0.2, cost_per_call=0.1@0.02", out var guards, out _));
        Assert.True(guards.SequenceEqual([new Guard(GuardMetric.Judge, 0.03), new Guard(GuardMetric.LatencyP95, 0.2), new Guard(GuardMetric.CostPerCall, 0.1) { CapNanoUsd = 20_000_000 }]));
    }

    [Theory]
    [InlineData("", "No guard is named. Known are judge,")]
    [InlineData("quality=0.1", "\"quality\" is no guard. Known are judge,")]
    [InlineData("judge=much", "\"judge=much\": the margin is a number above 0, as in judge=0.03.")]
    [InlineData("judge=-1", "\"judge=-1\": the margin is a number above 0, as in judge=0.03.")]
    [InlineData("judge=NaN", "\"judge=NaN\": the margin is a number above 0, as in judge=0.03.")]
    [InlineData("judge=0.1,judge=0.2", "The guard judge is named twice. Name it once.")]
    [InlineData("judge=0.1@5", "\"judge=0.1@5\": what follows the @ is the cost in USD")]
    [InlineData("cost_per_call=0.1@free", "\"cost_per_call=0.1@free\": what follows the @ is the cost in USD")]
    public void What_is_no_guard_is_refused_with_what_to_write(string text, string problem)
    {
        Assert.False(GuardWords.TryParse(text, out _, out var said));
        Assert.StartsWith(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_is_written_is_read_again() => Prop.ForAll(Guards().ToArbitrary(), Gen.Choose(1, 100_000).ToArbitrary(), (guards, number) =>
    {
        var plan = new RolloutPlan
        {
            Tags = ["a", "b-ü"], Stages = [number % 9_000, RolloutPlan.Whole], MinTime = TimeSpan.FromMinutes(number), MinSample = number, Unit = (RolloutUnit)((number % 4) + 1), Salt = $"s\"{number}",
            Holdback = number % 500, Guards = [.. guards], Alpha = 1.0 / (number + 2), VerdictLag = TimeSpan.FromSeconds(number), Shadow = number % 2 == 0 ? null : new ShadowTerms(0.25, number, 7),
        };
        var text = RolloutPlanJson.Write(plan);
        var read = RolloutPlanJson.Read(text);
        // Records with collections compare these by reference: the text of both is compared, and each member once.
        return RolloutPlanJson.Write(read) == text && read.Tags.SequenceEqual(plan.Tags) && read.Stages.SequenceEqual(plan.Stages) && read.Guards.SequenceEqual(plan.Guards)
            && read with { Tags = [], Stages = [], Guards = [] } == plan with { Tags = [], Stages = [], Guards = [] };
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"salt\":\"s\",\"unit\":\"house\"}")]
    [InlineData("{\"salt\":\"s\",\"unit\":\"user\",\"guards\":[{\"metric\":\"mood\",\"margin\":1}]}")]
    [InlineData("[]")]
    public void What_is_no_plan_is_refused(string json) => Assert.Throws<JsonException>(() => RolloutPlanJson.Read(json));

    [Fact]
    public void A_verdict_is_recorded_with_its_numbers()
    {
        var book = new GuardBook(s_plan with { Unit = RolloutUnit.Call });
        Some.Judge(book, candidate: true, 3, 0, Some.Monday);
        Some.Judge(book, candidate: false, 3, 0, Some.Monday);
        var verdict = RolloutLaw.Decide(s_plan, 0, Some.Monday, Some.Monday.AddHours(1), book);
        using var json = JsonDocument.Parse(RolloutPlanJson.Write(verdict));
        var root = json.RootElement;
        Assert.Equal("hold", root.GetProperty("decision").GetString());
        Assert.Equal(verdict.Why, root.GetProperty("why").GetString());
        var judge = root.GetProperty("guards")[0];
        Assert.Equal(("judge", "open", 3), (judge.GetProperty("guard").GetString(), judge.GetProperty("state").GetString(), judge.GetProperty("candidate_count").GetInt32()));
        Assert.Equal(0.15, judge.GetProperty("stage_margin").GetDouble(), 12);
        Assert.Equal(verdict.Guards[0].Words, judge.GetProperty("words").GetString());
    }

    [Fact]
    public void Default_guards_are_those_that_have_data_and_costs_get_a_cap()
    {
        var guards = GuardDefaults.For(metric => metric is GuardMetric.Error or GuardMetric.CostPerCall or GuardMetric.CostPerSession, 400_000.5, null);
        Assert.True(guards.SequenceEqual([new Guard(GuardMetric.Error, 0.01), new Guard(GuardMetric.CostPerCall, 0.1) { CapNanoUsd = 2_000_003 }]));
    }

    private static Gen<Guard[]> Guards() => Gen.SubListOf<GuardMetric>([.. GuardDefaults.All]).Where(metrics => metrics.Count > 0).SelectMany(metrics =>
        Gen.Choose(1, 999).Select(thousandths => metrics.Select(metric => new Guard(metric, thousandths / 1000.0) { CapNanoUsd = GuardDefaults.IsCost(metric) ? thousandths * 1_234_567L : null }).ToArray()));
}
