using Rung.Core.Learning.Models;

namespace Rung.Core.Statistics;

/// <summary>
/// Intervals by drawing the sample again from itself, with replacement (B. Efron, Ann. Stat. 7 (1979), 1–26; percentile intervals: B. Efron, R. J.
/// Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13). The same seed gives the same interval in every release.
/// </summary>
/// <remarks>
/// The rows must be independent of one another. Rows that are not (near-identical prompts, calls of one session) belong together: add them up first, and use
/// <see cref="Ratio"/> with the sums and the sizes of the groups.
/// </remarks>
public static class Bootstrap
{
    /// <summary>The mean and its interval.</summary>
    /// <param name="values">The sample; an empty one gives NaN.</param>
    /// <param name="confidence">Above 0 and below 1, for example 0.95.</param>
    /// <param name="resamples">How often it is drawn again, at least 100.</param>
    /// <param name="seed">Decides the draws.</param>
    public static Interval Mean(ReadOnlySpan<double> values, double confidence, int resamples, ulong seed)
    {
        var ones = new double[values.Length];
        Array.Fill(ones, 1);
        return Ratio(values, ones, confidence, resamples, seed);
    }

    /// <summary>The mean of a − b over pairs, and its interval; other arguments as of <see cref="Mean"/>.</summary>
    /// <param name="a">One of each pair.</param>
    /// <param name="b">The other, in the same order; as many.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <param name="resamples">At least 100.</param>
    /// <param name="seed">Decides the draws.</param>
    public static Interval PairedMeanDifference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double confidence, int resamples, ulong seed)
    {
        if (a.Length != b.Length) throw new ArgumentException($"There are {a.Length} values on one side and {b.Length} on the other.", nameof(b));
        var differences = new double[a.Length];
        for (var i = 0; i < differences.Length; i++) differences[i] = a[i] - b[i];
        return Mean(differences, confidence, resamples, seed);
    }

    /// <summary>The ratio of two sums over the same rows (or groups of rows) and its interval: a mean over groups, or the cost of one policy against another's.</summary>
    /// <param name="numerators">What is summed above.</param>
    /// <param name="denominators">What is summed below, in the same order; as many.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <param name="resamples">At least 100.</param>
    /// <param name="seed">Decides the draws.</param>
    /// <returns>NaN where the sum below is 0.</returns>
    public static Interval Ratio(ReadOnlySpan<double> numerators, ReadOnlySpan<double> denominators, double confidence, int resamples, ulong seed)
    {
        Binomial.CheckConfidence(confidence);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        if (numerators.Length != denominators.Length) throw new ArgumentException($"There are {numerators.Length} values above and {denominators.Length} below.", nameof(denominators));

        var rows = numerators.Length;
        var (above, below) = (0.0, 0.0);
        for (var i = 0; i < rows; i++)
        {
            above += numerators[i];
            below += denominators[i];
        }
        var estimate = above / below;
        if (rows == 0 || below == 0) return new Interval(estimate, estimate, estimate);

        var drawn = new double[resamples];
        var sequence = new SeededSequence(seed);
        for (var draw = 0; draw < resamples; draw++)
        {
            (above, below) = (0, 0);
            for (var i = 0; i < rows; i++)
            {
                var row = sequence.Below(rows);
                above += numerators[row];
                below += denominators[row];
            }
            drawn[draw] = below == 0 ? estimate : above / below;
        }
        Array.Sort(drawn);
        var tail = (1 - confidence) / 2;
        return new Interval(estimate, Math.Min(estimate, Quantile(drawn, tail)), Math.Max(estimate, Quantile(drawn, 1 - tail)));
    }

    // Nearest rank, outwards: the interval is never narrower than asked for.
    private static double Quantile(double[] sorted, double share) =>
        sorted[Math.Clamp(share < 0.5 ? (int)Math.Floor(share * (sorted.Length + 1)) - 1 : (int)Math.Ceiling(share * (sorted.Length + 1)) - 1, 0, sorted.Length - 1)];
}
