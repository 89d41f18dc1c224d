using System.Collections.Immutable;
using Rung.Core.Policies;
using Rung.Storage.Revisions;

namespace Rung.Control.Rollouts;

/// <summary>What the control plane may do with policies outside the ledger: compile them, and know and write the policy file.</summary>
public sealed class PolicyAccess
{
    /// <summary>Compiles a text with the files that it includes.</summary>
    public required Func<string, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>, PolicyCompilation> Compile { get; init; }

    /// <summary>Content hash of what the policy file holds; null when there is none, it cannot be read, or it has faults.</summary>
    public required Func<string?> FileHash { get; init; }

    /// <summary>
    /// Writes a revision to the policy file; says in words what was done, or why it could not be. Never throws for a file that cannot be written. Null: there is no
    /// policy file to write.
    /// </summary>
    public Func<PolicyRevision, CancellationToken, Task<string>>? WriteFile { get; init; }

    /// <summary>Compiles a stored revision.</summary>
    /// <exception cref="RolloutException">It no longer compiles.</exception>
    public PolicySnapshot Compiled(PolicyRevision revision)
    {
        ArgumentNullException.ThrowIfNull(revision);
        var compilation = Compile(revision.Text, revision.Files);
        return compilation.Snapshot?.WithRevision(revision.Number) ?? throw new RolloutException(
            RolloutFault.Invalid, $"Revision {revision.Number} no longer compiles: {compilation.Faults[0].Path}: {compilation.Faults[0].Message}", "It was stored by another version of Rung, or is damaged.");
    }

    /// <summary>
    /// What an automatic revision is to name as the content of the file, and whether the file may be written. A file that holds neither the revision in force nor
    /// what was behind it holds somebody's edit: it is not overwritten, and it must not be taken for something that the automatic revision has seen.
    /// </summary>
    /// <param name="inForce">The revision in force before.</param>
    internal PolicyFileState FileBehind(RevisionEntry inForce)
    {
        var holds = FileHash();
        var isKnown = holds is not null && (holds == inForce.Hash || holds == inForce.FileHash);
        return new PolicyFileState(isKnown ? holds! : inForce.FileHash ?? inForce.Hash, isKnown, holds is null);
    }

    /// <summary>Writes an automatic revision to the file where that may be, and says what became of it.</summary>
    internal async Task<string> WriteAsync(PolicyRevision published, PolicyFileState file, CancellationToken cancellationToken)
    {
        if (WriteFile is null) return "There is no policy file to write.";
        if (file.IsUnreadable) return "The policy file was not written: it cannot be read, or has faults.";
        return file.MayWrite ? await WriteFile(published, cancellationToken) : "The policy file was not written: it holds a change that is in no revision yet.";
    }
}

/// <summary>What the policy file holds, as an automatic revision sees it.</summary>
/// <param name="Hash">The content that is behind the revision.</param>
/// <param name="MayWrite">Whether it may be overwritten.</param>
/// <param name="IsUnreadable">Whether it cannot be read or has faults.</param>
internal readonly record struct PolicyFileState(string Hash, bool MayWrite, bool IsUnreadable);
