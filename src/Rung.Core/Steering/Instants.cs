using System.Globalization;

namespace Rung.Core.Steering;

/// <summary>Instants and numbers as alerts say them.</summary>
internal static class Instants
{
    /// <summary><c>14:05 UTC</c> of the same day, <c>Tuesday 14:05 UTC</c> within a week, else <c>12 November 14:05 UTC</c>.</summary>
    public static string Words(DateTimeOffset at, DateTimeOffset now)
    {
        var (then, today) = (at.UtcDateTime, now.UtcDateTime);
        var form = then.Date == today.Date ? "HH:mm 'UTC'" : today - then < TimeSpan.FromDays(6) && then <= today ? "dddd HH:mm 'UTC'" : "d MMMM HH:mm 'UTC'";
        return then.ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary><c>since revision 14 on Tuesday</c> where that had just come into force, else <c>since Tuesday 14:05 UTC (revision 14)</c>.</summary>
    public static string Since(WatchedMean mean, DateTimeOffset now)
    {
        if (mean.OutRevision == 0) return $"since {Words(mean.OutSince, now)}";
        if (!mean.IsRevisionNew) return $"since {Words(mean.OutSince, now)} (revision {mean.OutRevision})";
        var (then, today) = (mean.OutSince.UtcDateTime, now.UtcDateTime);
        if (then.Date == today.Date) return $"since revision {mean.OutRevision} at {Words(mean.OutSince, now)}";
        var day = today - then < TimeSpan.FromDays(6) && then <= today ? "dddd" : "d MMMM";
        return $"since revision {mean.OutRevision} on {then.ToString(day, CultureInfo.InvariantCulture)}";
    }

    /// <summary>For <c>--since</c> of a command.</summary>
    public static string Option(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary><c>0.951 ± 0.012</c>.</summary>
    public static string PlusMinus(Statistics.Interval interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{interval.Estimate:0.000} ± {Math.Max(interval.High - interval.Estimate, interval.Estimate - interval.Low):0.000}");

    /// <summary><c>8.1 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    /// <summary><c>$0.000412</c>: three digits that say something.</summary>
    public static string Usd(double nanoUsd)
    {
        var usd = nanoUsd / 1e9;
        if (Math.Abs(usd) < 1e-9) return "$0.00";
        var digits = usd >= 100 ? 2 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(usd))), 2, 9);
        return "$" + usd.ToString($"F{digits}", CultureInfo.InvariantCulture);
    }
}
