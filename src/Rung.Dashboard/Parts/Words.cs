using System.Globalization;
using Rung.Core.Statistics;

namespace Rung.Dashboard.Parts;

/// <summary>How figures are written for people: one way for every page. Every text has its unit; what is not known says so.</summary>
public static class Words
{
    /// <summary>What stands for a number that nobody knows.</summary>
    public const string Unknown = "unknown";

    /// <summary>What stands for a number that too few data are behind.</summary>
    public const string NotYet = "not enough data yet";

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>Nano-USD as US dollars: as many decimals as the amount needs, at least two.</summary>
    public static string Usd(long nanoUsd) => UsdOf(nanoUsd / 1_000_000_000m);

    /// <summary>The same for an amount that may not be known.</summary>
    public static string Usd(long? nanoUsd) => nanoUsd is { } known ? Usd(known) : Unknown;

    /// <summary>The same for an estimate, which is no whole number.</summary>
    public static string Usd(double nanoUsd) => double.IsFinite(nanoUsd) ? UsdOf((decimal)Math.Clamp(nanoUsd / 1e9, -1e18, 1e18)) : Unknown;

    /// <summary>An estimate of nano-USD with its interval.</summary>
    public static string UsdRange(Interval nanoUsd) => $"{Usd(nanoUsd.Low)} to {Usd(nanoUsd.High)}";

    /// <summary>Nano-USD as a number of US dollars, exact to the nano-dollar, for files.</summary>
    public static decimal UsdNumber(long nanoUsd) => nanoUsd / 1_000_000_000m;

    /// <summary>A share as a percentage; what is more than nothing is never 0.</summary>
    public static string Share(double share) => double.IsFinite(share) ? (share is > 0 and < 0.0005 ? "< 0.1 %" : string.Create(Plain, $"{Math.Round(share * 100, 1) + 0.0:0.#} %")) : Unknown;

    /// <summary>A share that may not be known.</summary>
    public static string Share(double? share) => share is { } known ? Share(known) : NotYet;

    /// <summary>A share's interval.</summary>
    public static string ShareRange(Interval share) => string.Create(Plain, $"{share.Low * 100:0.#} to {share.High * 100:0.#} %");

    /// <summary>A difference of two shares, in points.</summary>
    public static string Points(double difference) => string.Create(Plain, $"{difference * 100:+0.#;-0.#;0} points");

    /// <summary>A relative change.</summary>
    public static string Change(double ratio) => double.IsFinite(ratio) ? string.Create(Plain, $"{(ratio - 1) * 100:+0.#;-0.#;0} %") : Unknown;

    /// <summary>A count.</summary>
    public static string Count(long number) => number.ToString("#,0", Plain);

    /// <summary>A count with its word.</summary>
    public static string Count(long number, string word, string? plural = null) => $"{Count(number)} {(number == 1 ? word : plural ?? word + "s")}";

    /// <summary>A time that is given in microseconds.</summary>
    public static string Time(double micros) => micros switch
    {
        double.NaN => Unknown,
        < 10_000 => string.Create(Plain, $"{micros / 1000:0.#} ms"),
        < 1_000_000 => string.Create(Plain, $"{micros / 1000:0} ms"),
        < 60_000_000 => string.Create(Plain, $"{micros / 1_000_000:0.0#} s"),
        _ => string.Create(Plain, $"{micros / 60_000_000:0.#} min"),
    };

    /// <summary>A span, in its two greatest units.</summary>
    public static string Span(TimeSpan span) => span.Duration() switch
    {
        { TotalSeconds: < 60 } short_ => string.Create(Plain, $"{short_.TotalSeconds:0} s"),
        { TotalMinutes: < 60 } minutes => string.Create(Plain, $"{(int)minutes.TotalMinutes} min"),
        { TotalHours: < 48 } hours => string.Create(Plain, $"{(int)hours.TotalHours} h{(hours.Minutes > 0 ? $" {hours.Minutes} min" : "")}"),
        var days => string.Create(Plain, $"{(int)days.TotalDays} days"),
    };

    /// <summary>A number of days with parts of one.</summary>
    public static string Days(double days) => string.Create(Plain, $"{days:0.#} {(Math.Round(days, 1) == 1 ? "day" : "days")}");

    /// <summary>How long ago something was.</summary>
    public static string Ago(DateTimeOffset now, DateTimeOffset then) => now - then < TimeSpan.FromSeconds(1) ? "now" : $"{Span(now - then)} ago";

    /// <summary>An instant to the minute, UTC.</summary>
    public static string When(DateTimeOffset then) => then.UtcDateTime.ToString("yyyy-MM-dd HH:mm", Plain);

    /// <summary>An instant to the second, UTC.</summary>
    public static string WhenExactly(DateTimeOffset then) => then.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", Plain);

    /// <summary>A day.</summary>
    public static string Day(DateTimeOffset then) => then.UtcDateTime.ToString("yyyy-MM-dd", Plain);

    /// <summary>Bytes.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(Plain, $"{bytes} B"),
        < 1024 * 1024 => string.Create(Plain, $"{bytes / 1024.0:0.#} KiB"),
        < 1024L * 1024 * 1024 => string.Create(Plain, $"{bytes / (1024.0 * 1024):0.#} MiB"),
        _ => string.Create(Plain, $"{bytes / (1024.0 * 1024 * 1024):0.##} GiB"),
    };

    private static string UsdOf(decimal usd)
    {
        var sign = usd < 0 ? "-" : "";
        return Math.Abs(usd) switch
        {
            0 => "$0.00",
            < 0.01m and var small => string.Create(Plain, $"{sign}${small:0.000000}"),
            < 10m and var some => string.Create(Plain, $"{sign}${some:0.0000}"),
            var more => string.Create(Plain, $"{sign}${more:#,0.00}"),
        };
    }
}
