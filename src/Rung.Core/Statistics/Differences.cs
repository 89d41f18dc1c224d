namespace Rung.Core.Statistics;

/// <summary>Differences of two estimates that come from different, independent data, for tables: they are looked at once, and no decision is made on them.</summary>
public static class Differences
{
    /// <summary>The difference of two estimates with the interval that follows from theirs.</summary>
    /// <param name="one">An estimate with its interval.</param>
    /// <param name="other">What is taken from it; its interval is of the same confidence.</param>
    /// <returns>At the confidence of the two. An interval without 0 says that the difference is more than chance.</returns>
    /// <remarks>
    /// The ends are found from those of the two intervals, which need not be symmetric: R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890 (method 10); for any two
    /// parameters G. Y. Zou, A. Donner, Statistics in Medicine 27 (2008), 1693–1702.
    /// </remarks>
    public static Interval Of(Interval one, Interval other)
    {
        var difference = one.Estimate - other.Estimate;
        return new Interval(
            difference,
            difference - Hypotenuse(one.Estimate - one.Low, other.High - other.Estimate),
            difference + Hypotenuse(one.High - one.Estimate, other.Estimate - other.Low));
    }

    private static double Hypotenuse(double a, double b) => Math.Sqrt((a * a) + (b * b));
}
