using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Rung.Core.Policies;
using Rung.Core.Policies.Changes;
using Rung.Storage.Revisions;

namespace Rung.Commands.Policy;

/// <summary>The way back to a stored revision: what it would write, what that means, and doing it. For the command line and for the page.</summary>
internal sealed class PolicyRollback
{
    private readonly PolicyRestore restore;
    private readonly PolicyRevision stored;

    private PolicyRollback(PolicyRestore restore, PolicyRevision stored) => (this.restore, this.stored) = (restore, stored);

    /// <summary>The revision to go back to.</summary>
    public required NamedPolicy Target { get; init; }
    /// <summary>It compiled; null when it no longer compiles: then nothing can be done.</summary>
    public PolicySnapshot? Snapshot => Target.File.Compilation.Snapshot;
    /// <summary>What the policy file holds now; null when there is none.</summary>
    public required NamedPolicy? Present { get; init; }
    /// <summary>Whether the file holds it already and it is the newest revision: there is nothing to do.</summary>
    public required bool IsThereAlready { get; init; }
    /// <summary>Whether what the file holds is in no revision, so that a copy is kept.</summary>
    public required bool KeepsCopies { get; init; }
    /// <summary>Paths of the files whose content will change.</summary>
    public IEnumerable<string> Paths => restore.Paths;
    /// <summary>What was looked at, as a hash: the newest revision in force and everything that would be written over. Another one: something has changed meanwhile.</summary>
    public required string Seen { get; init; }

    /// <summary>Finds out what it would be. Writes nothing.</summary>
    /// <param name="policyPath">The policy file.</param>
    /// <param name="stored">The revision.</param>
    /// <param name="revisions">Every revision, the newest first.</param>
    /// <param name="finder">Compiles.</param>
    /// <exception cref="PolicyUnusableException">A file would lie outside the policy's folder, or behind a link; or the policy file cannot be read.</exception>
    public static PolicyRollback Plan(string policyPath, PolicyRevision stored, IReadOnlyList<RevisionEntry> revisions, IPolicyCompiling finder)
    {
        var target = finder.FromRevision(stored);
        var restore = PolicyRestore.Plan(policyPath, stored);
        var inForce = revisions.FirstOrDefault(revision => revision.Origin != RevisionOrigin.Candidate);
        var isThereAlready = restore.IsEmpty && target.File.Compilation.Snapshot is { } snapshot && inForce?.Hash == snapshot.Hash;
        var present = File.Exists(policyPath) ? finder.FromFile(policyPath) : null;
        return new PolicyRollback(restore, stored)
        {
            Target = target, Present = present, IsThereAlready = isThereAlready, Seen = Fingerprint(policyPath, restore, inForce?.Number ?? 0),
            KeepsCopies = present is not null && !revisions.Any(revision => revision.Hash == present.File.Compilation.Snapshot?.Hash),
        };
    }

    /// <summary>What it changes against another policy.</summary>
    /// <param name="before">What is compared with it, compiled.</param>
    public ImmutableArray<PolicyChange> ChangesFrom(PolicySnapshot before) => PolicyDiff.Compare(before, Snapshot!);

    /// <summary>Copies what is in no revision to names that are free. Gives the copies.</summary>
    public IReadOnlyList<string> KeepCopies() => KeepsCopies ? restore.KeepCopies() : [];

    /// <summary>
    /// Does it. On record first, under the hash that a running gateway will see in the file: it then takes up this revision, not one of its own.
    /// </summary>
    /// <param name="publish">Publishes hash, text and files, and gives the revision.</param>
    public async Task<PolicyRevision> WriteAsync(Func<string, PolicyRevision, Task<PolicyRevision>> publish)
    {
        PolicyRevision? newest = null;
        await restore.WriteAsync(async () => newest = await publish(Snapshot!.Hash, stored));
        return newest!;
    }

    private static string Fingerprint(string policyPath, PolicyRestore restore, long newest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{newest}\n")));
        foreach (var path in restore.Paths.Append(policyPath).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\n"));
            hash.AppendData(File.Exists(path) ? SHA256.HashData(File.ReadAllBytes(path)) : []);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>Compiles what is on disk and what is stored.</summary>
internal interface IPolicyCompiling
{
    /// <summary>Reads and compiles a policy file.</summary>
    /// <exception cref="PolicyUnusableException">It cannot be read.</exception>
    NamedPolicy FromFile(string path);

    /// <summary>Compiles a stored revision.</summary>
    NamedPolicy FromRevision(PolicyRevision revision);
}
