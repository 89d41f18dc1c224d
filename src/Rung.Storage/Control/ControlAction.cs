namespace Rung.Storage.Control;

/// <summary>What the control loop did about a tag. Stored in the ledger: add at the end, never renumber.</summary>
public enum ControlActionKind : byte
{
    /// <summary>It moved the route to a stronger tier.</summary>
    Demoted = 1,
    /// <summary>It would have, and only said so.</summary>
    Proposed = 2,
}

/// <summary>One thing that the control loop did, or would have done, to the route of a tag. Rows are only ever added.</summary>
public sealed record ControlAction
{
    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>What.</summary>
    public required ControlActionKind Kind { get; init; }
    /// <summary>The tag.</summary>
    public required string Tag { get; init; }
    /// <summary>The tier before.</summary>
    public required string From { get; init; }
    /// <summary>The tier after.</summary>
    public required string To { get; init; }
    /// <summary>The automatic revision that did it; null for a proposal.</summary>
    public long? Revision { get; init; }
    /// <summary>Why, in words with the numbers.</summary>
    public required string Why { get; init; }
}
