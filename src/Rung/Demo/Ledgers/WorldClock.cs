namespace Rung.Demo.Ledgers;

/// <summary>The time of the made-up past: the writer sets it, everything that writes is stamped with it.</summary>
internal sealed class WorldClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>The instant, UTC; it only goes on.</summary>
    public DateTimeOffset Now
    {
        get;
        set => field = value >= field ? value : field;
    } = start;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;
}
