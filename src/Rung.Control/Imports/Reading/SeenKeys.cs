namespace Rung.Control.Imports.Reading;

/// <summary>
/// Which keys have been seen: 64-bit hashes in one table, 8 to 16 bytes a key. Two different keys share a hash with a probability of about n²/2⁶⁵: 3·10⁻⁸ for a
/// million calls, 3·10⁻⁴ for a hundred million.
/// </summary>
internal sealed class SeenKeys
{
    private ulong[] _table = new ulong[1 << 12];
    private int _count;

    /// <summary>Notes a key of a source. False when it was there.</summary>
    public bool Add(string source, string key)
    {
        var hash = HashOf(source, key);
        if (_count > _table.Length / 8 * 5) Grow();
        if (!TryPlace(_table, hash)) return false;
        _count++;
        return true;
    }

    /// <summary>Whether a key of a source has been noted.</summary>
    public bool Contains(string source, string key)
    {
        var hash = HashOf(source, key);
        var mask = (ulong)_table.Length - 1;
        var at = hash & mask;
        while (_table[at] != 0 && _table[at] != hash) at = (at + 1) & mask;
        return _table[at] == hash;
    }

    // 0 marks a free place.
    private static ulong HashOf(string source, string key) => TextHash.NotZero(TextHash.Join(TextHash.Of(source), TextHash.Of(key)));

    private static bool TryPlace(ulong[] table, ulong hash)
    {
        var mask = (ulong)table.Length - 1;
        for (var at = hash & mask; ; at = (at + 1) & mask)
        {
            if (table[at] == hash) return false;
            if (table[at] != 0) continue;
            table[at] = hash;
            return true;
        }
    }

    private void Grow()
    {
        var larger = new ulong[_table.Length * 2];
        foreach (var hash in _table)
        {
            if (hash != 0) TryPlace(larger, hash);
        }
        _table = larger;
    }
}
