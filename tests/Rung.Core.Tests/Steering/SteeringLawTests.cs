using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Policies;
using Rung.Core.Steering;

namespace Rung.Core.Tests.Steering;

/// <summary>What may be done about a broken floor, and what never.</summary>
public sealed class SteeringLawTests
{
    private static readonly DateTimeOffset Now = SteeringCase.Start.AddHours(6);
    private static readonly PolicySnapshot Policy = SteeringCase.Policy();

    [Theory]
    [InlineData(25, SteeringStep.Demote, "demoted to mid")]
    [InlineData(23, SteeringStep.Propose, "cools down until")]
    public void A_tag_that_was_demoted_cools_down_for_a_day(int hours, SteeringStep step, string words)
    {
        var action = Decide(Broken("classify-intent"), past: [new PastDemotion("classify-intent", Now.AddHours(-hours))]);

        Assert.Equal(step, action.Step);
        Assert.Contains(words, action.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void More_demotions_than_the_limit_of_the_day_are_only_told()
    {
        var past = Enumerable.Range(0, 3).Select(i => new PastDemotion($"other-{i}", Now.AddHours(-1))).ToList();

        Assert.Equal(SteeringStep.Propose, Decide(Broken("classify-intent"), past).Step);
        Assert.Equal(SteeringStep.Demote, Decide(Broken("classify-intent"), past[1..]).Step);
    }

    [Fact]
    public void Where_only_one_demotion_is_left_the_stronger_evidence_has_it()
    {
        var text = SteeringCase.Text.Replace("default:", "  third: { tier: small, owner: o, why: w, floor: { verdict: check, at_least: 0.9 } }\ndefault:", StringComparison.Ordinal);
        var policy = SteeringCase.Policy(text);
        var past = Enumerable.Range(0, 2).Select(i => new PastDemotion($"other-{i}", Now.AddHours(-1))).ToList();
        TagStanding[] tags = [Broken("classify-intent", policy, 15), Broken("summarize", policy, 40), Broken("third", policy, 20)];

        var actions = SteeringLaw.Decide(policy, tags, past, null, Now);

        Assert.Equal(["summarize", "third", "classify-intent"], actions.Select(action => action.Tag));
        Assert.Equal([SteeringStep.Demote, SteeringStep.Propose, SteeringStep.Propose], actions.Select(action => action.Step));
        Assert.Equal("large", actions[0].To);
    }

    [Fact]
    public void A_freeze_stops_every_demotion_until_it_ends()
    {
        Assert.Equal(SteeringStep.Propose, Decide(Broken("classify-intent"), freeze: new SteeringFreeze("ana", "a launch", Now.AddMinutes(1))).Step);
        Assert.Equal(SteeringStep.Demote, Decide(Broken("classify-intent"), freeze: new SteeringFreeze("ana", "a launch", Now)).Step);
    }

    [Theory]
    [InlineData(SteeringMode.Propose, "proposed: demote it to mid")]
    [InlineData(SteeringMode.Off, null)]
    public void The_policy_says_what_may_be_done(SteeringMode mode, string? words)
    {
        var policy = With(new ControlTerms { Steering = mode });

        var actions = SteeringLaw.Decide(policy, [Broken("classify-intent", policy)], [], null, Now);

        if (words is null) Assert.Empty(actions);
        else Assert.Contains(words, Assert.Single(actions).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_top_of_the_ladder_a_person_must_look()
    {
        var policy = SteeringCase.Policy(SteeringCase.Text.Replace("tier: small #", "tier: large #", StringComparison.Ordinal).Replace("escalate: { to: mid, on: [check_failed] }", "escalate: none", StringComparison.Ordinal));

        var action = SteeringLaw.Decide(policy, [Broken("classify-intent", policy)], [], null, Now)[0];

        Assert.Equal((SteeringStep.Tell, null), (action.Step, action.To));
        Assert.Contains("reference tier already", action.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollout_on_the_tag_is_rolled_back_with_it()
    {
        var action = SteeringLaw.Decide(Policy, [Broken("classify-intent") with { Rollout = 7 }], [], null, Now)[0];

        Assert.Equal((SteeringStep.Demote, 7L), (action.Step, action.RollBack));
        Assert.EndsWith("; demoted to mid; rollout 7, which covers it, is rolled back", action.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_that_other_calls_share_is_not_moved()
    {
        var action = SteeringLaw.Decide(Policy, [new TagStanding("unknown", Policy.Roles["worker"], Reading(20), null)], [], null, Now)[0];

        Assert.Equal(SteeringStep.Tell, action.Step);
    }

    [Fact]
    public void Nothing_is_ever_moved_to_a_weaker_tier_nor_without_a_broken_floor() => Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var policy = With(new ControlTerms { Steering = (SteeringMode)random.Next(3), CoolDown = TimeSpan.FromHours(random.Next(48)), DemotionsPerDay = random.Next(5) });
        var tags = policy.Tags.Values.Select(route => new TagStanding(route.Name, route, random.Next(4) == 0 ? null : Reading(random.Next(40)) with { State = (WatchState)random.Next(3) }, random.Next(2) == 0 ? null : 3)).ToList();
        var past = Enumerable.Range(0, random.Next(5)).Select(_ => new PastDemotion(tags[random.Next(tags.Count)].Tag, Now.AddHours(-random.Next(60)))).ToList();
        var freeze = random.Next(3) == 0 ? new SteeringFreeze("a", "b", random.Next(2) == 0 ? null : Now.AddHours(random.Next(-2, 3))) : null;

        var actions = SteeringLaw.Decide(policy, tags, past, freeze, Now);
        var demoted = actions.Where(action => action.Step == SteeringStep.Demote).ToList();
        return actions.All(action => tags.Single(tag => tag.Tag == action.Tag).Floor is { State: WatchState.Broken })
            && demoted.All(action => IndexOf(policy, action.To!) == IndexOf(policy, action.From) + 1)
            && (demoted.Count == 0 || (policy.Control.Steering == SteeringMode.Act && freeze?.Holds(Now) != true))
            && demoted.Count + past.Count(one => Now - one.At < SteeringLaw.Day) <= Math.Max(policy.Control.DemotionsPerDay, past.Count)
            && demoted.All(action => past.All(one => one.Tag != action.Tag || Now - one.At >= policy.Control.CoolDown));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(true, true, true, "a floor and a ceiling")]
    [InlineData(true, false, false, "no ceiling")]
    [InlineData(false, true, false, "no floor")]
    [InlineData(false, false, false, "neither")]
    public void Alerts_of_cost_and_quality_are_armed_together(bool floor, bool ceiling, bool armed, string words)
    {
        var route = Policy.Tags["classify-intent"];

        var arming = SteeringLaw.Arm(route with { Floor = floor ? route.Floor : null, Ceiling = ceiling ? route.Ceiling : null });

        Assert.Equal(armed, arming.IsArmed);
        Assert.Contains(words, arming.Why, StringComparison.Ordinal);
    }

    private static int IndexOf(PolicySnapshot policy, string tier) => policy.Ladder.First(one => one.Name == tier).Index;

    private static SteeringAction Decide(TagStanding tag, IReadOnlyList<PastDemotion>? past = null, SteeringFreeze? freeze = null) =>
        Assert.Single(SteeringLaw.Decide(Policy, [tag], [.. past ?? []], freeze, Now));

    private static TagStanding Broken(string tag, PolicySnapshot? policy = null, double evidence = 20) => new(tag, (policy ?? Policy).Tags[tag], Reading(evidence), null);

    private static FloorReading Reading(double evidence) =>
        new() { State = WatchState.Broken, Floor = 0.9, Items = 100, Observations = 100, LogEvidence = evidence, SinceAt = Now, Words = "quality dropped" };

    private static PolicySnapshot With(ControlTerms control)
    {
        var policy = SteeringCase.Policy();
        return new PolicySnapshot
        {
            Revision = policy.Revision, Hash = policy.Hash, Ladder = policy.Ladder, Models = policy.Models, Tags = policy.Tags, Roles = policy.Roles, Default = policy.Default,
            Pins = policy.Pins, BaselineModel = policy.BaselineModel, ReferenceTier = policy.ReferenceTier, Limits = policy.Limits, Control = control,
        };
    }
}
