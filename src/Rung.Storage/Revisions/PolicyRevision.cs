using System.Collections.Immutable;

namespace Rung.Storage.Revisions;

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
}

/// <summary>A revision whole: all that is needed to go back to it.</summary>
public sealed record PolicyRevision : RevisionEntry
{
    /// <summary>The policy document as it was written.</summary>
    public required string Text { get; init; }
    /// <summary>The files that it includes (schemas), by their path as written.</summary>
    public required ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files { get; init; }
}
