using System.Collections.Immutable;

namespace Rung.Core.Comparisons;

/// <summary>How close two lists of items are.</summary>
internal static class ItemLikeness
{
    /// <summary>Of the sets: 2·common ÷ (one + other).</summary>
    public static Likeness F1(ImmutableArray<object> given, ImmutableArray<object> wanted)
    {
        var (theirs, ours) = (given.ToHashSet(), wanted.ToHashSet());
        if (theirs.Count + ours.Count == 0) return Likeness.Same;
        var common = theirs.Count(ours.Contains);
        return Judge(2.0 * common / (theirs.Count + ours.Count), ours.Count - common, theirs.Count - common);
    }

    /// <summary>Of the lists: 2·longest common subsequence ÷ (one + other).</summary>
    public static Likeness InOrder(ImmutableArray<object> given, ImmutableArray<object> wanted)
    {
        if (given.Length + wanted.Length == 0) return Likeness.Same;
        var common = LongestCommon(given, wanted);
        var score = 2.0 * common / (given.Length + wanted.Length);
        if (score < 1 && given.Length == wanted.Length && Counted(given).SetEquals(Counted(wanted)))
            return Likeness.Differs(score, FailureKind.WrongOrder, $"The items are the same, but only {common} of {wanted.Length} stand in the same order.");
        return Judge(score, wanted.Length - common, given.Length - common);
    }

    /// <summary>Normalised discounted cumulative gain.</summary>
    public static Likeness Gain(ImmutableArray<object> given, ImmutableArray<object> wanted)
    {
        var worth = new Dictionary<object, int>();
        foreach (var item in wanted.Distinct()) worth[item] = worth.Count;
        if (worth.Count == 0) return given.IsEmpty ? Likeness.Same : Likeness.Differs(0, FailureKind.ExtraItems, $"The reference ranks nothing; the answer ranks {given.Length}.");

        double Discounted(int place, int rank) => (worth.Count - rank) / Math.Log2(place + 2);
        var ideal = 0.0;
        for (var i = 0; i < worth.Count; i++) ideal += Discounted(i, i);
        var (gain, seen) = (0.0, new HashSet<object>());
        foreach (var item in given)
        {
            // A repeated item takes no place: whoever reads the ranking skips it.
            if (seen.Add(item) && worth.TryGetValue(item, out var rank)) gain += Discounted(seen.Count - 1, rank);
        }
        var score = Math.Clamp(gain / ideal, 0, 1);
        if (gain >= ideal * (1 - 1e-12)) return Likeness.Same; // The sums are the same numbers in the same order, but for what stands behind.
        var missing = worth.Keys.Count(item => !seen.Contains(item));
        return missing == 0 && seen.Count == worth.Count
            ? Likeness.Differs(score, FailureKind.WrongOrder, FormattableString.Invariant($"The order reaches {score:0.###} of the reference's gain."))
            : Judge(score, missing, seen.Count - (worth.Count - missing));
    }

    private static HashSet<(object Item, int Nth)> Counted(ImmutableArray<object> items)
    {
        var counts = new Dictionary<object, int>();
        return [.. items.Select(item => (item, counts[item] = counts.GetValueOrDefault(item) + 1))];
    }

    private static Likeness Judge(double score, int missing, int extra) => (missing, extra) switch
    {
        (0, 0) => score >= 1 ? Likeness.Same : Likeness.Differs(score, FailureKind.WrongOrder, "The items stand in another order."),
        (0, _) => Likeness.Differs(score, FailureKind.ExtraItems, $"{extra} too many."),
        (_, 0) => Likeness.Differs(score, FailureKind.MissingItems, $"{missing} missing."),
        _ => Likeness.Differs(score, FailureKind.WrongItems, $"{missing} missing, {extra} too many."),
    };

    // Two rows of the classic table: R. A. Wagner, M. J. Fischer, J. ACM 21 (1974), 168–173. Bounded by ItemReading.MostItems on both sides.
    private static int LongestCommon(ImmutableArray<object> a, ImmutableArray<object> b)
    {
        var (above, row) = (new int[b.Length + 1], new int[b.Length + 1]);
        foreach (var item in a)
        {
            for (var j = 0; j < b.Length; j++) row[j + 1] = item.Equals(b[j]) ? above[j] + 1 : Math.Max(above[j + 1], row[j]);
            (above, row) = (row, above);
        }
        return above[b.Length];
    }
}
