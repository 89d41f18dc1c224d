namespace Rung.Control.Imports.Otlp;

/// <summary>Remembers the latest ids, at most twice as many as one generation holds: when the younger generation is full, the older one is forgotten.</summary>
internal sealed class RecentIds(int generation)
{
    private HashSet<ulong> _young = [];
    private HashSet<ulong> _old = [];

    public void Add(ulong id)
    {
        if (_young.Count == generation)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }
        _young.Add(id);
    }

    public bool Contains(ulong id) => _young.Contains(id) || _old.Contains(id);

    /// <summary>A span's id in one number. Two of a million spans share one with a chance of about one in thirty million.</summary>
    public static ulong Of(UInt128 trace, ulong span)
    {
        var mixed = ((ulong)(trace >> 64) * 0x9E3779B97F4A7C15) ^ ulong.RotateLeft((ulong)trace * 0xC2B2AE3D27D4EB4F, 23) ^ ulong.RotateLeft(span * 0xD6E8FEB86659FD93, 41);
        mixed = (mixed ^ (mixed >> 32)) * 0xFF51AFD7ED558CCD;
        return mixed ^ (mixed >> 29);
    }
}
