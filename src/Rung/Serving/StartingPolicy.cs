using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Storage;
using Rung.Storage.Revisions;

namespace Rung.Serving;

/// <summary>The policy that a gateway starts with.</summary>
/// <param name="Snapshot">The policy, under its number.</param>
/// <param name="Automatic">The revision, when it is not the file's but one that the control loop made while the file held what it still holds; else null.</param>
/// <param name="Problem">Why such a revision could not be used, so that the file's came into force; else null.</param>
internal sealed record StartingPolicy(PolicySnapshot Snapshot, RevisionEntry? Automatic, string? Problem)
{
    /// <summary>
    /// Chooses. A file that has not been changed since an automatic revision was made says nothing new, and that revision stays in force; any other content is a
    /// person's decision: it is stored, and comes into force.
    /// </summary>
    /// <exception cref="LedgerException">The ledger cannot be read or written.</exception>
    public static async Task<StartingPolicy> ChooseAsync(
        Ledger ledger, PolicyFile file, PolicySnapshot snapshot, string reason, PriceBook prices, TimeProvider clock, CancellationToken cancellationToken)
    {
        string? problem = null;
        if (await StandsAsync(ledger, snapshot.Hash, cancellationToken) is { } automatic)
        {
            var (stored, fault) = await new StoredPolicies(ledger, prices, clock).FindAsync(automatic.Number, cancellationToken);
            if (stored is not null) return new(stored, automatic, null);
            problem = $"revision {automatic.Number}, which rung made by itself ({automatic.Reason}), cannot be used any more: {fault}";
        }
        var revision = await ledger.PublishRevisionAsync(snapshot.Hash, file.Text, file.Files, Environment.UserName, reason, cancellationToken);
        return new(snapshot.WithRevision(revision.Number), null, problem);
    }

    /// <summary>The automatic revision that stays in force beside a file of this content; null when the content is a decision of its own.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public static async Task<RevisionEntry?> StandsAsync(Ledger ledger, string fileHash, CancellationToken cancellationToken) =>
        await ledger.NewestRevisionAsync(cancellationToken) is { Origin: RevisionOrigin.Automatic } newest && newest.FileHash == fileHash && newest.Hash != fileHash ? newest : null;
}
