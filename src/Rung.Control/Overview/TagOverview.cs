using Rung.Control.Measurement;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Statistics;

namespace Rung.Control.Overview;

/// <summary>One tag on the first page: its four figures, each beside that of the compared period.</summary>
public sealed record TagOverview
{
    /// <summary>Fewest sessions (or calls, of a tag without sessions) that a cost is shown for.</summary>
    public const int LeastSessions = 10;

    /// <summary>Fewest calls that a rate is shown for.</summary>
    public const int LeastCalls = 20;

    /// <summary>The tag; null for calls without one.</summary>
    public required string? Tag { get; init; }
    /// <summary>The route that decides about its calls in the policy in force.</summary>
    public required Route Route { get; init; }
    /// <summary>Whether the policy knows the tag by name; else the default route decides about it.</summary>
    public required bool IsRouted { get; init; }
    /// <summary>Everything that was measured in the period.</summary>
    public required MeasureReading Reading { get; init; }
    /// <summary>The same in the compared period; null when nothing is compared.</summary>
    public MeasureReading? Before { get; init; }
    /// <summary>The same over time, in order.</summary>
    public required IReadOnlyList<MeasurePoint> Series { get; init; }

    /// <summary>Whether people read its answers as they are.</summary>
    public bool IsUserVisible => Route.UserVisible;

    /// <summary>Whether its calls stand in sessions; else its cost is that of a call.</summary>
    public bool HasSessions => Reading.Sessions > 0;

    /// <summary>Cost of a session that began in the period, nano-USD; of a call, where the tag has no sessions.</summary>
    public ComparedFigure Cost => new() { Now = CostOf(Reading), Count = CostCount(Reading), Before = CostOf(Before), BeforeCount = CostCount(Before) };

    /// <summary>Where the tag stands to its floor, by the verdicts that the floor names; null without a floor.</summary>
    public FloorStanding? Floor => Route.Floor is { } floor ? FloorFigure.Of(floor, Reading) : null;

    /// <summary>Quality, 0 to 1: by what the floor names; without a floor everything that judged, combined.</summary>
    public ComparedFigure Quality
    {
        get
        {
            var (now, count) = QualityOf(Reading);
            var (before, beforeCount) = Before is null ? (null, 0) : QualityOf(Before);
            return new() { Now = now, Count = count, Before = before, BeforeCount = beforeCount };
        }
    }

    /// <summary>Share of the calls that climbed.</summary>
    public ComparedFigure Escalation => Rate(reading => reading.Escalation);

    /// <summary>Share of the calls for which another model of the rung stood in: the fallback rate.</summary>
    public ComparedFigure Failover => Rate(reading => reading.Failover);

    /// <summary>Share of the first answers that failed a check, of the calls that were checked.</summary>
    public ComparedFigure CheckFailure => Rate(reading => reading.CheckFailure);

    /// <summary>Share of the calls whose answer a person replaced. Overrides come after their calls: of the latest ones some are still missing.</summary>
    public ComparedFigure Override => Rate(reading => reading.Override);

    /// <summary>Cost of a session (or call) of one reading; null with too few.</summary>
    public Interval? CostOf(MeasureReading? reading) => reading is null || CostCount(reading) < LeastSessions ? null : HasSessions ? reading.CostPerSession : reading.CostPerCall;

    /// <summary>Quality of one reading, and the sessions that judged it; null with too few.</summary>
    public (Interval? Quality, long Sessions) QualityOf(MeasureReading reading)
    {
        if (Route.Floor is not { } floor) return FloorFigure.Combined(reading);
        var estimate = FloorFigure.Of(floor, reading).Estimate;
        return (estimate.Quality, estimate.Sessions);
    }

    /// <summary>Mean quality of one part of the series by the same signals, and the sessions that judged it: for a line, however few they are.</summary>
    public (double? Quality, long Sessions) PointOf(MeasureReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (Route.Floor is not { } floor) return (reading.Quality?.Estimate, FloorFigure.Combined(reading).Sessions);
        var signal = FloorFigure.SignalOf(floor, reading);
        return (signal?.Mean.Estimate, signal?.Units ?? 0);
    }

    /// <summary>A share as it is shown: null with fewer than <see cref="LeastCalls"/> calls.</summary>
    public static Interval? RateOf(MeasuredShare share) => share.Trials < LeastCalls ? null : share.Share;

    /// <summary>Puts a tag together with what the policy in force says of it.</summary>
    public static TagOverview Of(string? tag, MeasureReading reading, MeasureReading? before, IReadOnlyList<MeasurePoint> series, PolicySnapshot policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Route? route = null;
        var isRouted = tag is not null && policy.Tags.TryGetValue(tag, out route);
        return new TagOverview { Tag = tag, Route = isRouted ? route! : policy.Default, IsRouted = isRouted, Reading = reading, Before = before, Series = series };
    }

    private long CostCount(MeasureReading? reading) => reading is null ? 0 : HasSessions ? reading.Sessions : reading.Calls - reading.UnknownPriceCalls;

    private ComparedFigure Rate(Func<MeasureReading, MeasuredShare> of)
    {
        var (now, before) = (of(Reading), Before is null ? default : of(Before));
        return new() { Now = RateOf(now), Count = now.Trials, Before = RateOf(before), BeforeCount = before.Trials };
    }
}
