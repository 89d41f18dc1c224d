namespace Rung.Dashboard.Parts;

/// <summary>What the values of a chart are: decides how they are written.</summary>
public enum ChartUnit : byte
{
    /// <summary>US dollars.</summary>
    Usd,
    /// <summary>A share, 0 to 1, written as a percentage.</summary>
    Share,
    /// <summary>Milliseconds.</summary>
    Milliseconds,
    /// <summary>A plain number.</summary>
    Count,
    /// <summary>Points: hundredths of a share or of a score, as a difference.</summary>
    Points,
}

/// <summary>One line of a chart.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Values">One value an instant of the chart; null: none, the line has a gap.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<double?> Values)
{
    /// <summary>Lower ends of the intervals; null: no interval is drawn.</summary>
    public IReadOnlyList<double?>? Low { get; init; }
    /// <summary>Upper ends of the intervals.</summary>
    public IReadOnlyList<double?>? High { get; init; }
    /// <summary>A constant that the line is compared with: a floor, a ceiling, a margin. Drawn dashed in the line's colour.</summary>
    public double? Target { get; init; }
    /// <summary>How many data are behind each value; shown in the table.</summary>
    public IReadOnlyList<long>? Counts { get; init; }
    /// <summary>A value of fewer data stands in the table only: drawn, it would say more than it knows.</summary>
    public long LeastCount { get; init; }

    /// <summary>The values that are drawn.</summary>
    public IEnumerable<double?> Drawn() => Counts is { } counts && LeastCount > 1 ? Values.Select((value, i) => counts[i] < LeastCount ? null : value) : Values;
}

/// <summary>A mark on the axis of time.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">revision, rollout, alert, action or change.</param>
/// <param name="Text">What happened.</param>
/// <param name="Url">Where it is told; null: nowhere.</param>
public sealed record ChartMark(DateTimeOffset At, string Kind, string Text, string? Url = null);
