using System.Globalization;

namespace Rung.Storage.Sqlite;

/// <summary>
/// A window of time as SQLite can find it without an index on time: ids begin with their millisecond (RFC 9562, UUID version 7), so a
/// range of ids narrows the scan, and the exact instants then decide. An index on the instant was measured at 1 to 2 µs more per written
/// call; a day of slack on either side costs a report next to nothing.
/// </summary>
/// <param name="FromId">An id before every one that may lie in the window: a beginning of ids, which is never one itself.</param>
/// <param name="ToId">An id behind every one that may lie in it.</param>
/// <param name="FromMicros">First instant of the window.</param>
/// <param name="ToMicros">First instant after it.</param>
internal readonly record struct IdWindow(string FromId, string ToId, long FromMicros, long ToMicros)
{
    // By how much the clock of an id may differ from the start of its call.
    private static readonly TimeSpan Slack = TimeSpan.FromDays(1);

    /// <summary>Behind every id: behind every hexadecimal digit.</summary>
    public const string End = "~";

    private const long MostMilliseconds = (1L << 48) - 1;

    /// <summary>The window of [since, until); null is open.</summary>
    public static IdWindow Of(DateTimeOffset? since, DateTimeOffset? until) => new(
        since is { } from ? Prefix(from, -Slack) : "",
        until is { } to ? Prefix(to, Slack) : End,
        since is { } first ? CeilingMicros(first) : long.MinValue,
        until is { } last ? CeilingMicros(last) : long.MaxValue);

    /// <summary>The rest of it behind an id: one bound that the tree can be entered by, so that the last page costs no more than the first.</summary>
    public IdWindow Behind(string? id) => id is null ? this : this with { FromId = id };

    /// <summary>The rest of it before an id.</summary>
    public IdWindow Before(string? id) => id is null ? this : this with { ToId = id };

    /// <summary>Binds the parameters 1 to 4 in the order of the members.</summary>
    public void Bind(Statement statement)
    {
        statement.Bind(1, FromId);
        statement.Bind(2, ToId);
        statement.Bind(3, FromMicros);
        statement.Bind(4, ToMicros);
    }

    // An instant between two microseconds lies behind the calls of the earlier one, as the ledger keeps them.
    private static long CeilingMicros(DateTimeOffset instant) =>
        UnixMicros.From(instant) + (instant.UtcTicks % TimeSpan.TicksPerMicrosecond == 0 ? 0 : 1);

    /// <summary>How ids of that millisecond begin, moved by a slack.</summary>
    public static string Prefix(DateTimeOffset instant, TimeSpan slack = default) =>
        Math.Clamp(instant.ToUnixTimeMilliseconds() + (long)slack.TotalMilliseconds, 0, MostMilliseconds).ToString("x12", CultureInfo.InvariantCulture);
}
