using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Rung.Core.Policies;
using Rung.Gateway;
using Rung.Gateway.Rollouts;
using Rung.Gateway.Shadows;
using Rung.Storage;
using Rung.Storage.Rollouts;

namespace Rung.Serving;

/// <summary>
/// Follows the ledger: newer revisions (of the control loop, of another process) and the state of rollouts, both swapped in together. When the ledger cannot
/// be read, or is not the one that it was, everything stays as it was last seen, and is followed again once it can be.
/// </summary>
internal sealed partial class RolloutWatcher(PolicyHolder policies, Ledger ledger, StoredPolicies stored, TimeProvider clock, ILogger<RolloutWatcher> logger)
{
    /// <summary>How often the cost of copies is read from the ledger: in between every gateway counts its own.</summary>
    private static readonly TimeSpan s_spendingInterval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<long, (DateTimeOffset ReadAt, long NanoUsd)> spent = [];
    private string? applied; // What was last applied, in words; the loop's own.
    private ImmutableArray<long> appliedSpending = []; // What copies had cost then, rollout by rollout.
    private long unusable; // The newest revision that could not be used; 0 for none.
    private bool hasFollowed;

    /// <summary>Looks once. Touched from one place at a time; never throws for what the ledger does.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        if (policies.Snapshot.Revision == 0) return; // A policy that was never stored has nothing to follow.
        try
        {
            await FollowAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Trouble($"the ledger cannot be read: {e.Message}");
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        ledger.RequireInPlace(); // Another file in its place knows other revisions.
        // Rollouts first: a completed one has published its revision before, so the newest revision is at least that one.
        var rollouts = await ledger.ListRolloutsAsync(openOnly: true, cancellationToken);
        var newest = await ledger.NewestRevisionAsync(cancellationToken);
        var inForce = policies.Snapshot;
        if (newest is null || newest.Number < inForce.Revision)
        {
            // Emptied, or replaced by an older copy: what it says of rollouts is not what was promised to the units.
            if (hasFollowed) Trouble($"the ledger does not know revision {inForce.Revision} any more");
            return;
        }
        hasFollowed = true;
        if (await NewerAsync(newest.Number, inForce, cancellationToken) is not { } policy) return;

        var (taken, refused) = await AppliedAsync(rollouts, cancellationToken);
        if (policies.Status.LedgerProblem is not null)
        {
            policies.NoteLedger(null);
            Log.FollowsAgain(logger, policies.Snapshot.Revision);
        }
        var words = Words(policy.Revision, taken, refused);
        // A key that was missing may be there now: what was refused is tried again.
        ImmutableArray<long> spending = [.. taken.Select(rollout => rollout.ShadowSpentNanoUsd)];
        if (words == applied && spending.SequenceEqual(appliedSpending) && policies.Status.RolloutsRefused.IsEmpty) return;
        var before = policies.Status.RolloutsRefused;
        if (policy == inForce) policies.SwapRollouts(taken, refused);
        else policies.SwapAll(policy, taken, refused);
        Say(policy, inForce, words, before);
        (applied, appliedSpending) = (words, spending);
    }

    /// <summary>The policy that is to be in force; null when the newest one cannot be used here: then nothing changes.</summary>
    private async Task<PolicySnapshot?> NewerAsync(long newest, PolicySnapshot inForce, CancellationToken cancellationToken)
    {
        if (newest == inForce.Revision) return inForce;
        var (snapshot, fault) = await stored.FindAsync(newest, cancellationToken);
        if (snapshot is not null) return snapshot;
        if (unusable == newest) return null;
        unusable = newest;
        var problem = $"revision {newest} of the ledger cannot be used here: {fault}";
        policies.Refuse(problem);
        Log.Unusable(logger, inForce.Revision, problem);
        return null;
    }

    private async Task<(ImmutableArray<RolloutInForce> Taken, ImmutableArray<RolloutRefusal> Refused)> AppliedAsync(IReadOnlyList<Rollout> rollouts, CancellationToken cancellationToken)
    {
        var taken = ImmutableArray.CreateBuilder<RolloutInForce>(rollouts.Count);
        var refused = ImmutableArray.CreateBuilder<RolloutRefusal>();
        var used = new HashSet<long>();
        foreach (var rollout in rollouts)
        {
            // Complete, with a holdback: the candidate is the policy in force, and units held back keep the one before.
            var isComplete = IsComplete(rollout);
            var number = isComplete ? rollout.Base : rollout.Candidate;
            used.Add(number);
            var (snapshot, fault) = await stored.FindAsync(number, cancellationToken);
            if (snapshot is null)
            {
                refused.Add(new(rollout.Id, $"Its {(isComplete ? "base" : "candidate")}, revision {number}, cannot be used here: {fault}"));
                continue;
            }
            var spentBefore = rollout.IsShadow ? await SpentAsync(rollout, cancellationToken) : 0;
            taken.Add(new RolloutInForce(rollout.Id, rollout.Plan, rollout.Share, isComplete ? null : snapshot, isComplete ? snapshot : null) { ShadowSpentNanoUsd = spentBefore });
        }
        stored.KeepOnly(used);
        return (taken.DrainToImmutable(), refused.DrainToImmutable());
    }

    /// <summary>Whether the candidate has become the policy. What happens after that (a hold, say) does not undo it.</summary>
    private static bool IsComplete(Rollout rollout) => rollout.Events.Any(happened => happened.Kind == RolloutEventKind.Completed);

    /// <summary>What the copies of a rollout and their judging cost by the ledger: this gateway's and others'.</summary>
    private async Task<long> SpentAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (spent.TryGetValue(rollout.Id, out var known) && now - known.ReadAt < s_spendingInterval) return known.NanoUsd;
        IEnumerable<string> tags = rollout.Plan.Tags.IsEmpty ? [.. policies.Snapshot.Tags.Keys, policies.Snapshot.Default.Name] : rollout.Plan.Tags;
        long sum = 0;
        foreach (var tag in tags)
        {
            await foreach (var call in ledger.ReadAsync(new CallQuery { Tag = ShadowTag.Of(tag), Since = rollout.Events[0].At }, cancellationToken)) sum += call.CostNanoUsd;
        }
        spent[rollout.Id] = (now, sum);
        return sum;
    }

    private void Trouble(string problem)
    {
        if (policies.Status.LedgerProblem == problem) return;
        policies.NoteLedger(problem);
        Log.NotFollowed(logger, policies.Snapshot.Revision, policies.Status.Rollouts.Length, problem);
    }

    private static string Words(long revision, ImmutableArray<RolloutInForce> taken, ImmutableArray<RolloutRefusal> refused) => string.Join(
        "; ",
        [$"revision {revision}", .. taken.Select(rollout => FormattableString.Invariant($"rollout {rollout.Id}: {Says(rollout)}")), .. refused.Select(refusal => $"rollout {refusal.Id} is not applied: {refusal.Why}")]);

    private static string Says(RolloutInForce rollout) =>
        rollout.IsShadow ? FormattableString.Invariant($"copies to revision {rollout.Candidate!.Revision}")
        : rollout.Candidate is { } candidate ? FormattableString.Invariant($"{rollout.Share / 100.0:0.##} % on revision {candidate.Revision}")
        : FormattableString.Invariant($"complete, {rollout.Plan.Holdback / 100.0:0.##} % held back on revision {rollout.Holdback!.Revision}");

    private void Say(PolicySnapshot policy, PolicySnapshot before, string words, ImmutableArray<RolloutRefusal> refusedBefore)
    {
        if (policy != before) Log.Swapped(logger, policy.Revision, policy.Hash[..12]);
        foreach (var refusal in policies.Status.RolloutsRefused)
        {
            if (!refusedBefore.Contains(refusal)) Log.NotApplied(logger, refusal.Id, refusal.Why);
        }
        if (words != applied && (applied is not null || !policies.Status.Rollouts.IsEmpty)) Log.Applied(logger, words);
    }

    private static partial class Log
    {
        [LoggerMessage(4011, LogLevel.Information, "Policy revision {Revision} ({Hash}) is in force, from the ledger")]
        public static partial void Swapped(ILogger logger, long revision, string hash);

        [LoggerMessage(4012, LogLevel.Information, "In force: {What}")]
        public static partial void Applied(ILogger logger, string what);

        [LoggerMessage(4013, LogLevel.Error, "Rollout {Rollout} is not applied: its calls stay on the policy in force. {Why}")]
        public static partial void NotApplied(ILogger logger, long rollout, string why);

        [LoggerMessage(4014, LogLevel.Error, "Revision {Revision} and {Rollouts} rollout(s) stay as they are: {Problem}")]
        public static partial void NotFollowed(ILogger logger, long revision, int rollouts, string problem);

        [LoggerMessage(4015, LogLevel.Information, "The ledger is followed again; revision {Revision} is in force")]
        public static partial void FollowsAgain(ILogger logger, long revision);

        [LoggerMessage(4016, LogLevel.Error, "A newer revision was refused; revision {Revision} stays in force. {Problem}")]
        public static partial void Unusable(ILogger logger, long revision, string problem);
    }
}
