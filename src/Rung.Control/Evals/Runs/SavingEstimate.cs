using Rung.Core.Statistics;

namespace Rung.Control.Evals.Runs;

/// <summary>What one row cost, and what the reference cost on it.</summary>
/// <param name="Candidate">Nano-USD.</param>
/// <param name="Reference">Nano-USD.</param>
/// <param name="Weight">How much the row counts.</param>
/// <param name="Group">Rows of one number belong together.</param>
internal readonly record struct PairedCost(double Candidate, double Reference, double Weight, int Group);

/// <summary>The share of the reference's cost that a candidate saves.</summary>
/// <remarks>
/// A ratio of two sums over the same rows; its spread by linearisation over groups (W. G. Cochran, Sampling Techniques, 3rd ed. 1977, § 6.4 and § 10), with
/// Student's t of the groups' degrees of freedom.
/// </remarks>
internal static class SavingEstimate
{
    /// <summary>Works it out.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="confidence">Two-sided, above 0 and below 1.</param>
    /// <returns>Null without rows, or when the reference cost nothing.</returns>
    public static Interval? Of(IReadOnlyList<PairedCost> rows, double confidence)
    {
        var (paid, asked) = (0.0, 0.0);
        foreach (var row in rows)
        {
            paid += row.Weight * row.Candidate;
            asked += row.Weight * row.Reference;
        }
        if (asked <= 0) return null;
        var ratio = paid / asked;
        var residuals = new Dictionary<int, double>();
        foreach (var row in rows) residuals[row.Group] = residuals.GetValueOrDefault(row.Group) + (row.Weight * (row.Candidate - (ratio * row.Reference)));
        if (residuals.Count < 2) return new Interval(1 - ratio, double.NegativeInfinity, 1);
        // Summed in order of size, so that the order of the rows does not reach the last digit.
        var squares = residuals.Values.Select(value => value * value).Order().Sum();
        var error = Math.Sqrt(squares * residuals.Count / (residuals.Count - 1)) / asked;
        var reach = StudentT.TwoSided(confidence, residuals.Count - 1) * error;
        return new Interval(1 - ratio, 1 - ratio - reach, Math.Min(1, 1 - ratio + reach));
    }
}
