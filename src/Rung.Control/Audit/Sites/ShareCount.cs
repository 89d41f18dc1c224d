namespace Rung.Control.Audit.Sites;

/// <summary>Counts a <see cref="Share"/>. A mutable field of a tally; one thread.</summary>
internal struct ShareCount
{
    private long events, known;

    /// <summary>Counts a call; one of which nothing is known is not counted.</summary>
    public void Add(bool? isSo)
    {
        if (isSo is not { } value) return;
        known++;
        if (value) events++;
    }

    /// <summary>Adds another count.</summary>
    public void Add(in ShareCount other)
    {
        events += other.events;
        known += other.known;
    }

    /// <summary>What was counted.</summary>
    public readonly Share Read() => new(events, known);
}
