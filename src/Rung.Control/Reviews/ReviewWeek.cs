using System.Globalization;

namespace Rung.Control.Reviews;

/// <summary>A week from Monday to Sunday in UTC, as ISO 8601 numbers them.</summary>
/// <param name="Year">Year of the week, which may differ from the year of its first days.</param>
/// <param name="Week">1 to 53.</param>
public readonly record struct ReviewWeek(int Year, int Week)
{
    /// <summary>The week that an instant lies in.</summary>
    public static ReviewWeek Of(DateTimeOffset instant) => new(ISOWeek.GetYear(instant.UtcDateTime), ISOWeek.GetWeekOfYear(instant.UtcDateTime));

    /// <summary>Reads <c>2026-W48</c>.</summary>
    public static bool TryParse(string? text, out ReviewWeek week)
    {
        week = default;
        if (text is not { Length: 8 } || text[4] != '-' || text[5] is not ('W' or 'w')) return false;
        if (!int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) || year is < 1970 or > 9000) return false;
        if (!int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > ISOWeek.GetWeeksInYear(year)) return false;
        week = new ReviewWeek(year, number);
        return true;
    }

    /// <summary>Its first instant, UTC.</summary>
    public DateTimeOffset Since => new(ISOWeek.ToDateTime(Year, Week, DayOfWeek.Monday), TimeSpan.Zero);

    /// <summary>The first instant after it, UTC.</summary>
    public DateTimeOffset Until => Since.AddDays(7);

    /// <summary>How much of it has passed, 0 to 1.</summary>
    public double Elapsed(DateTimeOffset now) => Math.Clamp((now - Since) / (Until - Since), 0, 1);

    /// <summary>As in <c>2026-W48</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-W{Week:00}");
}
