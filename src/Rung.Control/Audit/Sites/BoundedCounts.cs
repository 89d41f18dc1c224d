namespace Rung.Control.Audit.Sites;

/// <summary>Counts by key in bounded memory: keys that come when it is full are counted together.</summary>
/// <param name="most">Most different keys.</param>
internal sealed class BoundedCounts<TKey>(int most)
    where TKey : notnull
{
    private Dictionary<TKey, long>? counts;

    /// <summary>All that was counted.</summary>
    public long Total { get; private set; }
    /// <summary>Of it what had no key of its own any more.</summary>
    public long Rest { get; private set; }
    /// <summary>Different keys, at most the limit.</summary>
    public int Distinct => counts?.Count ?? 0;
    /// <summary>The keys with their counts, in no order.</summary>
    public IEnumerable<KeyValuePair<TKey, long>> Pairs => counts ?? [];

    /// <summary>Counts a key.</summary>
    public void Add(TKey key, long count = 1)
    {
        Total += count;
        counts ??= [];
        if (counts.TryGetValue(key, out var known)) counts[key] = known + count;
        else if (counts.Count < most) counts.Add(key, count);
        else Rest += count;
    }

    /// <summary>Adds the counts of another one.</summary>
    public void Add(BoundedCounts<TKey> other)
    {
        foreach (var (key, count) in other.Pairs) Add(key, count);
        Total += other.Rest;
        Rest += other.Rest;
    }

    /// <summary>The count of a key; 0 when it has none of its own.</summary>
    public long this[TKey key] => counts is not null && counts.TryGetValue(key, out var count) ? count : 0;

    /// <summary>The keys, the most frequent first, equal ones in the order of the comparer.</summary>
    public IEnumerable<TKey> ByCount(IComparer<TKey>? order = null) => Pairs.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, order ?? Comparer<TKey>.Default).Select(pair => pair.Key);

    /// <summary>Entropy in bits; what has no key of its own counts as one key, so it is a lower bound then. Null when nothing was counted.</summary>
    public double? EntropyBits()
    {
        if (Total == 0) return null;
        var bits = 0.0;
        // Summed by size, so that the order of input cannot change the last digit.
        foreach (var count in Pairs.Select(pair => pair.Value).Append(Rest).Where(count => count > 0).Order())
        {
            var share = (double)count / Total;
            bits -= share * Math.Log2(share);
        }
        return Math.Max(0, bits);
    }
}
