using System.Collections.Immutable;

namespace Rung.Storage.Revisions;

/// <summary>How a revision came about. Stored in the ledger: add at the end, never renumber.</summary>
public enum RevisionOrigin : byte
{
    /// <summary>A person changed the policy, or took one back.</summary>
    Person = 0,
    /// <summary>The control loop: a demotion, or a rollout that was completed.</summary>
    Automatic = 1,
    /// <summary>Stored for a rollout. Never in force by itself, and never the newest.</summary>
    Candidate = 2,
}

/// <summary>One immutable, stored version of the policy: who made it what and why.</summary>
public record RevisionEntry
{
    /// <summary>Number, from 1, without gaps.</summary>
    public required long Number { get; init; }
    /// <summary>Content hash over the text and every included file, 64 lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }
    /// <summary>Who published it.</summary>
    public required string Author { get; init; }
    /// <summary>Why.</summary>
    public required string Reason { get; init; }
    /// <summary>When, UTC, to the microsecond.</summary>
    public required DateTimeOffset PublishedAt { get; init; }
    /// <summary>How it came about.</summary>
    public RevisionOrigin Origin { get; init; }
    /// <summary>
    /// For an automatic revision, the content hash of what the policy file held when it was made: as long as the file still holds that, the automatic
    /// revision stays in force, also after a restart. Null for others.
    /// </summary>
    public string? FileHash { get; init; }
}

/// <summary>A revision whole: all that is needed to go back to it.</summary>
public sealed record PolicyRevision : RevisionEntry
{
    /// <summary>The policy document as it was written.</summary>
    public required string Text { get; init; }
    /// <summary>The files that it includes (schemas), by their path as written.</summary>
    public required ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files { get; init; }
}
