using Rung.Core.Statistics;

namespace Rung.Control.Overview;

/// <summary>A figure of a period beside that of the period which it is compared with.</summary>
public sealed record ComparedFigure
{
    /// <summary>The figure with its ordinary 95 % interval; null where there is not enough to say.</summary>
    public Interval? Now { get; init; }
    /// <summary>How many the figure is of.</summary>
    public required long Count { get; init; }
    /// <summary>The same of the compared period; null where there is not enough to say, or nothing is compared.</summary>
    public Interval? Before { get; init; }
    /// <summary>How many that is of.</summary>
    public long BeforeCount { get; init; }

    /// <summary>This period's minus the other's, with its 95 % interval; null unless both are known.</summary>
    public Interval? Difference => Now is { } now && Before is { } before ? Differences.Of(now, before) : null;

    /// <summary>Whether the difference is more than chance: its interval has not 0 in it. One of twenty such statements is wrong where nothing changed.</summary>
    public bool IsMoreThanChance => Difference is { } difference && !difference.Covers(0);
}
