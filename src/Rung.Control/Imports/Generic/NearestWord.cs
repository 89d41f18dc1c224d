namespace Rung.Control.Imports.Generic;

/// <summary>Finds the word that was probably meant.</summary>
internal static class NearestWord
{
    /// <summary>The fix for an unknown word: the nearest known one, else all of them.</summary>
    public static string Fix(string written, IReadOnlyList<string> known)
    {
        // A name that columns usually have tells the word at once: "timestamp" is time.
        if (TableWords.Synonyms.TryGetValue(TableWords.Fold(written), out var meant)) return $"Did you mean \"{meant.Word}\"?";
        var nearest = written.Length > 40 ? null : known.MinBy(word => Distance(written.ToLowerInvariant(), word));
        return nearest is not null && Distance(written.ToLowerInvariant(), nearest) <= Math.Max(1, nearest.Length / 3) ? $"Did you mean \"{nearest}\"?" : $"Words: {string.Join(", ", known)}.";
    }

    /// <summary>Insertions, deletions, replacements, and swaps of neighbours between two words.</summary>
    /// <remarks>Optimal string alignment distance: F. J. Damerau, Commun. ACM 7 (1964), 171–176; V. I. Levenshtein, 1966.</remarks>
    private static int Distance(string left, string right)
    {
        var distance = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++) distance[i, 0] = i;
        for (var j = 0; j <= right.Length; j++) distance[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var least = distance[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                least = Math.Min(least, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) least = Math.Min(least, distance[i - 2, j - 2] + 1);
                distance[i, j] = least;
            }
        }
        return distance[left.Length, right.Length];
    }
}
