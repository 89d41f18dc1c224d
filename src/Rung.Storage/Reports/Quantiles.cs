namespace Rung.Storage.Reports;

/// <summary>Exact quantiles of every group and of all, by nearest rank. Keeps one value (8 + 4 bytes) per observation.</summary>
internal sealed class Quantiles
{
    private int[] _groups = new int[1024];
    private long[] _values = new long[1024];
    private int _count;

    /// <summary>Adds an observation.</summary>
    public void Add(int group, long value)
    {
        if (_count == _values.Length)
        {
            Array.Resize(ref _groups, _count * 2);
            Array.Resize(ref _values, _count * 2);
        }
        _groups[_count] = group;
        _values[_count++] = value;
    }

    /// <summary>Median and 95th percentile of every group, and of all in the last place. Uses the observations up.</summary>
    /// <param name="groups">How many groups there are.</param>
    public (long P50, long P95)?[] Take(int groups)
    {
        var taken = new (long, long)?[groups + 1];
        Array.Sort(_groups, _values, 0, _count);
        for (var start = 0; start < _count;)
        {
            var group = _groups[start];
            var end = start;
            while (end < _count && _groups[end] == group) end++;
            taken[group] = Of(_values.AsSpan(start, end - start));
            start = end;
        }
        taken[groups] = Of(_values.AsSpan(0, _count));
        return taken;
    }

    private static (long, long)? Of(Span<long> values)
    {
        if (values.IsEmpty) return null;
        values.Sort();
        return (AtRank(values, 50), AtRank(values, 95));
    }

    // Nearest rank: the smallest value that at least so many percent of the values do not exceed.
    private static long AtRank(Span<long> sorted, int percent) => sorted[(int)((((long)sorted.Length * percent) + 99) / 100) - 1];
}
