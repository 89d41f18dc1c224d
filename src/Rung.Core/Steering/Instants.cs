using System.Globalization;

namespace Rung.Core.Steering;

/// <summary>Instants and numbers as alerts say them.</summary>
internal static class Instants
{
    /// <summary><c>2026-11-17 14:05 UTC</c>: with its date, because sentences are kept, sent on and read days later.</summary>
    public static string Words(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary><c>since revision 14 at 2026-11-17 14:05 UTC</c> where that had just come into force, else <c>since 2026-11-17 14:05 UTC (revision 14)</c>.</summary>
    public static string Since(WatchedMean mean) =>
        mean.OutRevision == 0 ? $"since {Words(mean.OutSince)}"
        : mean.IsRevisionNew ? $"since revision {mean.OutRevision} at {Words(mean.OutSince)}"
        : $"since {Words(mean.OutSince)} (revision {mean.OutRevision})";

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
