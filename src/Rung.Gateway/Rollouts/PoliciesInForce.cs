using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Policies;

namespace Rung.Gateway.Rollouts;

/// <summary>The policy in force and the rollouts beside it: one object, swapped by reference, so that a call never sees one without the other.</summary>
internal sealed class PoliciesInForce
{
    private readonly ActiveRollout? everything;
    private readonly FrozenDictionary<string, ActiveRollout>? byTag;

    public PoliciesInForce(ActivePolicy policy, ImmutableArray<ActiveRollout> rollouts)
    {
        (Policy, Rollouts) = (policy, rollouts);
        if (rollouts.IsEmpty) return;
        everything = rollouts.FirstOrDefault(rollout => rollout.Terms.Plan.Tags.IsEmpty);
        // The ledger refuses two rollouts of one tag; should they come all the same, the older one holds.
        byTag = rollouts.OrderBy(rollout => rollout.Terms.Id).SelectMany(rollout => rollout.Terms.Plan.Tags, (rollout, tag) => (Tag: tag, Rollout: rollout))
            .DistinctBy(pair => pair.Tag).ToFrozenDictionary(pair => pair.Tag, pair => pair.Rollout, StringComparer.Ordinal);
    }

    /// <summary>The policy in force.</summary>
    public ActivePolicy Policy { get; }

    /// <summary>The rollouts beside it.</summary>
    public ImmutableArray<ActiveRollout> Rollouts { get; }

    /// <summary>The rollout in which the calls of a tag take part; null for none.</summary>
    public ActiveRollout? Covering(string? tag)
    {
        if (byTag is null) return null;
        return tag is not null && byTag.TryGetValue(tag, out var rollout) ? rollout : everything;
    }

    /// <summary>The rollout of an id; null when it is not applied any more.</summary>
    public ActiveRollout? Find(long id)
    {
        foreach (var rollout in Rollouts)
        {
            if (rollout.Terms.Id == id) return rollout;
        }
        return null;
    }

    /// <summary>The policy of a hash: the one in force, or one of a rollout; null when it is neither.</summary>
    public PolicySnapshot? Find(string hash)
    {
        if (Policy.Snapshot.Hash == hash) return Policy.Snapshot;
        foreach (var rollout in Rollouts)
        {
            if (rollout.Candidate?.Snapshot.Hash == hash) return rollout.Candidate.Snapshot;
            if (rollout.Holdback?.Snapshot.Hash == hash) return rollout.Holdback.Snapshot;
        }
        return null;
    }
}
