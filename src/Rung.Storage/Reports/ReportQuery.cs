using System.Globalization;

namespace Rung.Storage.Reports;

/// <summary>What the rows of a report stand for.</summary>
public enum ReportGrouping
{
    /// <summary>One row a tag, as the client gave it.</summary>
    Tag,
    /// <summary>One row a role.</summary>
    Role,
    /// <summary>One row a rung. The rows are about attempts.</summary>
    Tier,
    /// <summary>One row a model. The rows are about attempts.</summary>
    Model,
    /// <summary>One row a session.</summary>
    Session,
    /// <summary>One row a day, UTC: <c>2026-11-22</c>.</summary>
    Day,
    /// <summary>One row a route of the policy.</summary>
    Route,
}

/// <summary>Which calls to add up, and how.</summary>
public sealed record ReportQuery
{
    /// <summary>What the rows stand for.</summary>
    public ReportGrouping By { get; init; } = ReportGrouping.Tag;
    /// <summary>Calls that started at this instant or later; null: from the first one.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Calls that started before this instant; null: to the last one.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>At most so many rows, at least 1: the costliest ones, or the newest days; null: all. The totals are always over all.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// Reads an instant as people write it: a span back from now (<c>90m</c>, <c>24h</c>, <c>7d</c>, <c>2w</c>), the begin of a calendar month (<c>month</c>, <c>last-month</c>, <c>2026-10</c>), or an
    /// ISO 8601 date or time (UTC unless it says otherwise).
    /// </summary>
    /// <param name="text">What was written.</param>
    /// <param name="now">The present.</param>
    /// <param name="instant">The instant, UTC.</param>
    /// <returns>False for anything else.</returns>
    public static bool TryParseInstant(string text, DateTimeOffset now, out DateTimeOffset instant)
    {
        ArgumentNullException.ThrowIfNull(text);
        instant = default;
        if (text.Length >= 2 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && UnitMinutes(text[^1]) is { } minutes)
        {
            var back = (decimal)count * minutes * TimeSpan.TicksPerMinute;
            if (back > now.UtcTicks) return false; // Before the year 1.
            instant = now.ToUniversalTime() - TimeSpan.FromTicks((long)back);
            return true;
        }
        if (text is "month" or "last-month")
        {
            var today = now.UtcDateTime;
            if (text == "last-month" && today is { Year: 1, Month: 1 }) return false;
            var month = new DateTimeOffset(today.Year, today.Month, 1, 0, 0, 0, TimeSpan.Zero);
            instant = text == "month" ? month : month.AddMonths(-1);
            return true;
        }
        return DateTimeOffset.TryParseExact(text, IsoFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);
    }

    private static int? UnitMinutes(char unit) => unit switch { 'm' => 1, 'h' => 60, 'd' => 24 * 60, 'w' => 7 * 24 * 60, _ => null };

    private static readonly string[] IsoFormats =
    [
        "yyyy-MM", "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm", "yyyy-MM-dd' 'HH:mm:ss",
    ];
}
