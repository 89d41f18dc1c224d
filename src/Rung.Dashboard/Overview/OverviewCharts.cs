using Rung.Control.Overview;
using Rung.Core.Measurement;
using Rung.Core.Statistics;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Overview;

/// <summary>Readings of the first page as lines of charts.</summary>
internal static class OverviewCharts
{
    /// <summary>Most tags that are drawn: the dearest ones. All are in the tables.</summary>
    public const int MostLines = 6;

    /// <summary>Most rows of a chart's table: the newest ones. The page is fetched again whenever something happens, so it must stay small.</summary>
    public const int MostRows = 24;

    /// <summary>A share of fewer than so many is not drawn: it would jump between 0 and 100 %. The table has it, with its number.</summary>
    public const int LeastOfShare = 5;

    /// <summary>Marks as charts draw them.</summary>
    public static IReadOnlyList<ChartMark> Marks(IReadOnlyList<TimelineMark> marks) => [.. marks.Select(mark => new ChartMark(mark.At, Word(mark.Kind), mark.Text, mark.Url))];

    /// <summary>One line a tag; parts of time without a value are gaps.</summary>
    /// <param name="tags">The tags, the dearest first.</param>
    /// <param name="at">Begins of the parts of time.</param>
    /// <param name="value">The value of a part, in the chart's unit, and how many it is of.</param>
    /// <param name="target">What a tag's line is compared with; null: nothing.</param>
    /// <param name="leastCount">Values of fewer are not drawn.</param>
    public static IReadOnlyList<ChartSeries> Lines(IEnumerable<TagOverview> tags, IReadOnlyList<DateTimeOffset> at, Func<TagOverview, MeasureReading, (double? Value, long Count)> value, Func<TagOverview, double?>? target = null, long leastCount = LeastOfShare)
    {
        var lines = new List<ChartSeries>();
        foreach (var tag in tags.Take(MostLines))
        {
            var points = tag.Series.ToDictionary(point => point.At, point => point.Reading);
            var (values, counts) = (new double?[at.Count], new long[at.Count]);
            for (var i = 0; i < at.Count; i++)
            {
                if (points.TryGetValue(at[i], out var reading)) (values[i], counts[i]) = value(tag, reading);
            }
            if (values.Any(known => known is not null)) lines.Add(new ChartSeries(NameOf(tag.Tag), values) { Counts = counts, LeastCount = leastCount, Target = target?.Invoke(tag) });
        }
        return lines;
    }

    /// <summary>A share and the calls that it is of.</summary>
    public static (double? Value, long Count) Share(MeasuredShare share) => (share.Trials > 0 ? (double)share.Events / share.Trials : null, share.Trials);

    /// <summary>A cost in US dollars.</summary>
    public static double? Usd(Interval? nanoUsd) => nanoUsd is { } known ? known.Estimate / 1e9 : null;

    /// <summary>A tag's name for people.</summary>
    public static string NameOf(string? tag) => tag ?? "(no tag)";

    private static string Word(MarkKind kind) => kind switch
    {
        MarkKind.Rollout => "rollout", MarkKind.Alert => "alert", MarkKind.ControlAction => "action", MarkKind.ChangePoint => "change", _ => "revision",
    };
}
