using Rung.Core.Policies.Changes;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>How an ending went.</summary>
/// <param name="Published">The automatic revision, or the one in force where nothing was left to change; null when it could not be done.</param>
/// <param name="File">What became of the policy file, in words; null likewise.</param>
/// <param name="Problem">Why it could not be done; null when it was.</param>
public sealed record RolloutEnding(PolicyRevision? Published, string? File, string? Problem);

/// <summary>Makes the candidate the policy, or takes that back: one automatic revision together with the event that says so.</summary>
internal sealed class RolloutCompletion(Ledger ledger, PolicyAccess policies)
{
    /// <summary>
    /// The candidate's text becomes the policy where the revision that it was compared with is still in force; else the blocks of the rollout's tags are put into
    /// what is in force now.
    /// </summary>
    public async Task<RolloutEnding> CompleteAsync(Rollout rollout, RolloutEvent happened, CancellationToken cancellationToken) =>
        await EndAsync(rollout, rollout.Base, rollout.Candidate, isUnchanged: newest => newest.Number == rollout.Base, happened, $"rollout {rollout.Id} is complete: {happened.Why}", cancellationToken);

    /// <summary>Puts back what was in force before a rollout that is complete.</summary>
    public async Task<RolloutEnding> UndoAsync(Rollout rollout, RolloutEvent happened, CancellationToken cancellationToken)
    {
        var candidate = (await ledger.GetRevisionAsync(rollout.Candidate, cancellationToken))!;
        var inForce = (await ledger.GetRevisionAsync((await ledger.NewestRevisionAsync(cancellationToken))!.Number, cancellationToken))!;
        if (await IsBackAsync(rollout, inForce, cancellationToken))
        {
            // Somebody was faster, with the file or by a rollback of the policy: only the rollout itself is left to end.
            return await ledger.AppendRolloutEventAsync(rollout.Id, happened, cancellationToken)
                ? new RolloutEnding(inForce, "It holds already what its tags were before.", null)
                : new RolloutEnding(null, null, $"Rollout {rollout.Id} cannot end by itself: something else happened to it at the same moment.");
        }
        return await EndAsync(rollout, rollout.Candidate, rollout.Base, isUnchanged: newest => newest.Hash == candidate.Hash, happened, $"rollout {rollout.Id} is rolled back: {happened.Why}", cancellationToken);
    }

    private async Task<bool> IsBackAsync(Rollout rollout, PolicyRevision inForce, CancellationToken cancellationToken)
    {
        var before = (await ledger.GetRevisionAsync(rollout.Base, cancellationToken))!;
        if (before.Hash == inForce.Hash) return true;
        if (rollout.Plan.Tags.IsEmpty) return false;
        return !RolloutScope.Of(policies.Compiled(before), policies.Compiled(inForce)).ByTag.Keys.Any(rollout.Plan.Covers);
    }

    private async Task<RolloutEnding> EndAsync(
        Rollout rollout, long from, long towards, Func<RevisionEntry, bool> isUnchanged, RolloutEvent happened, string reason, CancellationToken cancellationToken)
    {
        // 1. The text: whole where nothing else has changed since, else only the rollout's tags, and only where nobody has changed those.
        var entry = (await ledger.NewestRevisionAsync(cancellationToken))!;
        var (newest, source) = ((await ledger.GetRevisionAsync(entry.Number, cancellationToken))!, (await ledger.GetRevisionAsync(towards, cancellationToken))!);
        var (text, files) = (source.Text, source.Files);
        if (!isUnchanged(newest))
        {
            if (rollout.Plan.Tags.IsEmpty) return Cannot($"revision {newest.Number} came into force since ({newest.Author}: {newest.Reason}), and the rollout covers every call, so that there is no part to put into it");
            var before = (await ledger.GetRevisionAsync(from, cancellationToken))!;
            if (RolloutScope.Of(policies.Compiled(before), policies.Compiled(newest)).ByTag.Keys.FirstOrDefault(rollout.Plan.Covers) is { } changed)
                return Cannot($"revision {newest.Number}, which came into force since ({newest.Author}: {newest.Reason}), changed {changed} as well");
            if (PolicyMove.SpliceTags(newest.Text, source.Text, rollout.Plan.Tags, out var problem) is not { } spliced) return Cannot($"the blocks of its tags cannot be put into revision {newest.Number}: {problem}");
            (text, files) = (spliced, newest.Files.SetItems(source.Files.Where(included => !newest.Files.ContainsKey(included.Key))));
        }

        // 2. It must compile; what it includes no longer is let go.
        var compilation = policies.Compile(text, files);
        if (compilation.Snapshot is not { } snapshot)
            return Cannot($"the policy that it would end in has {compilation.Faults.Length} fault(s), first {compilation.Faults[0].Path}: {compilation.Faults[0].Message}");
        files = files.RemoveRange(files.Keys.Except(compilation.Files, StringComparer.Ordinal));

        // 3. Both or neither, and only on top of what it was decided on.
        var file = policies.FileBehind(newest);
        var revision = new AutomaticRevision { Hash = snapshot.Hash, Text = text, Files = files, Reason = reason, FileHash = file.Hash, After = newest.Number };
        if (await ledger.CompleteRolloutAsync(rollout.Id, happened, revision, cancellationToken) is not { } published)
            return Cannot("another policy came into force, or something else happened to it, at the same moment");
        return new RolloutEnding(published, await policies.WriteAsync(published, file, cancellationToken), null);

        RolloutEnding Cannot(string why) => new(null, null, $"Rollout {rollout.Id} cannot end by itself: {why}.");
    }
}
