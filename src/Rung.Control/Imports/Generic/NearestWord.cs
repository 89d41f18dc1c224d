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

    /// <summary>Insertions, deletions and replacements between two words.</summary>
    /// <remarks>V. I. Levenshtein, Soviet Physics Doklady 10 (1966), 707–710, by rows.</remarks>
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++) row[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
