namespace Rung.Core.Statistics;

/// <summary>
/// Interval of a mean of bounded values that keeps its word at thirty to fifty values near an end of their range, where Student's alone covers too rarely.
/// </summary>
/// <remarks>
/// Student's t with the skewness taken out (P. Hall, J. R. Stat. Soc. B 54 (1992), 221–228); two imagined values, one at each end of the range, are added to the
/// spread, not to the mean (as A. Agresti and B. A. Coull do for shares: Am. Stat. 52 (1998)). Weights by linearisation, with L. Kish's effective sample size for degrees of freedom.
/// </remarks>
internal static class MeanInterval
{
    /// <summary>The interval.</summary>
    /// <param name="values">At least one value; each in the range.</param>
    /// <param name="weights">As many, each above 0; empty: all alike.</param>
    /// <param name="least">Lower end of the range.</param>
    /// <param name="most">Upper end of the range.</param>
    /// <param name="confidence">Above 0 and below 1, two-sided.</param>
    public static Interval Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights, double least, double most, double confidence)
    {
        var (sum, squaredWeights, mean) = (0.0, 0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            sum += weight;
            squaredWeights += weight * weight;
            mean += weight * values[i];
        }
        mean /= sum;
        var effective = sum * sum / squaredWeights;
        var scale = values.Length / sum;
        var moments = new Moments();
        for (var i = 0; i < values.Length; i++) moments.Add((weights.IsEmpty ? 1 : weights[i] * scale) * (values[i] - mean));
        moments.Add(least - mean);
        moments.Add(most - mean);
        var (low, high) = moments.Bounds(confidence, Math.Max(1, effective - 1));
        return new Interval(mean, Math.Clamp(mean + low, least, mean), Math.Clamp(mean + high, mean, most));
    }
}

/// <summary>Sums of powers of deviations from a mean, those of two imagined values among them.</summary>
internal struct Moments
{
    private int _count;
    private double _squares, _cubes;

    /// <summary>Adds a deviation.</summary>
    public void Add(double deviation)
    {
        _count++;
        _squares += deviation * deviation;
        _cubes += deviation * deviation * deviation;
    }

    /// <summary>Bounds of the mean, as distances from its estimate: the first at most 0, the second at least 0.</summary>
    /// <param name="confidence">Two-sided.</param>
    /// <param name="degrees">Degrees of freedom.</param>
    public readonly (double Low, double High) Bounds(double confidence, double degrees)
    {
        if (_count < 2 || _squares <= 0) return (0, 0);
        var deviation = Math.Sqrt(_squares / (_count - 1));
        // The two imagined values add to the spread, but are no evidence.
        var root = Math.Sqrt(Math.Max(1, _count - 2));
        var error = deviation / root;
        var skew = _cubes / _count / (deviation * deviation * deviation) / root;
        var t = StudentT.TwoSided(confidence, degrees);
        return (Math.Min(0, -error * Straight(t, skew)), Math.Max(0, -error * Straight(-t, skew)));
    }

    /// <summary>The inverse of Hall's cubic transformation, with the skewness already divided by the root of the sample size.</summary>
    private static double Straight(double t, double skew) =>
        Math.Abs(skew) < 1e-9 ? t : 3 / skew * (Math.Cbrt(1 + (skew * (t - (skew / 6)))) - 1);
}
