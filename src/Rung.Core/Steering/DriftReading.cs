using Rung.Core.Statistics;

namespace Rung.Core.Steering;

/// <summary>What is known of something that should not change.</summary>
public sealed record DriftReading
{
    /// <summary>Whether it has changed.</summary>
    public required bool IsDrifted { get; init; }
    /// <summary>Whether the time that everything is compared with is still being learned.</summary>
    public required bool IsLearning { get; init; }
    /// <summary>Its value in the reference time, with an ordinary 95 % interval; null before there is any.</summary>
    public Interval? Before { get; init; }
    /// <summary>Observations of the reference time.</summary>
    public required long BeforeCount { get; init; }
    /// <summary>Its value since the likely change, else of the last observations; null before there is any.</summary>
    public Interval? Now { get; init; }
    /// <summary>Observations of it.</summary>
    public required long NowCount { get; init; }
    /// <summary>Likely instant of the change; null when there is none.</summary>
    public DateTimeOffset? SinceAt { get; init; }
    /// <summary>The revision of the first observation after it; 0 when it is not known.</summary>
    public long SinceRevision { get; init; }
    /// <summary>In words, with sample sizes.</summary>
    public required string Words { get; init; }
}
