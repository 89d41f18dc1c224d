using Rung.Control.Rollouts;
using Rung.Core.Policies;
using Rung.Core.Rollouts;
using Rung.Storage.Rollouts;

namespace Rung.Control.Tests.Rollouts;

public sealed class RolloutDeskTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Fact]
    public async Task What_is_not_said_is_chosen_from_the_difference_and_from_what_the_calls_were_judged_by()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        for (var hour = 0; hour < 24; hour++)
        {
            await world.TrafficAsync("label", 50);
            world.Clock.Now += TimeSpan.FromHours(1);
        }

        var proposal = await world.Desk.PlanAsync(new RolloutRequest { Candidate = RolloutWorld.Whole(RolloutWorld.Cheaper()), By = "ana" }, s_none);

        Assert.Equal(["label"], proposal.Plan.Tags.ToArray());
        Assert.Equal(RolloutUnit.Session, proposal.Plan.Unit);
        Assert.Equal(
            [GuardMetric.Judge, GuardMetric.Error, GuardMetric.LatencyP95, GuardMetric.CostPerCall, GuardMetric.CostPerSession], proposal.Plan.Guards.Select(guard => guard.Metric));
        Assert.All(proposal.Plan.Guards, guard => Assert.Equal(GuardDefaults.Margin(guard.Metric), guard.Margin));
        Assert.Equal(3_000_000, proposal.Plan.Guards.Single(guard => guard.Metric == GuardMetric.CostPerCall).CapNanoUsd);
        Assert.Equal((1_200, 1_200), (proposal.Traffic.Calls, proposal.Traffic.WithSession));
        Assert.Equal(3, proposal.Forecast.Length);
        Assert.All(proposal.Forecast, stage => Assert.True(stage.Time >= stage.LeastTime));
        Assert.Equal("candidate.yaml: label: large → small", proposal.Why);
        Assert.Empty(await world.Ledger.ListRolloutsAsync(openOnly: false, s_none)); // A plan stores nothing.
        Assert.Single(await world.Ledger.ListRevisionsAsync(s_none));
    }

    [Fact]
    public async Task A_forecast_begins_with_the_stage_that_a_rollout_is_in_and_ends_with_the_rollout()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.TrafficAsync("label", 60);
        var rollout = await world.StartAsync(); // 10, 50 and 100 %.

        Assert.Equal([1_000, 5_000], (await world.Desk.ForecastAsync(rollout, s_none)).Select(stage => stage.Share));
        rollout = await world.Desk.AdvanceAsync(rollout.Id, "ben", "early", s_none);
        Assert.Equal([5_000], (await world.Desk.ForecastAsync(rollout, s_none)).Select(stage => stage.Share));
        rollout = await world.Desk.RollBackAsync(rollout.Id, "ben", "not today", s_none);
        Assert.Empty(await world.Desk.ForecastAsync(rollout, s_none));
    }

    [Fact]
    public async Task Without_anything_that_judges_answers_it_is_refused_unless_guards_are_named()
    {
        await using var world = new RolloutWorld { IsJudged = false };
        await world.PublishAsync();
        await world.TrafficAsync("label", 60);
        var request = new RolloutRequest { Candidate = RolloutWorld.Whole(RolloutWorld.Cheaper()), By = "ana" };

        var refused = await Assert.ThrowsAsync<RolloutException>(() => world.Desk.PlanAsync(request, s_none));
        var named = await world.Desk.PlanAsync(request with { Guards = [new Guard(GuardMetric.Error, 0.01), new Guard(GuardMetric.CostPerCall, 0.1)] }, s_none);

        Assert.Contains("Nothing judges the answers of label", refused.Problem, StringComparison.Ordinal);
        Assert.Contains("--guards", refused.Fix, StringComparison.Ordinal);
        Assert.Equal(3_000_000, named.Plan.Guards[1].CapNanoUsd);
        Assert.Contains(named.Notes, note => note.Contains("a loss of quality will not be seen", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_unit_that_most_calls_do_not_carry_is_refused_with_a_better_one()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.TrafficAsync("label", 60);

        var refused = await Assert.ThrowsAsync<RolloutException>(() => world.Desk.PlanAsync(RolloutWorld.Quick(RolloutWorld.Cheaper()) with { Unit = RolloutUnit.User }, s_none));

        Assert.Contains("Only 0 % of 60 calls carry a user", refused.Problem, StringComparison.Ordinal);
        Assert.Contains("--unit session", refused.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other", "also changes label")]
    [InlineData("label,other", "does not change other")]
    [InlineData("lable", "There is no tag lable, neither in candidate.yaml nor in revision 1")]
    public async Task Tags_that_do_not_fit_the_difference_are_refused(string tags, string problem)
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        var refused = await Assert.ThrowsAsync<RolloutException>(() => world.Desk.PlanAsync(RolloutWorld.Quick(RolloutWorld.Cheaper()) with { Tags = [.. tags.Split(',')] }, s_none));
        Assert.Contains(problem, refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_beside_the_tags_is_refused_unless_every_call_takes_part()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        var candidate = RolloutWorld.Cheaper().Replace("id: small", "id: smaller", StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<RolloutException>(() => world.Desk.PlanAsync(RolloutWorld.Quick(candidate), s_none));
        var whole = await world.Desk.PlanAsync(RolloutWorld.Quick(candidate) with { EveryCall = true }, s_none);

        Assert.Contains("model mini", refused.Problem, StringComparison.Ordinal);
        Assert.Empty(whole.Plan.Tags);
        await Assert.ThrowsAsync<RolloutException>(() => world.Desk.PlanAsync(RolloutWorld.Quick(RolloutWorld.Policy), s_none)); // Nothing changes.
        await Assert.ThrowsAsync<RolloutException>(() => world.Desk.PlanAsync(RolloutWorld.Quick(RolloutWorld.Cheaper()) with { Stages = [RolloutPlan.Whole] }, s_none));
    }

    [Fact]
    public async Task Two_rollouts_of_one_tag_are_refused_and_two_of_different_tags_are_not()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.StartAsync();

        var refused = await Assert.ThrowsAsync<RolloutException>(() => world.StartAsync(RolloutWorld.Quick(RolloutWorld.Cheaper().Replace("Three", "Four", StringComparison.Ordinal))));
        var second = await world.StartAsync(RolloutWorld.Quick(RolloutWorld.Cheaper(tag: "other")));

        Assert.Equal(RolloutFault.Conflict, refused.Fault);
        Assert.Contains("Rollout 1 is open on label (started at 10 % of calls)", refused.Problem, StringComparison.Ordinal);
        Assert.Equal(2, second.Id);
    }

    [Fact]
    public async Task Who_moved_it_and_why_is_on_record_and_what_makes_no_sense_is_refused()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        await world.StartAsync();
        await world.Desk.HoldAsync(1, "bo", "lunch", s_none);
        Assert.Equal(RolloutFault.Conflict, (await Assert.ThrowsAsync<RolloutException>(() => world.Desk.HoldAsync(1, "bo", "lunch", s_none))).Fault);
        await world.Desk.ResumeAsync(1, "cy", "after lunch", s_none);
        await Assert.ThrowsAsync<RolloutException>(() => world.Desk.ResumeAsync(1, "cy", "again", s_none));
        await world.Desk.AdvanceAsync(1, "cy", "numbers are fine", s_none);
        await world.Desk.RollBackAsync(1, "ana", "complaints", s_none);

        Assert.Equal(
            ["ana: candidate.yaml: label: large → small", "bo: lunch", "cy: after lunch", "cy: numbers are fine", "ana: complaints"],
            (await world.RolloutAsync()).Events.Select(happened => $"{happened.By}: {happened.Why}"));
        Assert.Contains("has ended: rolled back", (await Assert.ThrowsAsync<RolloutException>(() => world.Desk.AdvanceAsync(1, "cy", "on", s_none))).Problem, StringComparison.Ordinal);
        Assert.Equal(RolloutFault.NotFound, (await Assert.ThrowsAsync<RolloutException>(() => world.Desk.HoldAsync(9, "cy", "?", s_none))).Fault);
    }

    [Fact]
    public async Task A_policy_that_came_into_force_after_the_plan_stops_the_start()
    {
        await using var world = new RolloutWorld();
        await world.PublishAsync();
        var proposal = await world.Desk.PlanAsync(RolloutWorld.Quick(RolloutWorld.Cheaper()), s_none);
        await world.PublishAsync(RolloutWorld.Policy.Replace("Three", "Four", StringComparison.Ordinal), "bo", "meanwhile");

        var refused = await Assert.ThrowsAsync<RolloutException>(() => world.Desk.StartAsync(proposal, s_none));

        Assert.Contains("Revision 2 came into force meanwhile (bo: meanwhile)", refused.Problem, StringComparison.Ordinal);
        Assert.Empty(await world.Ledger.ListRolloutsAsync(openOnly: false, s_none));
    }
}
