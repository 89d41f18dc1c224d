using System.Collections.Immutable;
using Rung.Core.Policies.Changes;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Policies;

/// <summary>The revisions of a policy, each with what it changed.</summary>
public static class PolicyHistory
{
    /// <summary>
    /// The newest revisions, each compared with the one that was in force before it: a candidate with the one beside which it was tried. Every revision is compiled once.
    /// </summary>
    /// <param name="ledger">The ledger, for texts.</param>
    /// <param name="compiled">Compiles.</param>
    /// <param name="all">Every revision, the newest first.</param>
    /// <param name="rollouts">Every rollout.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="below">Only revisions with a smaller number; null: from the newest on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<RevisionStep>> ReadAsync(
        Ledger ledger, CompiledRevisions compiled, IReadOnlyList<RevisionEntry> all, IReadOnlyList<Rollout> rollouts, int most, long? below, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(compiled);
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(rollouts);
        var steps = new List<RevisionStep>();
        for (var i = 0; i < all.Count && steps.Count < most; i++)
        {
            if (below is { } number && all[i].Number >= number) continue;
            steps.Add(await StepAsync(ledger, compiled, all, i, rollouts, cancellationToken));
        }
        return steps;
    }

    /// <summary>One revision with what it changed; null when there is none of that number.</summary>
    public static async Task<RevisionStep?> FindAsync(
        Ledger ledger, CompiledRevisions compiled, IReadOnlyList<RevisionEntry> all, IReadOnlyList<Rollout> rollouts, long number, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(all);
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Number == number) return await StepAsync(ledger, compiled, all, i, rollouts, cancellationToken);
        }
        return null;
    }

    /// <summary>What happened to rollouts, in order of time.</summary>
    public static IEnumerable<(Rollout Rollout, RolloutEvent Happened)> Events(IReadOnlyList<Rollout> rollouts)
    {
        ArgumentNullException.ThrowIfNull(rollouts);
        return rollouts.SelectMany(rollout => rollout.Events.Select(happened => (rollout, happened))).OrderBy(pair => pair.happened.At).ThenBy(pair => pair.rollout.Id);
    }

    private static async Task<RevisionStep> StepAsync(
        Ledger ledger, CompiledRevisions compiled, IReadOnlyList<RevisionEntry> all, int place, IReadOnlyList<Rollout> rollouts, CancellationToken cancellationToken)
    {
        var entry = all[place];
        var before = all.Skip(place + 1).FirstOrDefault(older => older.Origin != RevisionOrigin.Candidate);
        var young = await compiled.FindAsync(ledger, entry.Number, cancellationToken);
        var old = before is null ? null : await compiled.FindAsync(ledger, before.Number, cancellationToken);
        ImmutableArray<PolicyChange>? changes = young?.Snapshot is { } after && old?.Snapshot is { } earlier ? PolicyDiff.Compare(earlier, after) : null;
        return new RevisionStep(entry, before?.Number, changes, rollouts.LastOrDefault(rollout => rollout.Candidate == entry.Number));
    }
}
