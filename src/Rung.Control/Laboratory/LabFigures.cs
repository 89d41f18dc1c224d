namespace Rung.Control.Laboratory;

/// <summary>Middle and upper end of what was seen over the runs.</summary>
/// <param name="Count">Over how many runs.</param>
/// <param name="Median">The middle one: half are at most this.</param>
/// <param name="P95">The 95th percentile: of twenty, nineteen are at most this.</param>
public sealed record LabFigures(int Count, double Median, double P95)
{
    /// <summary>Of some values; null when there is none.</summary>
    internal static LabFigures? Of(IEnumerable<double> values)
    {
        var sorted = values.ToArray();
        if (sorted.Length == 0) return null;
        Array.Sort(sorted);
        return new(sorted.Length, At(sorted, 0.5), At(sorted, 0.95));
    }

    /// <summary>Nearest rank: a value that was really seen.</summary>
    private static double At(double[] sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
