namespace Rung.Core.Policies.Reading;

/// <summary>Finds the name that was probably meant.</summary>
internal static class Suggestion
{
    /// <summary>The nearest candidate, or null when none is near enough to be a slip of the keys.</summary>
    public static string? Nearest(string written, IEnumerable<string> candidates)
    {
        if (written.Length > 64) return null;
        var folded = Fold(written);
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in candidates)
        {
            var distance = Distance(folded, Fold(candidate));
            if (distance >= bestDistance || distance > Math.Max(1, Math.Max(folded.Length, candidate.Length) / 3)) continue;
            (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>The fix for an unknown name: the nearest one, else all of them.</summary>
    public static string Fix(string written, IReadOnlyCollection<string> candidates, string many)
    {
        if (Nearest(written, candidates) is { } near) return $"Did you mean \"{near}\"?";
        if (candidates.Count == 0) return $"There are no {many} yet: define one first.";
        const int Shown = 24;
        var list = string.Join(", ", candidates.Take(Shown));
        return $"Known {many}: {list}{(candidates.Count > Shown ? $" and {candidates.Count - Shown} more" : "")}.";
    }

    /// <summary>Edits between two words: insertions, deletions, replacements, and swaps of neighbours.</summary>
    /// <remarks>Optimal string alignment distance: F. J. Damerau, Commun. ACM 7 (1964), 171–176; V. I. Levenshtein, 1966.</remarks>
    public static int Distance(string left, string right)
    {
        var distance = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) distance[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) distance[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(distance[i - 1, j] + 1, distance[i, j - 1] + 1), distance[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) least = Math.Min(least, distance[i - 2, j - 2] + 1);
                distance[i, j] = least;
            }
        }
        return distance[left.Length, right.Length];
    }

    private static string Fold(string name) => name.ToLowerInvariant().Replace('-', '_');
}
