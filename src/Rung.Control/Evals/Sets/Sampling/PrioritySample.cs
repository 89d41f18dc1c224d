namespace Rung.Control.Evals.Sets.Sampling;

/// <summary>
/// Draws rows in proportion to what they stand for, without replacement, with weights that estimate sums without bias (priority sampling: N. Duffield, C. Lund,
/// M. Thorup, Priority sampling for estimation of arbitrary subset sums, J. ACM 54, 2007). Weights are then scaled so that they sum to the stratum exactly.
/// </summary>
internal static class PrioritySample
{
    private const ulong DrawPurpose = 3;

    /// <summary>Draws.</summary>
    /// <param name="rows">The rows of one stratum.</param>
    /// <param name="count">How many, at most all of them.</param>
    /// <param name="priority">Decides which.</param>
    /// <returns>The rows drawn, each with its weight; the weights sum to what all rows stand for.</returns>
    public static List<(DistinctRow Row, double Weight)> Draw(IReadOnlyList<DistinctRow> rows, int count, SeededPriority priority)
    {
        if (count == 0) return [];
        if (count >= rows.Count) return [.. rows.Select(row => (row, row.Mass))];
        var ordered = rows.Select(row => (Row: row, Rank: row.Mass / priority.Share(row.Source.Id, DrawPurpose)))
            .OrderByDescending(row => row.Rank).ThenBy(row => row.Row.Source.Id, StringComparer.Ordinal).ToArray();
        var threshold = ordered[count].Rank;
        var drawn = ordered.Take(count).Select(row => (row.Row, Weight: Math.Max(row.Row.Mass, threshold))).ToList();
        var scale = rows.Sum(row => row.Mass) / drawn.Sum(row => row.Weight);
        return [.. drawn.Select(row => (row.Row, row.Weight * scale))];
    }
}
