namespace Rung.Storage.Rollups;

/// <summary>How finely a roll-up tells times apart. Stored in the ledger: add at the end, never renumber.</summary>
public enum RollupGrain : byte
{
    /// <summary>Minutes, UTC.</summary>
    Minute = 1,
    /// <summary>Hours, UTC.</summary>
    Hour = 2,
    /// <summary>Days, UTC.</summary>
    Day = 3,
}

/// <summary>What is known of a grain.</summary>
public static class RollupGrains
{
    /// <summary>How long one of it lasts.</summary>
    public static TimeSpan Length(this RollupGrain grain) => grain switch
    {
        RollupGrain.Minute => TimeSpan.FromMinutes(1),
        RollupGrain.Hour => TimeSpan.FromHours(1),
        RollupGrain.Day => TimeSpan.FromDays(1),
        _ => throw new ArgumentOutOfRangeException(nameof(grain), grain, "No such grain."),
    };

    /// <summary>The beginning of the minute, hour or day that an instant lies in, UTC.</summary>
    public static DateTimeOffset Begin(this RollupGrain grain, DateTimeOffset instant) => Begin(instant, grain.Length());

    /// <summary>The begin of the part of time that an instant lies in, UTC; parts follow one another from a midnight on.</summary>
    /// <param name="instant">The instant.</param>
    /// <param name="step">Length of a part.</param>
    public static DateTimeOffset Begin(DateTimeOffset instant, TimeSpan step) => new(instant.UtcTicks - (instant.UtcTicks % step.Ticks), TimeSpan.Zero);
}
