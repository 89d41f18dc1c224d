using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Requests;

namespace Rung.Core.Tests.Decisions;

/// <summary>What can never happen to a pinned call, whatever the policy and whatever the call.</summary>
public sealed class PinLawTests
{
    private static void Hold(Func<PolicySnapshot, CallFacts, bool> law) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var any = new AnyPolicy(seed);
            var policy = any.Next();
            return Enumerable.Range(0, 12).All(_ => law(policy, any.NextFacts()));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(20261122, 1));

    /// <summary>The reference: what the document says about one model and one call, written without the engine's sets.</summary>
    private static bool MayTake(PolicySnapshot policy, Route route, in CallFacts facts, Model model)
    {
        var classes = (facts.DataClass ?? "").Split(',').Select(name => name.Trim()).ToList();
        if (route.DataClass is not null) classes.Add(route.DataClass);
        foreach (var pin in policy.Pins)
        {
            var binds = (pin.DataClass is null || classes.Contains(pin.DataClass)) && (pin.Tag is null || pin.Tag == facts.Tag)
                && (pin.Role is null || pin.Role == facts.Role || pin.Role == route.Role) && (pin.Tenant is null || pin.Tenant == facts.Tenant)
                && (pin.User is null || pin.User == facts.User);
            if (binds && !pin.Models.Contains(model.Index)) return false;
        }
        var missing = facts.Needs & ~model.Can;
        var output = model.MaxOutput > 0 ? Math.Min(model.MaxOutput, facts.RequestedMaxTokens) : facts.RequestedMaxTokens;
        return missing == ModelNeeds.None && (model.Context == 0 || facts.EstimatedInputTokens + output <= model.Context);
    }

    private static List<int> Indices(ModelSet models)
    {
        var indices = new List<int>();
        foreach (var index in models) indices.Add(index);
        return indices;
    }

    [Fact]
    public void Every_candidate_is_allowed_by_every_pin_and_can_do_the_job() => Hold((policy, facts) =>
    {
        var decision = Decider.Decide(policy, facts);
        return Indices(decision.Candidates).All(index => MayTake(policy, decision.Route, facts, policy.Models[index]));
    });

    [Fact]
    public void Every_candidate_of_every_climb_is_allowed_too() => Hold((policy, facts) =>
    {
        var decision = Decider.Decide(policy, facts);
        return policy.Ladder.All(target => !Decider.TryClimb(policy, decision, target, out var tier, out var candidates)
            || tier.Index >= target.Index && !candidates.IsEmpty
            && Indices(candidates).All(index => MayTake(policy, decision.Route, facts, policy.Models[index]) && tier.Pool.Contains(index)));
    });

    [Fact]
    public void A_call_is_refused_exactly_when_no_model_that_it_could_reach_may_take_it() => Hold((policy, facts) =>
    {
        var decision = Decider.Decide(policy, facts);
        var pinned = decision.Pin >= 0;
        var reachable = policy.Models.Where(model => pinned || policy.Ladder.Any(tier => tier.Pool.Contains(model.Index)));
        var route = decision.Route;
        var someone = reachable.Any(model => MayTake(policy, route, facts, model));
        return (decision.Status == DecisionStatus.Decided) == someone && decision.Candidates.IsEmpty == !someone
            && (someone || decision.Status == (pinned ? DecisionStatus.PinUnsatisfied : DecisionStatus.NothingFits));
    });

    [Fact]
    public void The_same_call_is_always_decided_the_same() => Hold((policy, facts) => Decider.Decide(policy, facts) == Decider.Decide(policy, facts));

    [Fact]
    public void A_call_starts_on_its_own_rung_when_any_model_there_may_take_it() => Hold((policy, facts) =>
    {
        var decision = Decider.Decide(policy, facts);
        var own = policy.Models.Any(model => decision.Route.Tier.Pool.Contains(model.Index) && MayTake(policy, decision.Route, facts, model));
        return own != (decision.Moved || decision.Status != DecisionStatus.Decided);
    });

    [Fact]
    public void More_needs_never_open_a_model() => Hold((policy, facts) =>
    {
        var few = Decider.Decide(policy, facts with { Needs = ModelNeeds.None });
        var many = Decider.Decide(policy, facts with { Needs = ModelNeeds.Tools | ModelNeeds.Vision });
        return (few.Fitting & many.Fitting) == many.Fitting && few.Allowed == many.Allowed;
    });

    [Fact]
    public void A_declared_data_class_never_frees_a_call() => Hold((policy, facts) =>
    {
        var without = Decider.Decide(policy, facts with { DataClass = null }).Allowed;
        var with = Decider.Decide(policy, facts).Allowed;
        return (without & with) == with;
    });

    [Fact]
    public void The_explanation_names_the_same_candidates_as_the_decision() => Hold((policy, facts) =>
    {
        var decision = Decider.Decide(policy, facts);
        var explanation = Explanation.Of(policy, facts);
        return explanation.Status == decision.Status
            && explanation.Candidates.Where(candidate => candidate.Chosen).Select(candidate => candidate.Model)
                .SequenceEqual(Indices(decision.Candidates).Select(index => policy.Models[index].Name));
    });
}
