using System.Collections.Immutable;

namespace Rung.Storage.Revisions;

/// <summary>A revision that the control loop is about to publish.</summary>
public sealed record AutomaticRevision
{
    /// <summary>Who is named as the author of every automatic revision and event.</summary>
    public const string By = "rung";

    /// <summary>Content hash over the text and the files.</summary>
    public required string Hash { get; init; }
    /// <summary>The document.</summary>
    public required string Text { get; init; }
    /// <summary>The files that it includes, by their path as written.</summary>
    public required ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files { get; init; }
    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }
    /// <summary>Content hash of what the policy file holds; null when that is not known.</summary>
    public required string? FileHash { get; init; }
    /// <summary>The number of the revision in force on which it was decided: when another is newer by now, nothing is published.</summary>
    public required long After { get; init; }
}
