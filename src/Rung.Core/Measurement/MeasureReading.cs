using System.Collections.Immutable;
using Rung.Core.Statistics;

namespace Rung.Core.Measurement;

/// <summary>A share of some calls.</summary>
/// <param name="Events">Calls that it happened to.</param>
/// <param name="Trials">Calls that it could have happened to.</param>
public readonly record struct MeasuredShare(long Events, long Trials)
{
    /// <summary>The share with Wilson's 95 % interval; null without calls.</summary>
    public Interval? Share => Means.OfShare(Events, Trials);
}

/// <summary>Quantiles of a time, microseconds, off by at most half a percent.</summary>
/// <param name="Count">Calls.</param>
/// <param name="P50">Half of the calls take at most this.</param>
/// <param name="P95">Nineteen of twenty do.</param>
/// <param name="P99">Ninety-nine of a hundred do.</param>
public readonly record struct MeasuredTimes(long Count, double P50, double P95, double P99);

/// <summary>What one signal says of quality.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Mean">Mean score with an ordinary 95 % interval over units.</param>
/// <param name="Items">Judgements.</param>
/// <param name="Units">Sessions, and calls without one, that they are about.</param>
/// <param name="Weight">Its part of the combined estimate, 0 to 1.</param>
public sealed record MeasuredSignal(QualitySignal Signal, Interval Mean, long Items, long Units, double Weight);

/// <summary>What was saved, and against what.</summary>
public enum SavingBasis : byte
{
    /// <summary>The price of the same tokens at the reference tier: an assumption about what would have been.</summary>
    Baseline = 0,
    /// <summary>Calls of the same time that a rollout held back from the candidate, by chance: a measurement.</summary>
    Holdback = 1,
    /// <summary>Calls of the same time that a rollout has not moved yet, by chance: a measurement.</summary>
    Current = 2,
}

/// <summary>A saving.</summary>
/// <param name="Basis">Against what.</param>
/// <param name="Share">Part of the other cost that was saved, with an ordinary 95 % interval; below 0 where it is dearer.</param>
/// <param name="NanoUsd">What was saved on all calls of the measure, nano-USD, likewise.</param>
/// <param name="Calls">Calls compared.</param>
/// <param name="Others">Calls that they are compared with.</param>
public sealed record MeasuredSaving(SavingBasis Basis, Interval Share, Interval NanoUsd, long Calls, long Others);

/// <summary>Everything that is measured of a tag (or of a part of its calls), with intervals.</summary>
public sealed record MeasureReading
{
    /// <summary>Calls.</summary>
    public required long Calls { get; init; }
    /// <summary>Sessions; calls without one are not among them.</summary>
    public required long Sessions { get; init; }
    /// <summary>Begin of the first call; null without calls.</summary>
    public DateTimeOffset? First { get; init; }
    /// <summary>Begin of the last call.</summary>
    public DateTimeOffset? Last { get; init; }
    /// <summary>Combined quality with an interval that is never too narrow; null where nothing judged.</summary>
    public Interval? Quality { get; init; }
    /// <summary>What it comes from, the weightiest first.</summary>
    public required ImmutableArray<MeasuredSignal> Signals { get; init; }
    /// <summary>Cost of the calls whose price is known, nano-USD.</summary>
    public required long CostNanoUsd { get; init; }
    /// <summary>Calls of unknown price: they are in no cost.</summary>
    public required long UnknownPriceCalls { get; init; }
    /// <summary>Cost of a call, nano-USD, with an ordinary 95 % interval over sessions; null with fewer than two.</summary>
    public Interval? CostPerCall { get; init; }
    /// <summary>Cost of a session, likewise.</summary>
    public Interval? CostPerSession { get; init; }
    /// <summary>First answers that failed a check, of the calls that were checked.</summary>
    public required MeasuredShare CheckFailure { get; init; }
    /// <summary>Calls for which another model of the rung stood in.</summary>
    public required MeasuredShare Failover { get; init; }
    /// <summary>Calls that climbed.</summary>
    public required MeasuredShare Escalation { get; init; }
    /// <summary>Calls that failed, or went out although a check had failed them.</summary>
    public required MeasuredShare Error { get; init; }
    /// <summary>Calls whose answer a person replaced.</summary>
    public required MeasuredShare Override { get; init; }
    /// <summary>Time to the last byte; null without calls.</summary>
    public MeasuredTimes? Latency { get; init; }
    /// <summary>Time to the first byte of content; null where none was.</summary>
    public MeasuredTimes? FirstByte { get; init; }
    /// <summary>What the calls would have cost at the reference tier, nano-USD: of those for which that and the cost are known.</summary>
    public required long BaselineNanoUsd { get; init; }
    /// <summary>The saving against the baseline; null where none is known.</summary>
    public MeasuredSaving? Saving { get; init; }
}
