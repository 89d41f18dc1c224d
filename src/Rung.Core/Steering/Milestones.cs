namespace Rung.Core.Steering;

/// <summary>Sums up to an observation, and when that observation came.</summary>
/// <param name="Ordinal">Observations before it.</param>
/// <param name="Sum">Sum of their values.</param>
/// <param name="Squares">Sum of their squares.</param>
/// <param name="Items">Values that were put together in them.</param>
/// <param name="At">When this observation came.</param>
/// <param name="Revision">Its revision.</param>
internal readonly record struct Milestone(long Ordinal, double Sum, double Squares, long Items, DateTimeOffset At, long Revision);

/// <summary>
/// Remembers sums along an endless row of observations: the last ones each by itself, older ones ever more sparsely, so that a place is found again to within a
/// thirtieth of its distance. Memory: 64 places for each doubling of the row.
/// </summary>
internal sealed class Milestones
{
    private const int PlacesPerLevel = 64;
    private readonly List<Queue<Milestone>> _levels = [new(PlacesPerLevel + 1)];
    private Milestone? _first;

    /// <summary>Adds the next place.</summary>
    public void Add(in Milestone place)
    {
        _first ??= place;
        var next = place;
        for (var level = 0; ; level++)
        {
            if (level == _levels.Count) _levels.Add(new Queue<Milestone>(PlacesPerLevel + 1));
            var places = _levels[level];
            places.Enqueue(next);
            if (places.Count <= PlacesPerLevel) return;
            next = places.Dequeue(); // Of the two oldest one goes on to the next level, and the other is forgotten.
            places.Dequeue();
        }
    }

    /// <summary>The last place at or before an ordinal, else the first of all; null when there is none.</summary>
    public Milestone? Before(long ordinal)
    {
        var best = _first;
        foreach (var level in _levels)
        {
            foreach (var place in level)
            {
                if (place.Ordinal <= ordinal && (best is null || place.Ordinal > best.Value.Ordinal)) best = place;
            }
        }
        return best;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        foreach (var level in _levels) level.Clear();
        _first = null;
    }
}
