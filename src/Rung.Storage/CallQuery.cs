namespace Rung.Storage;

/// <summary>Which calls to read.</summary>
public sealed record CallQuery
{
    /// <summary>Calls that started at this instant or later; null: from the first one.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Calls that started before this instant; null: to the last one.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>Calls of this tag; null: of any tag or none.</summary>
    public string? Tag { get; init; }
    /// <summary>Calls that took part in this rollout, on any arm; null: whether or not they took part in one.</summary>
    public long? Rollout { get; init; }
    /// <summary>At most so many calls, at least 1; null: all.</summary>
    public int? Limit { get; init; }
    /// <summary>The newest call first; else the oldest.</summary>
    public bool NewestFirst { get; init; }
}
