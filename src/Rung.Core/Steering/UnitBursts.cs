using System.Runtime.InteropServices;

namespace Rung.Core.Steering;

/// <summary>A burst that has ended: what counts as one observation.</summary>
/// <param name="Mean">Mean of its values.</param>
/// <param name="Count">How many they are.</param>
/// <param name="At">The last of them.</param>
/// <param name="Revision">The revision of the last of them.</param>
internal readonly record struct Burst(double Mean, int Count, DateTimeOffset At, long Revision);

/// <summary>
/// Puts the values of one unit that come shortly after one another together: calls of one session hang together, and ten of them are not ten opinions. A burst ends
/// after ten values, or two minutes after its last one. Memory: about 100 bytes an open unit.
/// </summary>
internal sealed class UnitBursts
{
    /// <summary>Most values of a burst.</summary>
    public const int MostValues = 10;

    /// <summary>Most open bursts; at more all of them end.</summary>
    public const int MostOpen = 50_000;

    /// <summary>How long after its last value a burst ends.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Open> _open = new(StringComparer.Ordinal);
    private readonly List<string> _ended = [];
    private DateTimeOffset _oldest = DateTimeOffset.MaxValue; // No open burst has its last value before this instant.

    /// <summary>Adds a value; true when it ended its unit's burst.</summary>
    public bool Add(string unit, double value, DateTimeOffset at, long revision, out Burst burst)
    {
        ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, unit, out _);
        open.Sum += value;
        open.Count++;
        if (at > open.At) open.At = at;
        open.Revision = Math.Max(open.Revision, revision);
        if (open.Count < MostValues)
        {
            if (at < _oldest) _oldest = at;
            burst = default;
            return false;
        }
        burst = open.End();
        _open.Remove(unit);
        return true;
    }

    /// <summary>Ends the bursts that are idle, into a list, in the order in which they began.</summary>
    public void Settle(DateTimeOffset now, List<Burst> into)
    {
        if (_open.Count == 0 || (_open.Count < MostOpen && now - Idle < _oldest)) return;
        var all = _open.Count >= MostOpen;
        _oldest = DateTimeOffset.MaxValue;
        foreach (var (unit, open) in _open)
        {
            if (!all && now - open.At < Idle)
            {
                if (open.At < _oldest) _oldest = open.At;
                continue;
            }
            into.Add(open.End());
            _ended.Add(unit);
        }
        foreach (var unit in _ended) _open.Remove(unit);
        _ended.Clear();
    }

    /// <summary>Forgets what is open.</summary>
    public void Clear()
    {
        _open.Clear();
        _oldest = DateTimeOffset.MaxValue;
    }

    private struct Open
    {
        public double Sum;
        public int Count;
        public DateTimeOffset At;
        public long Revision;

        public readonly Burst End() => new(Sum / Count, Count, At, Revision);
    }
}
