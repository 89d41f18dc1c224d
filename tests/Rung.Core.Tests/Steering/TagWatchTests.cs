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
        Assert.Matches("^quality dropped on tier small of classify-intent: 0\\.9\\d\\d ± 0\\.0\\d\\d, floor 0\\.97, since 2026-11-18 \\d\\d:\\d\\d UTC \\(revision 14\\); demoted to mid$", action.Summary);
    }

    [Fact]
    public void After_a_demotion_the_new_tier_is_watched_anew_and_the_alert_says_what_was_done_until_the_route_changes()
    {
        var watch = SteeringCase.Watch();
        var at = Judge(watch, new Random(2), from: 0, count: 1_500, good: 0.9);
        var action = SteeringLaw.Decide(watch.Policy, [new TagStanding(watch.Tag, watch.Route, watch.Floor, null)], [], null, at)[0];

        var demoted = SteeringCase.Policy(SteeringCase.Text.Replace("tier: small #", "tier: mid #", StringComparison.Ordinal), revision: 15);
        watch.Decided(action, at);
        watch.PolicyChanged(demoted.Tags["classify-intent"], demoted, at);

        Assert.False(watch.IsFloorBroken);
        var told = Assert.Single(watch.Conditions());
        Assert.Equal((AlertKind.Demotion, "demotion:classify-intent"), (told.Kind, told.Key));
        Assert.Matches(@"floor 0\.97, since revision 14 at 2026-11-17 \d\d:\d\d UTC; demoted to mid$", told.Summary);

        // Late verdicts on answers of the old tier say nothing about the new one.
        for (var i = 0; i < 200; i++) watch.Add(SteeringCase.Verdict(i, at, 0));
        Assert.Equal(0, watch.Floor!.Items);

        watch.Decided(null, at);
        Assert.Single(watch.Conditions());
        watch.PolicyChanged(SteeringCase.Policy(revision: 16).Tags["classify-intent"], SteeringCase.Policy(revision: 16), at);
        Assert.Empty(watch.Conditions());
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
        watch.PolicyChanged(completed.Tags["classify-intent"], completed, Start);
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

        watch.PolicyChanged(same.Tags["classify-intent"], same, Start);

        Assert.Equal(500, watch.Floor!.Items);
    }

    [Fact]
    public void Without_a_ceiling_the_quality_alert_is_not_armed_but_a_demotion_is_told()
    {
        var watch = SteeringCase.Watch(text: SteeringCase.Text.Replace("    ceiling: { usd_per_call: 0.0004 }\n", "", StringComparison.Ordinal));
        var at = Judge(watch, new Random(4), 0, 1_500, 0.9);

        Assert.True(watch.IsFloorBroken);
        Assert.Empty(watch.Conditions());
        Assert.False(watch.Arming.IsArmed);
        Assert.Contains("no ceiling", watch.Arming.Why, StringComparison.Ordinal);

        var frozen = new SteeringFreeze("ana", "quarter end", null);
        watch.Decided(SteeringLaw.Decide(watch.Policy, [new TagStanding(watch.Tag, watch.Route, watch.Floor, null)], [], frozen, at)[0], at);
        Assert.Contains("not demoted to mid: frozen by ana (quarter end)", Assert.Single(watch.Conditions()).Summary, StringComparison.Ordinal);
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

        var conditions = watch.Conditions().ToList();

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

        var alert = Assert.Single(watch.Conditions());
        Assert.Equal(AlertKind.CostCeiling, alert.Kind);
        Assert.Contains("cost of classify-intent: $0.000600 a call, ceiling $0.000400, since 2026-11-18 00:", alert.Summary, StringComparison.Ordinal);
        Assert.Contains("a price", alert.Cause, StringComparison.Ordinal);
        Assert.Empty(SteeringLaw.Decide(watch.Policy, [new TagStanding(watch.Tag, watch.Route, watch.Floor, null)], [], null, now));
    }

    [Fact]
    public void A_revision_that_raises_the_price_of_a_model_on_the_route_is_the_cause_and_not_an_older_one_that_changed_the_route()
    {
        var watch = SteeringCase.Watch();
        for (var i = 0; i < 900; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i)));
        Change(watch, Checked, revision: 15, Start.AddMinutes(900));
        for (var i = 900; i < 1_000; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i), revision: 15));
        Change(watch, Checked.Replace(PriceOfA, "price: { input: 2, output: 4 }", StringComparison.Ordinal), revision: 16, Start.AddMinutes(1_000));

        var told = Assert.Single(Dearer(watch, revision: 16));

        Assert.Contains("since revision 16 at 2026-11-18 00:40 UTC", told.Summary, StringComparison.Ordinal);
        Assert.Equal("revision 16, which changed the price of a (input 1.00 → 2.00 $/M, output 2.00 → 4.00 $/M), came into force at 2026-11-18 00:40 UTC", told.Cause);
        Assert.Equal("rung policy diff 15 16", told.Next);
    }

    [Fact]
    public void A_price_that_the_route_does_not_pay_yet_or_never_pays_is_no_cause()
    {
        var watch = SteeringCase.Watch();
        for (var i = 0; i < 1_000; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i)));
        var elsewhere = SteeringCase.Text.Replace("price: { input: 9, output: 18 }", "price: { input: 90, output: 180 }", StringComparison.Ordinal);
        Change(watch, elsewhere, revision: 15, Start.AddMinutes(1_000));

        var told = Assert.Single(Dearer(watch, revision: 15));

        Assert.StartsWith("neither the policy nor the upstream's version changed then", told.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_price_is_no_cause_of_checks_that_fail_but_the_route_before_it_is_although_no_call_came_between_the_two()
    {
        var watch = SteeringCase.Watch();
        var random = new Random(6);
        for (var i = 0; i < 3_000; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i)) with { CheckFailed = random.NextDouble() < 0.02 });
        var capped = SteeringCase.Text.Replace("tier: small # cheap", "tier: small\n    max_tokens: 8", StringComparison.Ordinal);
        Change(watch, capped, revision: 15, Start.AddMinutes(3_000));
        Change(watch, capped.Replace(PriceOfA, "price: { input: 2, output: 4 }", StringComparison.Ordinal), revision: 16, Start.AddMinutes(3_000));
        for (var i = 3_000; i < 5_000; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i), revision: 16) with { CheckFailed = random.NextDouble() < 0.3 });
        watch.Step(Start.AddMinutes(5_000));

        var drift = Assert.Single(watch.Conditions(), condition => condition.Kind == AlertKind.CheckFailureDrift);

        Assert.Equal("revision 15, which changed this route, came into force at 2026-11-19 10:00 UTC", drift.Cause);
        Assert.Equal("rung policy diff 14 15", drift.Next);
    }

    private const string PriceOfA = "price: { input: 1, output: 2 }";

    private static readonly string Checked = SteeringCase.Text.Replace("checks: [json]", "checks: [json, { length: { max: 9 } }]", StringComparison.Ordinal);

    private static void Change(TagWatch watch, string text, long revision, DateTimeOffset at)
    {
        var policy = SteeringCase.Policy(text, revision);
        watch.PolicyChanged(policy.Tags[watch.Tag], policy, at);
    }

    private static List<AlertCondition> Dearer(TagWatch watch, long revision)
    {
        for (var i = 1_000; i < 3_000; i++) watch.Add(SteeringCase.Call(i, Start.AddMinutes(i), revision) with { CostNanoUsd = 600_000 });
        watch.Step(Start.AddMinutes(3_000));
        return [.. watch.Conditions()];
    }

    private static DateTimeOffset Judge(TagWatch watch, Random random, int from, int count, double good)
    {
        for (var i = from; i < from + count; i++) watch.Add(SteeringCase.Verdict(i, Start.AddMinutes(i), random.NextDouble() < good ? 1 : 0));
        var now = Start.AddMinutes(from + count);
        watch.Step(now);
        return now;
    }
}
