using Rung.Control.Measurement;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Statistics;
using Rung.Core.Steering;

namespace Rung.Control.Overview;

/// <summary>The quality of a tag by what its floor names, beside that floor.</summary>
public static class FloorFigure
{
    /// <summary>Where a tag stands to its floor, by what judged its calls of a period.</summary>
    /// <param name="floor">The floor.</param>
    /// <param name="reading">What was measured.</param>
    public static FloorStanding Of(Floor floor, MeasureReading reading)
    {
        ArgumentNullException.ThrowIfNull(floor);
        ArgumentNullException.ThrowIfNull(reading);
        return QualityReading.Standing(floor, EstimateOf(SignalOf(floor, reading)));
    }

    /// <summary>What the signal that a floor names says; null when it has said nothing.</summary>
    public static MeasuredSignal? SignalOf(Floor floor, MeasureReading reading)
    {
        ArgumentNullException.ThrowIfNull(floor);
        ArgumentNullException.ThrowIfNull(reading);
        return FloorWatch.SignalOf(floor.Verdict) is { } named ? reading.Signals.FirstOrDefault(one => one.Signal == named) : null;
    }

    /// <summary>An estimate from one signal: none with fewer than <see cref="QualityPool.LeastSessions"/> sessions.</summary>
    public static QualityEstimate EstimateOf(MeasuredSignal? signal) => new()
    {
        Quality = signal is { Units: >= QualityPool.LeastSessions } ? signal.Mean : null, Items = (int)Math.Min(int.MaxValue, signal?.Items ?? 0), Sessions = (int)Math.Min(int.MaxValue, signal?.Units ?? 0),
    };

    /// <summary>The combined quality of a period with the sessions that judged it; the interval is null while no signal has enough of them.</summary>
    public static (Interval? Quality, long Sessions) Combined(MeasureReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var most = reading.Signals.IsEmpty ? 0 : reading.Signals.Max(signal => signal.Units);
        return (most >= QualityPool.LeastSessions ? reading.Quality : null, most);
    }

    /// <summary>A signal in words.</summary>
    public static string Word(QualitySignal signal) => signal switch
    {
        QualitySignal.Judge => "judge and reviews", QualitySignal.Check => "checks", QualitySignal.Verifier => "verifier", QualitySignal.Override => "overrides", _ => "feedback",
    };
}
