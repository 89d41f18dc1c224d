using System.Runtime.InteropServices;

namespace Rung.Control.Feedback;

/// <summary>How much of a text was changed into another.</summary>
public static class TextDistance
{
    /// <summary>
    /// Longest text, in characters and without what both begin and end with, that is compared by character. Two longer ones are compared by word, and of these
    /// only the first so many: an approximation, whose cost is bounded.
    /// </summary>
    public const int MostExact = 20_000;

    /// <summary>
    /// Levenshtein distance (least number of characters inserted, deleted or replaced) divided by the length of the longer text: 0 for equal texts, 1 for
    /// texts of which nothing could be kept. Symmetric.
    /// </summary>
    /// <param name="first">A text.</param>
    /// <param name="second">The other one.</param>
    /// <returns>A share in [0, 1]; 0 for two empty texts. At least the difference of the lengths over the longer one.</returns>
    /// <remarks>V. I. Levenshtein, Soviet Physics Doklady 10 (1966), 707–710. Bit-parallel: G. Myers, J. ACM 46 (1999), 395–415, in the form of
    /// H. Hyyrö, Nordic J. Computing 10 (2003), 29–39. Characters are Unicode code points.</remarks>
    public static double Normalised(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (string.Equals(first, second, StringComparison.Ordinal)) return 0;
        var (a, b) = (CodePoints(first), CodePoints(second));
        var longer = Math.Max(a.Length, b.Length);
        var (left, right) = Differing(a, b);
        // What both begin and end with costs nothing in a best alignment, so leaving it out changes no distance.
        if (Math.Max(left.Count, right.Count) <= MostExact) return (double)Of(left, right) / longer;

        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        var (v, w) = (Words(first, words), Words(second, words));
        return (double)Of(v, w) / Math.Max(1, Math.Max(v.Length, w.Length));
    }

    /// <summary>The Levenshtein distance of two sequences. Time: the product of the lengths over 64, plus the pairs of equal symbols.</summary>
    internal static int Of(ReadOnlySpan<int> pattern, ReadOnlySpan<int> text)
    {
        if (pattern.IsEmpty || text.IsEmpty) return pattern.Length + text.Length;
        var places = Places(pattern);
        var blocks = (pattern.Length + 63) / 64;
        var (plus, minus, equal) = (new ulong[blocks], new ulong[blocks], new ulong[blocks]);
        Array.Fill(plus, ulong.MaxValue);
        var last = 1UL << ((pattern.Length - 1) & 63);
        var distance = pattern.Length;
        foreach (var symbol in text)
        {
            places.TryGetValue(symbol, out var found);
            foreach (var place in found ?? []) equal[place >> 6] |= 1UL << (place & 63);
            distance += Column(plus, minus, equal, last);
            foreach (var place in found ?? []) equal[place >> 6] = 0;
        }
        return distance;
    }

    // One column of the table of distances as differences between its rows; gives the difference of its last row to the column before.
    private static int Column(ulong[] plus, ulong[] minus, ulong[] equal, ulong last)
    {
        ulong carriedPlus = 1, carriedMinus = 0; // Row 0 grows by one with every column.
        var change = 0;
        for (var block = 0; block < plus.Length; block++)
        {
            var (vp, vn, eq) = (plus[block], minus[block], equal[block]);
            var down = eq | vn;
            eq |= carriedMinus;
            var diagonal = (((eq & vp) + vp) ^ vp) | eq;
            var hp = vn | ~(diagonal | vp);
            var hn = vp & diagonal;
            if (block == plus.Length - 1) change = ((hp & last) != 0 ? 1 : 0) - ((hn & last) != 0 ? 1 : 0);
            var (outPlus, outMinus) = (hp >> 63, hn >> 63);
            hp = (hp << 1) | carriedPlus;
            hn = (hn << 1) | carriedMinus;
            plus[block] = hn | ~(down | hp);
            minus[block] = hp & down;
            (carriedPlus, carriedMinus) = (outPlus, outMinus);
        }
        return change;
    }

    private static Dictionary<int, List<int>> Places(ReadOnlySpan<int> pattern)
    {
        var places = new Dictionary<int, List<int>>();
        for (var i = 0; i < pattern.Length; i++)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(places, pattern[i], out _);
            (list ??= []).Add(i);
        }
        return places;
    }

    // The parts between what both begin with and what both end with.
    private static (ArraySegment<int> First, ArraySegment<int> Second) Differing(int[] a, int[] b)
    {
        var start = a.AsSpan().CommonPrefixLength(b);
        var most = Math.Min(a.Length, b.Length) - start;
        var end = 0;
        while (end < most && a[a.Length - 1 - end] == b[b.Length - 1 - end]) end++;
        return (new ArraySegment<int>(a, start, a.Length - start - end), new ArraySegment<int>(b, start, b.Length - start - end));
    }

    private static int[] CodePoints(string text)
    {
        var points = new int[text.Length];
        var count = 0;
        foreach (var rune in text.EnumerateRunes()) points[count++] = rune.Value;
        return points[..count];
    }

    private static int[] Words(string text, Dictionary<string, int> known)
    {
        var words = new List<int>();
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (words.Count == MostExact) break;
            if (!known.TryGetValue(word, out var number)) known.Add(word, number = known.Count);
            words.Add(number);
        }
        return [.. words];
    }
}
