using Rung.Core.Statistics;

namespace Rung.Control.Evals.Runs;

/// <summary>The weighted mean score of a candidate and its interval.</summary>
/// <remarks>
/// Wilson's interval (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209–212) at the effective number of groups, (Σw)² / Σw² (L. Kish, Survey Sampling, 1965). Scores
/// lie between 0 and 1, so that their variance is at most that of right or wrong with the same mean: the interval is never too narrow for graded scores.
/// </remarks>
internal static class MeanQuality
{
    /// <summary>Works it out; null without rows.</summary>
    public static Interval? Of(IReadOnlyList<PairedScore> rows, double confidence)
    {
        if (rows.Count == 0) return null;
        var (sum, score) = (0.0, 0.0);
        var groups = new Dictionary<int, double>();
        foreach (var row in rows)
        {
            sum += row.Weight;
            score += row.Weight * row.Candidate;
            groups[row.Group] = groups.GetValueOrDefault(row.Group) + row.Weight;
        }
        var mean = score / sum;
        var n = sum * sum / groups.Values.Sum(weight => weight * weight);
        var z = Normal.Quantile(1 - ((1 - confidence) / 2));
        var (shrink, centre) = (1 + (z * z / n), mean + (z * z / (2 * n)));
        var reach = z * Math.Sqrt((mean * (1 - mean) / n) + (z * z / (4 * n * n)));
        return new Interval(mean, Math.Clamp((centre - reach) / shrink, 0, mean), Math.Clamp((centre + reach) / shrink, mean, 1));
    }
}
