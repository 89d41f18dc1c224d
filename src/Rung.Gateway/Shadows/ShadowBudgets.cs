using System.Collections.Concurrent;
using Rung.Core.Rollouts;
using Rung.Gateway.Rollouts;

namespace Rung.Gateway.Shadows;

/// <summary>
/// What copies and their judging have cost, by rollout. The cost of a copy is reserved before it is asked, by estimate, so that copies at the same time cannot
/// pass the limit together; what a copy under way costs beyond its estimate (a climb, a longer answer) can, and so can the last copy, which is made alone. An unknown price ends the copies: it is never zero.
/// </summary>
internal sealed class ShadowBudgets
{
    private readonly ConcurrentDictionary<long, Account> accounts = [];

    /// <summary>Whether another copy may be thought of: a look on the path of a call.</summary>
    public bool IsOpen(RolloutInForce rollout) =>
        !accounts.TryGetValue(rollout.Id, out var account) || account.IsOpen(rollout);

    /// <summary>Reserves the cost of a copy.</summary>
    /// <returns>False when there is not enough left.</returns>
    public bool TryReserve(RolloutInForce rollout, long nanoUsd) => Of(rollout.Id).TryReserve(rollout, nanoUsd);

    /// <summary>Puts what was spent in the place of what was reserved.</summary>
    public void Settle(long rollout, long reserved, long? spent) => Of(rollout).Settle(reserved, spent);

    /// <summary>Adds what was spent without having been reserved.</summary>
    public void Spend(long rollout, long? spent) => Of(rollout).Settle(reservedBefore: 0, spent);

    /// <summary>Counts a comparison that has a verdict.</summary>
    public void Judged(long rollout) => Of(rollout).Judged();

    /// <summary>Forgets rollouts that are no longer in a shadow.</summary>
    public void KeepOnly(PoliciesInForce policies)
    {
        foreach (var id in accounts.Keys)
        {
            if (policies.Find(id) is not { Terms.IsShadow: true }) accounts.TryRemove(id, out _);
        }
    }

    private Account Of(long rollout) => accounts.GetOrAdd(rollout, static _ => new Account());

    private sealed class Account
    {
        private readonly Lock counting = new();
        private long spent;
        private long reserved;
        private int judgements;
        private bool isUnknown;

        public bool IsOpen(RolloutInForce rollout)
        {
            lock (counting) return MayGoOn(rollout, 0);
        }

        public bool TryReserve(RolloutInForce rollout, long nanoUsd)
        {
            lock (counting)
            {
                if (!MayGoOn(rollout, nanoUsd)) return false;
                reserved += nanoUsd;
                return true;
            }
        }

        public void Settle(long reservedBefore, long? nanoUsd)
        {
            lock (counting)
            {
                reserved -= reservedBefore;
                if (nanoUsd is { } known) spent += known;
                else isUnknown = true;
            }
        }

        public void Judged()
        {
            lock (counting) judgements++;
        }

        // The ledger's sum knows other gateways and earlier processes, this one what is not written yet: the larger is believed.
        // An estimate reckons with the longest answer. A copy that is alone may be made beyond it, or copies could end with the money hardly touched.
        private bool MayGoOn(RolloutInForce rollout, long more)
        {
            if (isUnknown || rollout.Plan.Shadow is not { } terms || judgements >= terms.Judgements) return false;
            var used = Math.Max(spent, rollout.ShadowSpentNanoUsd);
            return used + reserved + more < terms.MaxNanoUsd || (reserved == 0 && used < ShadowTerms.SpentShare * terms.MaxNanoUsd);
        }
    }
}
