using System.Collections.Immutable;
using Rung.Control.Policies;
using Rung.Control.Rollouts;
using Rung.Core.Policies.Changes;
using Rung.Storage.Revisions;

namespace Rung.Dashboard.Policy;

/// <summary>What pages may do with policies beyond the ledger: compile them, look at the policy file, write it, move rollouts.</summary>
public interface IPolicyDesk
{
    /// <summary>Compiles stored revisions.</summary>
    CompiledRevisions Compiled { get; }

    /// <summary>Moves rollouts.</summary>
    RolloutDesk Rollouts { get; }

    /// <summary>What the gateway has in force, and what it refused.</summary>
    PolicyStanding Standing();

    /// <summary>What going back to a revision would do. Writes nothing.</summary>
    /// <param name="revision">Its number.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="PolicyRefusedException">It cannot be done: why, and what to do.</exception>
    Task<RollbackLook> LookAsync(long revision, CancellationToken cancellationToken);

    /// <summary>Goes back to a revision, as <c>rung policy rollback</c> does: on record first, then the file.</summary>
    /// <param name="revision">Its number.</param>
    /// <param name="seen">The mark of what was looked at (<see cref="RollbackLook.Seen"/>).</param>
    /// <param name="by">Who.</param>
    /// <param name="why">Why.</param>
    /// <param name="cancellationToken">Looked at before it begins.</param>
    /// <exception cref="PolicyRefusedException">It cannot be done, or something changed since it was looked at.</exception>
    Task<RollbackDone> RollBackAsync(long revision, string seen, string by, string why, CancellationToken cancellationToken);
}

/// <summary>Something that was asked of a policy was refused.</summary>
/// <param name="problem">Why, in a sentence.</param>
/// <param name="fix">What to do, in a sentence.</param>
public sealed class PolicyRefusedException(string problem, string fix) : Exception($"{problem} {fix}")
{
    /// <summary>Why.</summary>
    public string Problem { get; } = problem;
    /// <summary>What to do.</summary>
    public string Fix { get; } = fix;
}

/// <summary>What the gateway has in force beside the snapshot itself, and what it refused.</summary>
/// <param name="File">Path of the policy file that it watches; null: none.</param>
/// <param name="LoadedAt">When the policy came into force here, UTC.</param>
public sealed record PolicyStanding(string? File, DateTimeOffset LoadedAt)
{
    /// <summary>Why a newer policy was refused; null: none was.</summary>
    public string? Problem { get; init; }
    /// <summary>When; null: none was.</summary>
    public DateTimeOffset? ProblemSince { get; init; }
    /// <summary>Why the ledger cannot be followed; null: it can.</summary>
    public string? LedgerProblem { get; init; }
    /// <summary>Models whose key cannot be read; they are not tried.</summary>
    public ImmutableArray<string> ModelsWithoutKey { get; init; } = [];
    /// <summary>Verifiers whose key cannot be read.</summary>
    public ImmutableArray<string> VerifiersWithoutKey { get; init; } = [];
    /// <summary>Rollouts that are open and not applied here, with the reason.</summary>
    public ImmutableArray<(long Id, string Why)> RolloutsRefused { get; init; } = [];
}

/// <summary>What going back to a revision would do.</summary>
/// <param name="Target">The revision.</param>
/// <param name="Seen">A mark of everything that was looked at: another one means that something has changed.</param>
public sealed record RollbackLook(RevisionEntry Target, string Seen)
{
    /// <summary>What it is compared with: what the file holds, or the revision in force.</summary>
    public required string Before { get; init; }
    /// <summary>What it would change; null: what is there now has faults, and cannot be compared.</summary>
    public required ImmutableArray<PolicyChange>? Changes { get; init; }
    /// <summary>Names of the files that would be written.</summary>
    public required ImmutableArray<string> Writes { get; init; }
    /// <summary>Whether the file holds an edit that is in no revision: a copy of it would be kept.</summary>
    public required bool KeepsCopy { get; init; }
    /// <summary>Whether everything is as the revision has it already.</summary>
    public required bool IsThereAlready { get; init; }
}

/// <summary>A revision was gone back to.</summary>
/// <param name="Published">The revision that it is on record as.</param>
/// <param name="Copies">Names of the copies of what was in no revision.</param>
public sealed record RollbackDone(RevisionEntry Published, ImmutableArray<string> Copies);
