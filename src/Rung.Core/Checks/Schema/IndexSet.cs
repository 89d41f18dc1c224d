namespace Rung.Core.Checks.Schema;

/// <summary>A set of small numbers. The first 64 take no memory of their own; what more was needed once is kept for the next use.</summary>
internal struct IndexSet
{
    private ulong first;
    private ulong[]? more;

    public readonly bool Has(int index) =>
        index < 64 ? (first & (1UL << index)) != 0 : more is not null && (index >> 6) <= more.Length && (more[(index >> 6) - 1] & (1UL << (index & 63))) != 0;

    public void Add(int index)
    {
        if (index < 64) first |= 1UL << index;
        else Room(index >> 6)[(index >> 6) - 1] |= 1UL << (index & 63);
    }

    public void Add(in IndexSet others)
    {
        first |= others.first;
        if (others.more is null) return;
        var room = Room(others.more.Length);
        for (var i = 0; i < others.more.Length; i++) room[i] |= others.more[i];
    }

    public void Clear()
    {
        first = 0;
        if (more is { Length: > 1024 }) more = null;
        else more?.AsSpan().Clear();
    }

    private ulong[] Room(int words)
    {
        if (more is null || more.Length < words) Array.Resize(ref more, Math.Max(words, (more?.Length ?? 0) * 2));
        return more!;
    }
}
