using System.Numerics;

namespace Rung.Core.Learning.Features;

/// <summary>A set of words by their 64-bit ids, or of anything else that is hashed. Open addressing; made for a known number of words at most.</summary>
internal sealed class WordSet
{
    private readonly ulong[] _table;

    /// <summary>Makes room.</summary>
    /// <param name="most">How many will be added at most.</param>
    public WordSet(int most) => _table = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, most * 2))];

    /// <summary>How many different ones there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one; false when it was there.</summary>
    public bool Add(ulong id)
    {
        var at = Find(id);
        if (_table[at] != 0) return false;
        _table[at] = id == 0 ? 1 : id;
        Count++;
        return true;
    }

    /// <summary>Whether it was added.</summary>
    public bool Contains(ulong id) => _table[Find(id)] != 0;

    /// <summary>How many are in another set too.</summary>
    public int CountIn(WordSet other)
    {
        var both = 0;
        foreach (var id in _table)
        {
            if (id != 0 && other.Contains(id)) both++;
        }
        return both;
    }

    // Where it is, or the free place where it would be. Ids are hashes: their low bits are as good as any.
    private int Find(ulong id)
    {
        if (id == 0) id = 1;
        var mask = _table.Length - 1;
        var at = (int)id & mask;
        while (_table[at] != 0 && _table[at] != id) at = (at + 1) & mask;
        return at;
    }
}
