using System.Collections.Immutable;
using Rung.Core.Policies;

namespace Rung.Core.Steering;

/// <summary>
/// What is done about floors that are broken: pure, so that the control loop, its tests and the laboratory decide alike. Quality is never cut: a route only ever moves
/// to a stronger tier, and the way back is a rollout.
/// </summary>
public static class SteeringLaw
{
    /// <summary>The time over which <see cref="ControlTerms.DemotionsPerDay"/> counts.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>Decides about every tag whose floor is broken.</summary>
    /// <param name="policy">The policy in force.</param>
    /// <param name="tags">The tags; those whose floor is not broken give no action.</param>
    /// <param name="past">Demotions of at least the last 24 hours and the last cool-down.</param>
    /// <param name="freeze">The freeze; null when there is none.</param>
    /// <param name="now">The time.</param>
    /// <returns>One action a tag, the strongest evidence first: where the day's demotions do not suffice, the worst is helped.</returns>
    public static ImmutableArray<SteeringAction> Decide(PolicySnapshot policy, IEnumerable<TagStanding> tags, IReadOnlyCollection<PastDemotion> past, SteeringFreeze? freeze, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(past);
        if (policy.Control.Steering == SteeringMode.Off) return [];
        var actions = ImmutableArray.CreateBuilder<SteeringAction>();
        var today = past.Count(one => now - one.At < Day);
        foreach (var tag in tags.Where(tag => tag.Floor is { State: WatchState.Broken }).OrderByDescending(tag => tag.Floor!.LogEvidence).ThenBy(tag => tag.Tag, StringComparer.Ordinal))
        {
            var action = Decide(policy, tag, past, today, freeze, now);
            if (action.Step == SteeringStep.Demote) today++;
            actions.Add(action);
        }
        return actions.ToImmutable();
    }

    /// <summary>The tier that a route is moved to when its floor is broken: the next one of the ladder; null when it is on the reference tier, above it, or at the top.</summary>
    public static Tier? NextTier(PolicySnapshot policy, Route route)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(route);
        return route.Tier.Index >= policy.ReferenceTier.Index || route.Tier.Index + 1 >= policy.Ladder.Length ? null : policy.Ladder[route.Tier.Index + 1];
    }

    /// <summary>Whether the alerts of a route are armed: only with a floor and a ceiling.</summary>
    public static Arming Arm(Route route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return (route.Floor, route.Ceiling) switch
        {
            ({ }, { }) => new Arming(true, "it has a floor and a ceiling"),
            ({ }, null) => new Arming(false, "it has a floor but no ceiling: its quality could be bought back at any price; state the ceiling, too"),
            (null, { }) => new Arming(false, "it has a ceiling but no floor: its cost could be cut at the expense of quality unseen; state the floor, too"),
            _ => new Arming(false, "it has neither floor nor ceiling"),
        };
    }

    private static SteeringAction Decide(PolicySnapshot policy, TagStanding tag, IReadOnlyCollection<PastDemotion> past, int today, SteeringFreeze? freeze, DateTimeOffset now)
    {
        var next = NextTier(policy, tag.Route);
        if (next is null)
        {
            var where = tag.Route.Tier.Index == policy.ReferenceTier.Index ? "the reference tier" : "the strongest tier";
            return Of(tag, SteeringStep.Tell, null, $"nothing stronger is left: it is on {where} already");
        }
        if (tag.Route.Kind != RouteKind.Tag || !policy.Tags.ContainsKey(tag.Tag))
            return Of(tag, SteeringStep.Tell, next, $"not moved: the tag has no block of its own in the policy ({tag.Route.Name} serves it, and other calls with it)");
        if (freeze is { } frozen && frozen.Holds(now))
            return Of(tag, SteeringStep.Propose, next, $"not demoted to {next.Name}: frozen by {frozen.By} ({frozen.Why})");
        if (policy.Control.Steering == SteeringMode.Propose)
            return Of(tag, SteeringStep.Propose, next, $"proposed: demote it to {next.Name} (steering: propose)");
        if (past.Where(one => one.Tag == tag.Tag).Select(one => (DateTimeOffset?)one.At).Max() is { } last && now - last < policy.Control.CoolDown)
            return Of(tag, SteeringStep.Propose, next, $"not demoted to {next.Name} yet: it was demoted at {Instants.Words(last)}, and cools down until {Instants.Words(last + policy.Control.CoolDown)}");
        if (today >= policy.Control.DemotionsPerDay)
            return Of(tag, SteeringStep.Propose, next, $"not demoted to {next.Name}: {today} demotions in 24 hours are the limit; something larger may be wrong");
        var rollout = tag.Rollout is { } open ? $"; rollout {open}, which covers it, is rolled back" : "";
        return Of(tag, SteeringStep.Demote, next, $"demoted to {next.Name}{rollout}");
    }

    private static SteeringAction Of(TagStanding tag, SteeringStep step, Tier? to, string outcome) => new()
    {
        Tag = tag.Tag, Step = step, From = tag.Route.Tier.Name, To = to?.Name, RollBack = step == SteeringStep.Demote ? tag.Rollout : null,
        Summary = $"{tag.Floor!.Words}; {outcome}", Outcome = outcome, Reading = tag.Floor,
    };
}
