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
    /// Writes an automatic revision to the policy file, when the file still holds what is given; says in words what was done, or why it was not. Never throws for
    /// a file that cannot be written.
    /// </summary>
    public required Func<PolicyRevision, string?, CancellationToken, Task<string>> WriteFile { get; init; }

    /// <summary>Compiles a stored revision.</summary>
    /// <exception cref="RolloutException">It no longer compiles.</exception>
    public PolicySnapshot Compiled(PolicyRevision revision)
    {
        ArgumentNullException.ThrowIfNull(revision);
        var compilation = Compile(revision.Text, revision.Files);
        return compilation.Snapshot?.WithRevision(revision.Number) ?? throw new RolloutException(
            RolloutFault.Invalid, $"Revision {revision.Number} no longer compiles: {compilation.Faults[0].Path}: {compilation.Faults[0].Message}", "It was stored by another version of Rung, or is damaged.");
    }
}
