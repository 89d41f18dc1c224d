using Rung.Core.Alerts;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Rollouts;
using Rung.Core.Steering;

namespace Rung.Core.Tests.Steering;

/// <summary>What a tag's watches see, and what they say.</summary>
public sealed class TagWatchTests
{
    private static readonly DateTimeOffset Start = SteeringCase.Start;

    [Fact]
    public void A_drop_of_quality_is_told_with_its_numbers_its_revision_and_what_was_done()
    {
        var watch = SteeringCase.Watch();
        var random = new Random(1);
        Judge(watch, random, from: 0, count: 2_000, good: 0.985);
        Assert.False(watch.IsFloorBroken);
        Assert.Equal(WatchState.Met, watch.Floor!.State);

        var at = Judge(watch, random, from: 2_000, count: 1_500, good: 0.93);

        var reading = watch.Floor!;
        Assert.Equal(WatchState.Broken, reading.State);
        Assert.InRange(reading.SinceAt!.Value, Start.AddMinutes(1_700), Start.AddMinutes(2_300));
        var action = Assert.Single(SteeringLaw.Decide(watch.Policy, [new TagStanding(watch.Tag, watch.Route, reading, null)], [], null, at));
        Assert.Equal((SteeringStep.Demote, "small", "mid"), (action.Step, action.From, action.To));
        Assert.Matches("^quality dropped on tier small of classify-intent: 0\\.9\\d\\d ± 0\\.0\\d\\d, floor 0\\.97, since Wednesday \\d\\d:\\d\\d UTC \\(revision 14\\); demoted to mid$", action.Summary);
    }

    [Fact]
    public void After_a_demotion_the_new_tier_is_watched_anew_and_the_alert_says_what_was_done_until_the_route_changes()
    {
        var watch = SteeringCase.Watch();
        var at = Judge(watch, new Random(2), from: 0, count: 1_500, good: 0.9);
        var action = SteeringLaw.Decide(watch.Policy, [new TagStanding(watch.Tag, watch.Route, watch.Floor, null)], [], null, at)[0];

        var demoted = SteeringCase.Policy(SteeringCase.Text.Replace("tier: small #", "tier: mid #", StringComparison.Ordinal), revision: 15);
        watch.Decided(action, at);
        watch.PolicyChanged(demoted.Tags["classify-intent"], demoted);

        Assert.False(watch.IsFloorBroken);
        var told = Assert.Single(watch.Conditions(at));
        Assert.Equal((AlertKind.Demotion, "demotion:classify-intent"), (told.Kind, told.Key));
        Assert.EndsWith("floor 0.97, since revision 14 on Tuesday; demoted to mid", told.Summary, StringComparison.Ordinal);

        // Late verdicts on answers of the old tier say nothing about the new one.
        for (var i = 0; i < 200; i++) watch.Add(SteeringCase.Verdict(i, at, 0));
        Assert.Equal(0, watch.Floor!.Items);

        watch.Decided(null, at);
        Assert.Single(watch.Conditions(at));
        watch.PolicyChanged(SteeringCase.Policy(revision: 16).Tags["classify-intent"], SteeringCase.Policy(revision: 16));
        Assert.Empty(watch.Conditions(at));
    }

    [Fact]
    public void Answers_of_a_candidate_do_not_count_until_it_is_the_policy()
    {
        var watch = SteeringCase.Watch();
        for (var i = 0; i < 100; i++)
        {
            watch.Add(SteeringCase.Verdict(i, Start, 0, revision: 20) with { Arm = ArmName.Of(7, RolloutArm.Candidate) });
            watch.Add(SteeringCase.Verdict(i, Start, 1) with { Arm = ArmName.Of(7, RolloutArm.Current) });
            watch.Add(SteeringCase.Verdict(i, Start, 1) with { Arm = ArmName.Of(7, RolloutArm.Holdback) });
        }
        Assert.Equal((200, 1.0), (watch.Floor!.Items, watch.Floor.Estimate!.Value.Estimate));

        // Completed: revision 21 says what the candidate said; the holdback goes on with revision 14.
        var completed = SteeringCase.Policy(SteeringCase.Text.Replace("checks: [json]", "checks: [json, { length: { max: 9 } }]", StringComparison.Ordinal), revision: 21);
        watch.PolicyChanged(completed.Tags["classify-intent"], completed);
        for (var i = 0; i < 100; i++)
        {
            watch.Add(SteeringCase.Verdict(i, Start, 1, revision: 21) with { Arm = ArmName.Of(7, RolloutArm.Candidate) });
            watch.Add(SteeringCase.Verdict(i, Start, 0) with { Arm = ArmName.Of(7, RolloutArm.Holdback) });
        }
        Assert.Equal((100, 1.0), (watch.Floor!.Items, watch.Floor.Estimate!.Value.Estimate));
    }

    [Fact]
    public void An_edit_that_changes_nothing_of_the_route_forgets_nothing()
    {
        var watch = SteeringCase.Watch();
        Judge(watch, new Random(3), 0, 500, 0.99);
        var same = SteeringCase.Policy(SteeringCase.Text.Replace("Six labels.", "The six labels.", StringComparison.Ordinal), revision: 15);

        watch.PolicyChanged(same.Tags["classify-intent"], same);

        Assert.Equal(500, watch.Floor!.Items);
    }

    [Fact]
    public void Without_a_ceiling_the_quality_alert_is_not_armed_but_a_demotion_is_told()
    {
        var watch = SteeringCase.Watch(text: SteeringCase.Text.Replace("    ceiling: { usd_per_call: 0.0004 }\n", "", StringComparison.Ordinal));
        var at = Judge(watch, new Random(4), 0, 1_500, 0.9);

        Assert.True(watch.IsFloorBroken);
        Assert.Empty(watch.Conditions(at));
        Assert.False(watch.Arming.IsArmed);
        Assert.Contains("no ceiling", watch.Arming.Why, StringComparison.Ordinal);

        var frozen = new SteeringFreeze("ana", "quarter end", null);
        watch.Decided(SteeringLaw.Decide(watch.Policy, [new TagStanding(watch.Tag, watch.Route, watch.Floor, null)], [], frozen, at)[0], at);
        Assert.Contains("not demoted to mid: frozen by ana (quarter end)", Assert.Single(watch.Conditions(at)).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Checks_that_fail_more_often_are_told_with_the_outage_or_the_version_behind_it()
    {
        var watch = SteeringCase.Watch();
        var random = new Random(5);
        for (var i = 0; i < 3_000; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i)) with { CheckFailed = random.NextDouble() < 0.02 });
        for (var i = 3_000; i < 5_000; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i)) with { CheckFailed = random.NextDouble() < 0.08, UpstreamModel = "a-2" });
        var now = Start.AddMinutes(5_000);
        watch.Step(now);

        var conditions = watch.Conditions(now).ToList();

        var drift = Assert.Single(conditions, condition => condition.Kind == AlertKind.CheckFailureDrift);
        Assert.Contains("rose from 2.", drift.Summary, StringComparison.Ordinal);
        Assert.Contains("reports a-2 instead of a-1", drift.Cause, StringComparison.Ordinal);
        Assert.InRange(drift.Since, Start.AddMinutes(2_500), Start.AddMinutes(3_500));
        Assert.Equal("version:a", Assert.Single(conditions, condition => condition.Kind == AlertKind.UpstreamVersion).Key);
    }

    [Fact]
    public void A_price_rise_breaks_the_ceiling_and_nothing_is_cut()
    {
        var watch = SteeringCase.Watch();
        for (var i = 0; i < 1_000; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i)));
        Assert.False(watch.Ceiling!.State == WatchState.Broken);
        for (var i = 1_000; i < 3_000; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i)) with { CostNanoUsd = 600_000 });
        var now = Start.AddMinutes(3_000);
        watch.Step(now);

        var alert = Assert.Single(watch.Conditions(now));
        Assert.Equal(AlertKind.CostCeiling, alert.Kind);
        Assert.Contains("cost of classify-intent: $0.000600 a call, ceiling $0.000400, since Wednesday 00:", alert.Summary, StringComparison.Ordinal);
        Assert.Contains("a price", alert.Cause, StringComparison.Ordinal);
        Assert.Empty(SteeringLaw.Decide(watch.Policy, [new TagStanding(watch.Tag, watch.Route, watch.Floor, null)], [], null, now));
    }

    private static DateTimeOffset Judge(TagWatch watch, Random random, int from, int count, double good)
    {
        for (var i = from; i < from + count; i++) watch.Add(SteeringCase.Verdict(i, Start.AddMinutes(i), random.NextDouble() < good ? 1 : 0));
        var now = Start.AddMinutes(from + count);
        watch.Step(now);
        return now;
    }
}
