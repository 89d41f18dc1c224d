using Rung.Core.Spans;

namespace Rung.Storage.Calls;

/// <summary>Which calls to look for, the newest first. Everything that is given must match.</summary>
public sealed record CallSearch
{
    /// <summary>Most calls that a page may have.</summary>
    public const int MostLimit = 500;

    /// <summary>Calls that started at this instant or later; null: from the first one.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Calls that started before this instant; null: to the last one.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>Calls of this tag.</summary>
    public string? Tag { get; init; }
    /// <summary>Calls that have no tag, rather than those of <see cref="Tag"/>.</summary>
    public bool Untagged { get; init; }
    /// <summary>Calls of this role.</summary>
    public string? Role { get; init; }
    /// <summary>Calls of this route.</summary>
    public string? Route { get; init; }
    /// <summary>Calls of this session.</summary>
    public string? Session { get; init; }
    /// <summary>Calls of this end user.</summary>
    public string? User { get; init; }
    /// <summary>Calls of which an attempt went to this model, whoever answered.</summary>
    public string? Model { get; init; }
    /// <summary>Calls of which an attempt went to this rung, whoever answered.</summary>
    public string? Tier { get; init; }
    /// <summary>Calls that ended like this.</summary>
    public CallStatus? Status { get; init; }
    /// <summary>Calls that climbed at least one rung, or those that did not.</summary>
    public bool? Escalated { get; init; }
    /// <summary>Calls for which another model of the rung stood in, or those for which none did.</summary>
    public bool? FailedOver { get; init; }
    /// <summary>Calls with an attempt of unknown price, or those without.</summary>
    public bool? UnknownPrice { get; init; }
    /// <summary>Calls whose known cost is at least this, nano-USD.</summary>
    public long? MinCostNanoUsd { get; init; }
    /// <summary>Calls that took at least this long, microseconds.</summary>
    public long? MinLatencyMicros { get; init; }
    /// <summary>Calls on this arm of a rollout (<c>7:candidate</c>).</summary>
    public string? Arm { get; init; }
    /// <summary>Calls that this revision of the policy decided.</summary>
    public long? Revision { get; init; }
    /// <summary>At most so many calls, 1 to <see cref="MostLimit"/>.</summary>
    public int Limit { get; init; } = 50;
    /// <summary>Goes on behind (before, in time) this place: <see cref="CallSearchPage.Next"/> of the page before; null: begins with the newest.</summary>
    public string? After { get; init; }
}

/// <summary>Some of the calls that were looked for, the newest first.</summary>
public sealed record CallSearchPage
{
    /// <summary>The calls with their attempts and checks, at most <see cref="CallSearch.Limit"/>; fewer, or none, do not mean that there are no more.</summary>
    public required IReadOnlyList<CallRecord> Calls { get; init; }
    /// <summary>Where to go on (<see cref="CallSearch.After"/>); null: there are no more.</summary>
    public required string? Next { get; init; }
    /// <summary>Calls whose id was made at this instant or later have been looked at; null when all of the search's time have.</summary>
    public DateTimeOffset? LookedBackTo { get; init; }
    /// <summary>Calls that were looked at for this page. A rare kind is looked for in parts, so that no page takes long.</summary>
    public required long Looked { get; init; }
    /// <summary>Whether the page ended because it had looked for long enough, and not because it was full.</summary>
    public bool IsCutShort => Next is not null && LookedBackTo is not null && IsBudgetUsed;
    internal bool IsBudgetUsed { get; init; }
}
