namespace Rung.Control.Evals.Sets.Sampling;

/// <summary>Sorts rows into strata by outcome, cluster and length, and says how many rows of each are drawn.</summary>
internal static class Strata
{
    // Of a stratum there are at least so many rows where it has them, as long as that is not half of the set.
    private const int Floor = 5;

    /// <summary>The stratum of every row. Where there would be too many for the size, length is dropped first, then clusters: outcomes stay.</summary>
    public static string[] Of(IReadOnlyList<DistinctRow> rows, int[] clusters, int size)
    {
        var lengths = Lengths(rows);
        var severalClusters = clusters.Any(cluster => cluster > 0);
        string[][] coarser =
        [
            [.. rows.Select((row, i) => Name(row.Source.Outcome, severalClusters ? $"cluster {clusters[i] + 1}" : null, lengths[i]))],
            [.. rows.Select((row, i) => Name(row.Source.Outcome, severalClusters ? $"cluster {clusters[i] + 1}" : null, null))],
        ];
        foreach (var names in coarser)
        {
            if (names.Distinct(StringComparer.Ordinal).Count() <= Math.Max(1, size / Floor)) return names;
        }
        return [.. rows.Select(row => Name(row.Source.Outcome, null, null))];
    }

    /// <summary>
    /// Rows of each stratum: in proportion to what it stands for (largest remainders), but at least five of every stratum that has them, as far as floors take no more
    /// than half of the set.
    /// </summary>
    /// <param name="strata">Rows of each, and what they stand for, in an order that is always the same.</param>
    /// <param name="size">Rows wanted.</param>
    public static int[] Allocate(IReadOnlyList<(int Rows, double Mass)> strata, int size)
    {
        var total = strata.Sum(stratum => stratum.Rows);
        if (size >= total) return [.. strata.Select(stratum => stratum.Rows)];
        var floor = Math.Min(Floor, size / (2 * strata.Count));
        var allocated = strata.Select(stratum => Math.Min(stratum.Rows, floor)).ToArray();
        if (floor == 0)
        {
            // So few rows for so many strata: none of them is sure of one.
            Array.Clear(allocated);
        }
        // What a full stratum cannot take goes to the others, until all is given.
        while (allocated.Sum() < size)
        {
            var open = Enumerable.Range(0, strata.Count).Where(i => allocated[i] < strata[i].Rows).ToArray();
            var left = size - allocated.Sum();
            var share = Shares(strata, open, allocated, size);
            var given = 0;
            foreach (var i in open)
            {
                var more = Math.Min((int)Math.Floor(share[i]), strata[i].Rows - allocated[i]);
                allocated[i] += more;
                given += more;
            }
            if (given > 0) continue;
            foreach (var i in open.OrderByDescending(i => share[i]).ThenBy(i => i).Take(left)) allocated[i]++;
        }
        return allocated;
    }

    // Of what is left to give: what each would get in proportion, less what it has.
    private static Dictionary<int, double> Shares(IReadOnlyList<(int Rows, double Mass)> strata, int[] open, int[] allocated, int size)
    {
        var room = size - Enumerable.Range(0, strata.Count).Except(open).Sum(i => allocated[i]);
        var mass = open.Sum(i => strata[i].Mass);
        var wants = open.ToDictionary(i => i, i => Math.Max(0, (room * strata[i].Mass / mass) - allocated[i]));
        var (left, wanted) = (size - allocated.Sum(), wants.Values.Sum());
        return wants.ToDictionary(want => want.Key, want => wanted > 0 ? Math.Min(want.Value, want.Value * left / wanted) : 0);
    }

    private static string Name(string? outcome, string? cluster, string? length)
    {
        var name = string.Join(", ", new[] { outcome, cluster, length }.OfType<string>());
        return name.Length == 0 ? "all" : name;
    }

    // Thirds by length. Where the longest third is not half as long again as the shortest, length says nothing.
    private static string?[] Lengths(IReadOnlyList<DistinctRow> rows)
    {
        var sorted = rows.Select(row => row.Text.Length).Order().ToArray();
        var (third, twoThirds) = (sorted[sorted.Length / 3], sorted[Math.Min(sorted.Length - 1, sorted.Length * 2 / 3)]);
        if (twoThirds < third * 1.5) return new string?[rows.Count];
        return [.. rows.Select(row => row.Text.Length < third ? "short" : row.Text.Length < twoThirds ? "medium" : "long")];
    }
}
