using Rung.Core.Policies;
using Rung.Core.Requests;

namespace Rung.Core.Decisions;

/// <summary>
/// Decides where a call goes. Order of power: pins (a filter applied first, and asserted again on every hop), then what the call needs,
/// then tag, role, default. Runs once per call; allocates nothing.
/// </summary>
public static class Decider
{
    /// <summary>Decides.</summary>
    public static Decision Decide(PolicySnapshot policy, in CallFacts facts) => Decide(policy, facts, ModelSet.All);

    /// <summary>Decides within a bound beside the policy's own pins: what the pins in force leave a call that another policy decides.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="facts">The call.</param>
    /// <param name="bound">Models of this policy that may be reached on any hop; <see cref="ModelSet.All"/> for no bound.</param>
    public static Decision Decide(PolicySnapshot policy, in CallFacts facts, ModelSet bound)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var route = Resolve(policy, facts);
        var allowed = Allowed(policy, route, facts, out var pin) & bound;
        var fitting = Fitting(policy, facts);
        var may = allowed & fitting;

        var candidates = route.Tier.Pool & may;
        if (!candidates.IsEmpty) return Found(route, route.Tier, candidates, allowed, fitting, pin, moved: false);
        return Elsewhere(policy, route, allowed, fitting, pin);
    }

    /// <summary>What the pins of a policy allow a call; <see cref="ModelSet.All"/> when none binds it.</summary>
    public static ModelSet Pinned(PolicySnapshot policy, in CallFacts facts)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Allowed(policy, Resolve(policy, facts), facts, out _);
    }

    /// <summary>The rung that a call climbs to: the given one, or the next above it where a model may take the call.</summary>
    /// <returns>False when no such rung remains.</returns>
    public static bool TryClimb(PolicySnapshot policy, in Decision decision, Tier target, out Tier tier, out ModelSet candidates)
    {
        var may = decision.Allowed & decision.Fitting;
        for (var rung = target.Index; rung < policy.Ladder.Length; rung++)
        {
            tier = policy.Ladder[rung];
            candidates = tier.Pool & may;
            if (!candidates.IsEmpty) return true;
        }
        tier = target;
        candidates = ModelSet.Empty;
        return false;
    }

    /// <summary>
    /// Whether a failed answer may climb as far as the policy goes, and where to: the escalation's own rung first, then one rung higher each time. Time,
    /// money and attempts are the caller's to look at.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="decision">The call's decision.</param>
    /// <param name="causes">What speaks against the answer.</param>
    /// <param name="climbs">How often the call has climbed already.</param>
    /// <param name="from">The rung that the answer came from.</param>
    /// <param name="tier">The rung to climb to; <paramref name="from"/> when there is none.</param>
    /// <param name="candidates">Its models that may take the call.</param>
    public static bool MayClimb(PolicySnapshot policy, in Decision decision, ClimbCause causes, int climbs, Tier from, out Tier tier, out ModelSet candidates)
    {
        (tier, candidates) = (from, ModelSet.Empty);
        if (decision.Route.Escalation is not { } up || (causes & up.On) == ClimbCause.None || climbs >= up.Times) return false;
        var target = climbs == 0 && up.To.Index > from.Index ? up.To.Index : from.Index + 1;
        return target < policy.Ladder.Length && TryClimb(policy, decision, policy.Ladder[target], out tier, out candidates);
    }

    /// <summary>Resolves the route: tag, else role, else default.</summary>
    internal static Route Resolve(PolicySnapshot policy, in CallFacts facts)
    {
        if (facts.Tag is not null && policy.Tags.TryGetValue(facts.Tag, out var byTag)) return byTag;
        if (facts.Role is not null && policy.Roles.TryGetValue(facts.Role, out var byRole)) return byRole;
        return policy.Default;
    }

    /// <summary>Whether a pin binds a call on a route. The client's words and the policy's own are both believed: either can bind, neither can free.</summary>
    internal static bool Binds(Pin pin, Route route, in CallFacts facts) =>
        (pin.DataClass is null || pin.DataClass == route.DataClass || Lists(facts.DataClass, pin.DataClass))
        && (pin.Tag is null || pin.Tag == facts.Tag)
        && (pin.Role is null || pin.Role == facts.Role || pin.Role == route.Role)
        && (pin.Tenant is null || pin.Tenant == facts.Tenant)
        && (pin.User is null || pin.User == facts.User);

    /// <summary>Whether a model can do what a call needs. An unknown context never drops a model.</summary>
    internal static bool Fits(Model model, in CallFacts facts) =>
        (model.Can & facts.Needs) == facts.Needs
        && (model.Context == 0 || facts.EstimatedInputTokens + (long)Math.Min(facts.RequestedMaxTokens, model.MaxOutput == 0 ? int.MaxValue : model.MaxOutput) <= model.Context);

    private static ModelSet Allowed(PolicySnapshot policy, Route route, in CallFacts facts, out int first)
    {
        first = -1;
        var allowed = ModelSet.All;
        for (var i = 0; i < policy.Pins.Length; i++)
        {
            var pin = policy.Pins[i];
            if (!Binds(pin, route, facts)) continue;
            if (first < 0) first = i;
            allowed &= pin.Models;
        }
        return allowed;
    }

    private static ModelSet Fitting(PolicySnapshot policy, in CallFacts facts)
    {
        var fitting = ModelSet.Empty;
        foreach (var model in policy.Models)
        {
            if (Fits(model, facts)) fitting = fitting.With(model.Index);
        }
        return fitting;
    }

    /// <summary>The route's own rung has no candidate: the nearest rung above, else the nearest below, else pinned models that stand on no rung.</summary>
    private static Decision Elsewhere(PolicySnapshot policy, Route route, ModelSet allowed, ModelSet fitting, int pin)
    {
        var may = allowed & fitting;
        for (var rung = route.Tier.Index + 1; rung < policy.Ladder.Length; rung++)
        {
            var above = policy.Ladder[rung].Pool & may;
            if (!above.IsEmpty) return Found(route, policy.Ladder[rung], above, allowed, fitting, pin, moved: true);
        }
        for (var rung = route.Tier.Index - 1; rung >= 0; rung--)
        {
            var below = policy.Ladder[rung].Pool & may;
            if (!below.IsEmpty) return Found(route, policy.Ladder[rung], below, allowed, fitting, pin, moved: true);
        }
        if (pin >= 0 && !may.IsEmpty) return Found(route, route.Tier, may, allowed, fitting, pin, moved: true);

        var status = pin >= 0 ? DecisionStatus.PinUnsatisfied : DecisionStatus.NothingFits;
        return Found(route, route.Tier, ModelSet.Empty, allowed, fitting, pin, moved: false) with { Status = status };
    }

    private static Decision Found(Route route, Tier tier, ModelSet candidates, ModelSet allowed, ModelSet fitting, int pin, bool moved) => new()
    {
        Status = DecisionStatus.Decided, Route = route, Tier = tier, Candidates = candidates, Allowed = allowed, Fitting = fitting, Pin = pin, Moved = moved,
    };

    /// <summary>Whether a comma-separated list of data classes names one.</summary>
    private static bool Lists(string? classes, string wanted)
    {
        if (classes is null) return false;
        if (classes == wanted) return true;
        foreach (var range in classes.AsSpan().Split(','))
        {
            if (classes.AsSpan(range).Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return false;
    }
}
