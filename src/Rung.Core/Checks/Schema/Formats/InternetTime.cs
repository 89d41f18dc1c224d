namespace Rung.Core.Checks.Schema.Formats;

/// <summary>Dates and times of the internet: RFC 3339, section 5.6. <c>T</c> and <c>Z</c> may be small letters, as the section allows.</summary>
internal static class InternetTime
{
    private const int MinutesPerDay = 24 * 60;
    /// <summary>Length of <c>2026-11-22</c>.</summary>
    private const int DateLength = 10;

    /// <summary><c>date-time</c>: a full date, <c>T</c>, a full time.</summary>
    internal static bool IsDateTime(ReadOnlySpan<char> text) =>
        text.Length > DateLength && text[DateLength] is 'T' or 't' && IsDate(text[..DateLength]) && IsTime(text[(DateLength + 1)..]);

    /// <summary><c>date</c>: <c>full-date</c>, a day that exists in the Gregorian calendar carried back to year 0.</summary>
    internal static bool IsDate(ReadOnlySpan<char> text)
    {
        if (text.Length != DateLength || text[4] != '-' || text[7] != '-') return false;
        if (!TryTwoDigits(text, at: 0, out var century) || !TryTwoDigits(text, at: 2, out var yearOfCentury)) return false;
        if (!TryTwoDigits(text, at: 5, out var month) || !TryTwoDigits(text, at: 8, out var day)) return false;
        return month is >= 1 and <= 12 && day >= 1 && day <= DaysIn((century * 100) + yearOfCentury, month);
    }

    /// <summary><c>time</c>: <c>full-time</c>. Second 60 only where a leap second can fall: in the last minute of a day of UTC.</summary>
    internal static bool IsTime(ReadOnlySpan<char> text)
    {
        if (text.Length < "00:00:00Z".Length || text[2] != ':' || text[5] != ':') return false;
        if (!TryTwoDigits(text, at: 0, out var hour) || !TryTwoDigits(text, at: 3, out var minute) || !TryTwoDigits(text, at: 6, out var second)) return false;
        if (hour > 23 || minute > 59 || second > 60) return false;

        var zone = text[8..];
        if (zone[0] == '.')
        {
            var digits = zone[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0) return false; // No digit, or nothing behind them.
            zone = zone[(1 + digits)..];
        }
        if (!TryOffset(zone, out var offsetMinutes)) return false;
        var minuteOfUtcDay = ((hour * 60) + minute - offsetMinutes + (2 * MinutesPerDay)) % MinutesPerDay;
        return second < 60 || minuteOfUtcDay == MinutesPerDay - 1;
    }

    private static bool TryOffset(ReadOnlySpan<char> zone, out int minutes)
    {
        minutes = 0;
        if (zone is "Z" or "z") return true;
        if (zone.Length != "+00:00".Length || zone[0] is not ('+' or '-') || zone[3] != ':') return false;
        if (!TryTwoDigits(zone, at: 1, out var hour) || !TryTwoDigits(zone, at: 4, out var minute) || hour > 23 || minute > 59) return false;
        minutes = (zone[0] == '-' ? -1 : 1) * ((hour * 60) + minute);
        return true;
    }

    private static int DaysIn(int year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    private static bool TryTwoDigits(ReadOnlySpan<char> text, int at, out int number)
    {
        number = 0;
        if (!char.IsAsciiDigit(text[at]) || !char.IsAsciiDigit(text[at + 1])) return false;
        number = ((text[at] - '0') * 10) + text[at + 1] - '0';
        return true;
    }
}
