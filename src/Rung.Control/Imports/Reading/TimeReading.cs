using System.Globalization;

namespace Rung.Control.Imports.Reading;

/// <summary>What a number that stands for a time counts since 1970.</summary>
public enum TimeUnit : byte
{
    /// <summary>Its size tells.</summary>
    BySize = 0,
    /// <summary>Seconds, also with a fraction.</summary>
    Seconds = 1,
    /// <summary>Milliseconds.</summary>
    Milliseconds = 2,
    /// <summary>Microseconds.</summary>
    Microseconds = 3,
    /// <summary>Nanoseconds.</summary>
    Nanoseconds = 4,
    /// <summary>None: the time is written as a date.</summary>
    Iso = 5,
}

/// <summary>Times as logs write them: numbers since 1970 in any usual unit, and dates with or without a zone.</summary>
internal static class TimeReading
{
    // 10^11 seconds are the year 5138, 10^11 milliseconds March 1973: no two units of one instant of this century share a size.
    private const decimal SecondsBelow = 1e11m;
    private const decimal MillisecondsBelow = 1e14m;
    private const decimal MicrosecondsBelow = 1e17m;

    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A number since 1970.</summary>
    /// <param name="number">The number; a fraction is read to 100 nanoseconds.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="time">The time, UTC; default when the result is false.</param>
    /// <returns>False when the time is outside 2000 to 2100: then the unit is not what it seems.</returns>
    public static bool TryEpoch(decimal number, TimeUnit unit, out DateTimeOffset time)
    {
        time = default;
        if (unit == TimeUnit.BySize) unit = UnitOf(Math.Abs(number));
        if (number < 0 || number > 5e18m) return false;
        var ticks = unit switch
        {
            TimeUnit.Seconds => number > SecondsBelow ? -1 : number * TimeSpan.TicksPerSecond,
            TimeUnit.Milliseconds => number > MillisecondsBelow ? -1 : number * TimeSpan.TicksPerMillisecond,
            TimeUnit.Microseconds => number > MicrosecondsBelow ? -1 : number * TimeSpan.TicksPerMicrosecond,
            TimeUnit.Nanoseconds => number / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        if (ticks < 0 || ticks > (Latest - DateTimeOffset.UnixEpoch).Ticks) return false;
        time = DateTimeOffset.UnixEpoch.AddTicks((long)decimal.Truncate(ticks));
        return IsBelievable(time);
    }

    /// <summary>A date and time as text, or a number since 1970 as text.</summary>
    /// <param name="text">
    /// ISO 8601 with <c>T</c> or a blank between date and time, up to nine digits of a second, a zone (<c>Z</c>, <c>UTC</c>, <c>+02</c>, <c>+0200</c>,
    /// <c>+02:00</c>) or none; or a date alone.
    /// </param>
    /// <param name="unit">What a number counts.</param>
    /// <param name="zone">The zone of a time that names none; null for UTC.</param>
    /// <param name="time">The time, UTC; default when the result is false.</param>
    public static bool TryText(ReadOnlySpan<char> text, TimeUnit unit, TimeZoneInfo? zone, out DateTimeOffset time)
    {
        time = default;
        text = text.Trim();
        if (unit != TimeUnit.Iso && NumberReading.TryDecimal(text, out var number)) return TryEpoch(number, unit, out time);
        return unit is TimeUnit.BySize or TimeUnit.Iso && TryIso(text, zone, out time) && IsBelievable(time);
    }

    /// <summary>From start to end in whole microseconds; null when one is missing or the end is before the start.</summary>
    public static long? Micros(DateTimeOffset? start, DateTimeOffset? end) =>
        start is { } from && end is { } to && to >= from ? (to - from).Ticks / TimeSpan.TicksPerMicrosecond : null;

    /// <summary>A duration in whole microseconds; null when it is negative or longer than ten years, which no call takes.</summary>
    /// <param name="duration">The number.</param>
    /// <param name="unit">Its unit; by size is taken as milliseconds.</param>
    public static long? Micros(decimal? duration, TimeUnit unit)
    {
        const decimal TenYears = 315_576_000_000_000m;
        if (duration is not (>= 0 and <= TenYears)) return null;
        var micros = unit switch
        {
            TimeUnit.Seconds => duration.Value * 1_000_000,
            TimeUnit.Microseconds => duration.Value,
            TimeUnit.Nanoseconds => duration.Value / 1_000,
            _ => duration.Value * 1_000,
        };
        return micros <= TenYears ? (long)decimal.Round(micros, MidpointRounding.AwayFromZero) : null;
    }

    /// <summary>The time inside a version 7 UUID, to the millisecond; null when it is no such UUID.</summary>
    /// <remarks>RFC 9562, section 5.7: the first 48 bits are milliseconds since 1970.</remarks>
    public static DateTimeOffset? OfUuid7(ReadOnlySpan<char> uuid)
    {
        if (uuid.Length != 36 || uuid[14] != '7' || !Guid.TryParseExact(uuid, "D", out _)) return null;
        Span<char> first = stackalloc char[12];
        uuid[..8].CopyTo(first);
        uuid[9..13].CopyTo(first[8..]);
        var milliseconds = long.Parse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return TryEpoch(milliseconds, TimeUnit.Milliseconds, out var time) ? time : null;
    }

    private static bool IsBelievable(DateTimeOffset time) => time >= Earliest && time < Latest;

    private static TimeUnit UnitOf(decimal size) => size switch
    {
        < SecondsBelow => TimeUnit.Seconds,
        < MillisecondsBelow => TimeUnit.Milliseconds,
        < MicrosecondsBelow => TimeUnit.Microseconds,
        _ => TimeUnit.Nanoseconds,
    };

    // By hand: the exact formats of the framework know neither nine digits of a second nor a zone of two digits, and a list of formats is slow.
    private static bool TryIso(ReadOnlySpan<char> text, TimeZoneInfo? zone, out DateTimeOffset time)
    {
        time = default;
        if (text.Length < 10 || text[4] != '-' || text[7] != '-') return false;
        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)) return false;
        if (year is < 1 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;

        var ticks = new DateTime(year, month, day).Ticks;
        var rest = text[10..];
        if (!rest.IsEmpty && rest[0] is 'T' or 't' or ' ')
        {
            rest = rest[1..];
            if (!TryClock(ref rest, out var clock)) return false;
            ticks += clock;
        }
        return TryZone(rest.Trim(), new DateTime(ticks), zone, out time);
    }

    private static bool TryClock(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest.Length < 5 || rest[2] != ':' || !TryDigits(rest[..2], out var hour) || !TryDigits(rest[3..5], out var minute)) return false;
        if (hour > 23 || minute > 59) return false;
        ticks = hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute;
        rest = rest[5..];
        if (rest.IsEmpty || rest[0] != ':') return true;

        if (rest.Length < 3 || !TryDigits(rest[1..3], out var second) || second > 60) return false; // 60: a leap second.
        ticks += second * TimeSpan.TicksPerSecond;
        rest = rest[3..];
        if (rest.IsEmpty || rest[0] is not ('.' or ',')) return true;

        var digits = 0;
        long fraction = 0;
        for (rest = rest[1..]; !rest.IsEmpty && char.IsAsciiDigit(rest[0]); rest = rest[1..])
        {
            if (digits < 7) fraction = fraction * 10 + (rest[0] - '0');
            digits++;
        }
        if (digits == 0) return false;
        for (; digits < 7; digits++) fraction *= 10;
        ticks += fraction;
        return true;
    }

    private static bool TryZone(ReadOnlySpan<char> rest, DateTime local, TimeZoneInfo? zone, out DateTimeOffset time)
    {
        time = default;
        if (rest.IsEmpty)
        {
            time = zone is null ? new DateTimeOffset(local, TimeSpan.Zero) : new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
            return true;
        }
        if (rest is "Z" or "z" || rest.Equals("UTC", StringComparison.OrdinalIgnoreCase) || rest.Equals("GMT", StringComparison.OrdinalIgnoreCase))
        {
            time = new DateTimeOffset(local, TimeSpan.Zero);
            return true;
        }
        if (!TryOffset(rest, out var offset)) return false;
        time = new DateTimeOffset(local, offset).ToUniversalTime();
        return true;
    }

    /// <summary>An offset from UTC: <c>+02</c>, <c>+0200</c>, <c>+02:00</c>, at most 14 hours.</summary>
    internal static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text.Length < 3 || text[0] is not ('+' or '-') || !TryDigits(text[1..3], out var hours)) return false;
        var minutes = 0;
        var rest = text[3..];
        if (!rest.IsEmpty && rest[0] == ':') rest = rest[1..];
        if (!rest.IsEmpty && (rest.Length != 2 || !TryDigits(rest, out minutes))) return false;
        if (minutes > 59 || hours * 60 + minutes > 14 * 60) return false;
        offset = TimeSpan.FromMinutes((text[0] == '-' ? -1 : 1) * (hours * 60 + minutes));
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
