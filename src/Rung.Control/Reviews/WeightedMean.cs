using Rung.Core.Statistics;

namespace Rung.Control.Reviews;

/// <summary>A score and the probability with which its item was drawn.</summary>
/// <param name="Score">0 to 1.</param>
/// <param name="Inclusion">Above 0, at most 1.</param>
public readonly record struct SampledScore(double Score, double Inclusion);

/// <summary>Means of a population from items that were drawn with known, unequal probabilities.</summary>
public static class WeightedMean
{
    /// <summary>The mean that is unbiased for every population: each item counts as many as it stands for.</summary>
    /// <param name="sample">Every item that was drawn.</param>
    /// <param name="population">Items that it was drawn from, at least 1.</param>
    /// <returns>The mean, not bounded to [0, 1], and its estimated variance under Poisson sampling.</returns>
    /// <remarks>D. G. Horvitz, D. J. Thompson, J. Am. Stat. Assoc. 47 (1952), 663–685; Särndal, Swensson, Wretman (1992), result 3.5.1.</remarks>
    public static (double Mean, double Variance) HorvitzThompson(ReadOnlySpan<SampledScore> sample, int population)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(population, 1);
        var (sum, variance) = (0.0, 0.0);
        foreach (var item in sample)
        {
            Check(item);
            sum += item.Score / item.Inclusion;
            variance += (1 - item.Inclusion) * item.Score * item.Score / (item.Inclusion * item.Inclusion);
        }
        return (sum / population, variance / ((double)population * population));
    }

    /// <summary>
    /// The mean as a ratio of two sums, which needs no count of the population and stays within [0, 1]; also right when only a random part of what was drawn has
    /// been judged. The interval takes the population itself for a sample of what the job does: it does not shrink to nothing when everything was drawn.
    /// </summary>
    /// <param name="sample">Judged items.</param>
    /// <param name="confidence">Of the interval, 0.5 to 0.999.</param>
    /// <returns>Mean and interval; null for fewer than two items.</returns>
    /// <remarks>
    /// J. Hájek, in Foundations of Statistical Inference (1971), 236; variance by linearisation, Särndal, Swensson, Wretman (1992), result 5.7.1, without the finite
    /// population correction; interval by E. B. Wilson's score at the effective number of items, E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998), 193–201.
    /// </remarks>
    public static Interval? Hajek(ReadOnlySpan<SampledScore> sample, double confidence)
    {
        if (sample.Length < 2) return null;
        var (weights, squares, sum) = (0.0, 0.0, 0.0);
        foreach (var item in sample)
        {
            Check(item);
            var weight = 1 / item.Inclusion;
            weights += weight;
            squares += weight * weight;
            sum += weight * item.Score;
        }
        var mean = sum / weights;
        var variance = 0.0;
        foreach (var item in sample)
        {
            var deviation = (item.Score - mean) / item.Inclusion;
            variance += deviation * deviation;
        }
        variance *= sample.Length / ((sample.Length - 1.0) * weights * weights);

        var kish = weights * weights / squares; // What so many items of equal weight would tell.
        // Never more than there are: where the heavy items happen to agree, the variance that is seen is far too small.
        var items = variance > 1e-12 ? Math.Min(mean * (1 - mean) / variance, sample.Length) : kish;
        var t = StudentT.TwoSided(confidence, Math.Max(1, kish - 1));
        var spread = t * t / items;
        var middle = (mean + (spread / 2)) / (1 + spread);
        var half = t / (1 + spread) * Math.Sqrt((mean * (1 - mean) / items) + (spread / (4 * items)));
        return new Interval(mean, Math.Max(0, Math.Min(mean, middle - half)), Math.Min(1, Math.Max(mean, middle + half)));
    }

    private static void Check(SampledScore item)
    {
        if (!(item.Inclusion is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(item), item.Inclusion, "A probability of being drawn is above 0 and at most 1.");
    }
}
