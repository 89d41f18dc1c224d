using Microsoft.Extensions.Primitives;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Core.Rollouts;

namespace Rung.Gateway.Rollouts;

/// <summary>Which policy decides a call, and what it decided. A value: a call outside rollouts allocates and hashes nothing for it.</summary>
internal readonly record struct Placement
{
    /// <summary>The policy that the call keeps to its end.</summary>
    public required ActivePolicy Policy { get; init; }

    /// <summary>What it decided.</summary>
    public required Decision Decision { get; init; }

    /// <summary>The rollout whose arm the call carries; null for none.</summary>
    public ActiveRollout? Rollout { get; init; }

    /// <summary>The arm; null outside rollouts.</summary>
    public string? Arm { get; init; }

    /// <summary>What the reason of the call says of it; null outside rollouts.</summary>
    public string? Words { get; init; }

    /// <summary>Whether a pin of the policy in force binds the call while another policy decides.</summary>
    public bool IsBound { get; init; }

    /// <summary>Whether the call is to be copied for the candidate.</summary>
    public bool IsCopied { get; init; }

    /// <summary>Chooses the arm, and decides.</summary>
    public static Placement Of(PoliciesInForce policies, in CallFacts facts, string? session, StringValues authorization, string callId)
    {
        if (policies.Covering(facts.Tag) is not { } rollout || rollout.UnitOf(facts, session, authorization, callId) is not { } unit)
            return new() { Policy = policies.Policy, Decision = Decider.Decide(policies.Policy.Snapshot, facts) };

        var arm = rollout.ArmOf(unit);
        if (rollout.PolicyOf(arm) is not { } other)
        {
            return new()
            {
                Policy = policies.Policy, Decision = Decider.Decide(policies.Policy.Snapshot, facts), Rollout = rollout,
                Arm = rollout.NameOf(arm), Words = rollout.WordsOf(arm), IsCopied = arm == RolloutArm.Current && rollout.Copies(callId),
            };
        }
        var decision = Bounded(other, facts, out var isBound);
        if (isBound && decision.Status != DecisionStatus.Decided)
        {
            // Nothing that the pins in force allow can take it over there: the call is answered as if there were no rollout, and compared with nothing.
            return new()
            {
                Policy = policies.Policy, Decision = Decider.Decide(policies.Policy.Snapshot, facts),
                Words = $"{rollout.WordsOf(arm)} has no model that the pins in force allow, so it takes no part",
            };
        }
        return new() { Policy = other, Decision = decision, Rollout = rollout, Arm = rollout.NameOf(arm), Words = rollout.WordsOf(arm), IsBound = isBound };
    }

    /// <summary>Decides by another policy, within the pins in force.</summary>
    public static Decision Bounded(ActivePolicy other, in CallFacts facts, out bool isBound)
    {
        var bound = other.Bounds?.Of(facts) ?? ModelSet.All;
        isBound = bound != ModelSet.All;
        return Decider.Decide(other.Snapshot, facts, bound);
    }
}
