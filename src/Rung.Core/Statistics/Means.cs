namespace Rung.Core.Statistics;

/// <summary>Ordinary 95 % intervals of shares and means, for tables: they are looked at once, and no decision is made on them.</summary>
public static class Means
{
    private const double Z = 1.959964;

    // Student's quantiles by their degrees of freedom, from 1: a page draws thousands of intervals, and each quantile takes some 10 µs to find.
    private static readonly double[] Student = [.. Enumerable.Range(1, 119).Select(freedom => StudentT.TwoSided(0.95, freedom))];

    /// <summary>Interval of a share.</summary>
    /// <param name="events">Events, 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">Trials, at least 0.</param>
    /// <returns>Null without trials.</returns>
    /// <remarks>Wilson's: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209–212.</remarks>
    public static Interval? OfShare(double events, double trials)
    {
        if (!(trials > 0)) return null;
        return Wilson(events / trials, trials, Z);
    }

    /// <summary>Interval of the mean of values in [0, 1].</summary>
    /// <param name="sum">Their sum.</param>
    /// <param name="squares">Sum of their squares.</param>
    /// <param name="count">How many, independent of one another.</param>
    /// <returns>Null without values.</returns>
    /// <remarks>
    /// Wilson's at the effective number p(1 − p) / variance of the mean, which is the count where values are only right or wrong and more where they lie closer together,
    /// with Student's t up to 120 values (E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998), 193–201).
    /// </remarks>
    public static Interval? Of(double sum, double squares, long count)
    {
        if (count < 1) return null;
        var mean = Math.Clamp(sum / count, 0, 1);
        if (count == 1) return new Interval(mean, 0, 1);
        var variance = Math.Max(0, (squares - (sum * sum / count)) / (count - 1)) / count;
        var spread = mean * (1 - mean);
        var effective = variance > 1e-15 && spread > 1e-12 ? Math.Max(count, spread / variance) : count;
        return Wilson(mean, effective, QuantileOf(count));
    }

    /// <summary>Interval of the mean of values of any size.</summary>
    /// <param name="sum">Their sum.</param>
    /// <param name="squares">Sum of their squares.</param>
    /// <param name="count">How many, independent of one another.</param>
    /// <returns>Null with fewer than two values.</returns>
    /// <remarks>Student, Biometrika 6 (1908), 1–25. For values with a long tail it needs some hundreds.</remarks>
    public static Interval? OfAmounts(double sum, double squares, long count)
    {
        if (count < 2) return null;
        var mean = sum / count;
        var error = Math.Sqrt(Math.Max(0, (squares - (sum * sum / count)) / (count - 1)) / count);
        var half = error * QuantileOf(count);
        return new Interval(mean, mean - half, mean + half);
    }

    /// <summary>Interval of a ratio of two sums over independent units, Σy / Σx.</summary>
    /// <param name="y">Σy.</param>
    /// <param name="x">Σx, above 0.</param>
    /// <param name="yy">Σy².</param>
    /// <param name="xy">Σxy.</param>
    /// <param name="xx">Σx².</param>
    /// <param name="units">How many units.</param>
    /// <returns>Null with fewer than two units, or when Σx is not above 0.</returns>
    /// <remarks>The linearised variance: W. G. Cochran, Sampling Techniques, 1977, §2.11.</remarks>
    public static Interval? OfRatio(double y, double x, double yy, double xy, double xx, long units)
    {
        if (units < 2 || !(x > 0)) return null;
        var ratio = y / x;
        var residuals = Math.Max(0, yy - (2 * ratio * xy) + (ratio * ratio * xx));
        var error = Math.Sqrt(residuals * units / (units - 1.0)) / x;
        var half = error * QuantileOf(units);
        return new Interval(ratio, ratio - half, ratio + half);
    }

    /// <summary>Interval of a mean score: Σy of values in [0, 1] over their number Σx, in independent units.</summary>
    /// <param name="y">Σy.</param>
    /// <param name="x">Σx.</param>
    /// <param name="yy">Σy².</param>
    /// <param name="xy">Σxy.</param>
    /// <param name="xx">Σx².</param>
    /// <param name="units">How many units.</param>
    /// <returns>Null without units; all of [0, 1] for one.</returns>
    /// <remarks>The linearised variance as of <see cref="OfRatio"/>, and Wilson's interval at the effective number p(1 − p) / variance; where all scores are alike, at the number of units.</remarks>
    public static Interval? OfScores(double y, double x, double yy, double xy, double xx, long units)
    {
        if (units < 1 || !(x > 0)) return null;
        var mean = Math.Clamp(y / x, 0, 1);
        if (units == 1) return new Interval(mean, 0, 1);
        var variance = Math.Max(0, yy - (2 * mean * xy) + (mean * mean * xx)) * units / (units - 1.0) / (x * x);
        var spread = mean * (1 - mean);
        var effective = variance > 1e-12 && spread > 1e-9 ? spread / variance : units;
        return Wilson(mean, effective, QuantileOf(units));
    }

    // Of the mean of so many values, at least 2.
    private static double QuantileOf(long count) => count > 120 ? Z : Student[count - 2];

    private static Interval Wilson(double p, double n, double z)
    {
        var square = z * z / n;
        var centre = (p + (square / 2)) / (1 + square);
        var half = z / (1 + square) * Math.Sqrt((p * (1 - p) / n) + (square / (4 * n)));
        return new Interval(p, Math.Clamp(Math.Min(centre - half, p), 0, 1), Math.Clamp(Math.Max(centre + half, p), 0, 1));
    }
}
