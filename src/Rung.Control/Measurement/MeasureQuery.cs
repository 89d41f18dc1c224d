namespace Rung.Control.Measurement;

/// <summary>What calls of a tag are told apart by.</summary>
public enum MeasureGrouping : byte
{
    /// <summary>Nothing: one row a tag.</summary>
    Tag = 0,
    /// <summary>The arm of a rollout.</summary>
    Arm = 1,
    /// <summary>The rung that they started on.</summary>
    Tier = 2,
    /// <summary>The day, UTC.</summary>
    Day = 3,
    /// <summary>The hour, UTC.</summary>
    Hour = 4,
}

/// <summary>Which calls to measure, and how.</summary>
public sealed record MeasureQuery
{
    /// <summary>Calls of this tag; null: of all.</summary>
    public string? Tag { get; init; }
    /// <summary>Calls that began then or later; null: from the first one.</summary>
    public DateTimeOffset? Since { get; init; }
    /// <summary>Calls that began before; null: to the last one. Their verdicts count whenever they were given.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>What they are told apart by.</summary>
    public MeasureGrouping By { get; init; }
}

/// <summary>One row.</summary>
/// <param name="Tag">The tag; null for calls without one.</param>
/// <param name="Part">Arm, tier, day or hour; null where nothing is told apart, or the call has none.</param>
/// <param name="Reading">The numbers.</param>
/// <param name="Saving">The saving by chance's own comparison where a rollout makes one, else against the baseline; null where neither is known.</param>
public sealed record MeasureRow(string? Tag, string? Part, Core.Measurement.MeasureReading Reading, Core.Measurement.MeasuredSaving? Saving);
