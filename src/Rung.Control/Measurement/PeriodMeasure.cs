using Rung.Core.Measurement;
using Rung.Storage;
using Rung.Storage.Rollups;

namespace Rung.Control.Measurement;

/// <summary>One point of a series.</summary>
/// <param name="At">Begin of its part of time, UTC; as long as <see cref="PeriodMeasure.Step"/>.</param>
/// <param name="Reading">The numbers.</param>
public sealed record MeasurePoint(DateTimeOffset At, MeasureReading Reading);

/// <summary>What a period says of one tag.</summary>
/// <param name="Tag">The tag; null for calls without one.</param>
/// <param name="Reading">The numbers of the period.</param>
/// <param name="Compared">Those of the period that it is compared with; null where there is none, or the tag had no calls in it.</param>
/// <param name="Series">The numbers over time, in order, without times of calls; parts without calls are left out.</param>
public sealed record TagPeriod(string? Tag, MeasureReading Reading, MeasureReading? Compared, IReadOnlyList<MeasurePoint> Series);

/// <summary>
/// Cost, quality and rates of every tag over a period, from the roll-ups: the same numbers as <see cref="LedgerMeasure"/> reads from the calls, but that a session counts, with everything it has
/// cost and was judged so far, where it began.
/// </summary>
public sealed record PeriodMeasure
{
    // A point of a share should be of so many calls, and a series of hours have so many points.
    private const int CallsOfPoint = 20, LeastPoints = 14;
    private static readonly int[] s_hours = [1, 3, 6, 12];

    /// <summary>The period.</summary>
    public required Period Period { get; init; }
    /// <summary>How long a point of the series is: the period's grain, or several hours where most tags have so few calls in one that their rates would only jump.</summary>
    public required TimeSpan Step { get; init; }
    /// <summary>The tags in their order, calls without one last. Copies for rollouts in their shadow are not among them.</summary>
    public required IReadOnlyList<TagPeriod> Tags { get; init; }
    /// <summary>All of them together; a session with two tags counts as two, as if they were independent.</summary>
    public required TagPeriod All { get; init; }
    /// <summary>Calls that are in no number yet, because too many wait to be rolled up; 0 as a rule.</summary>
    public required long Pending { get; init; }
    /// <summary>Calls from before this instant are not in yet: an older ledger is being rolled up; null: all are.</summary>
    public DateTimeOffset? MissingBefore { get; init; }

    /// <summary>Reads a period.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="period">The period, with or without another to compare with.</param>
    /// <param name="cancellationToken">Looked at before each reading.</param>
    /// <param name="tag">This tag only; null: all.</param>
    /// <param name="series">Whether the series is read.</param>
    /// <param name="times">Whether times are read: without them, which are most of a long series, it is read much faster.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public static async Task<PeriodMeasure> ReadAsync(Ledger ledger, Period period, CancellationToken cancellationToken, string? tag = null, bool series = true, bool times = true)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(period);
        // A series without times, and all of it together with them: thousands of points hold a sketch each, and nobody looks at so many.
        var reading = await ledger.ReadRollupAsync(Query(period, tag, null, times), cancellationToken);
        var over = series ? await ledger.ReadRollupAsync(Query(period, tag, period.Grain, times: false), cancellationToken) : null;
        var before = period.Compared is { } compared ? await ledger.ReadRollupAsync(Query(compared, tag, null, times), cancellationToken) : null;

        // A tag that was used only before stands there too: that it fell silent is worth seeing.
        var tags = reading.Tags.Select(row => row.Tag).Concat(before?.Tags.Select(row => row.Tag) ?? []).Distinct(StringComparer.Ordinal);
        var rows = reading.Tags.ToLookup(row => row.Tag, StringComparer.Ordinal);
        var points = (over?.Tags ?? []).ToLookup(row => row.Tag, StringComparer.Ordinal);
        var others = (before?.Tags ?? []).ToLookup(row => row.Tag, StringComparer.Ordinal);
        var step = StepOf(period, [.. rows.Select(row => Sum(row).Calls)]);
        return new PeriodMeasure
        {
            Period = period, Step = step,
            Tags =
            [
                .. tags.OrderBy(name => name is null).ThenBy(name => name, StringComparer.Ordinal)
                    .Select(name => Of(name, rows[name], others[name], points[name], step)),
            ],
            All = Of(null, reading.Tags, before?.Tags ?? [], over?.Tags ?? [], step),
            Pending = reading.Pending, MissingBefore = reading.MissingBefore,
        };
    }

    /// <summary>The shortest step with enough calls of the middle tag in a point; minutes and days stay as they are.</summary>
    internal static TimeSpan StepOf(Period period, IReadOnlyList<long> callsOfTags)
    {
        var grain = period.Grain.Length();
        if (period.Grain != RollupGrain.Hour || callsOfTags.Count == 0) return grain;
        var middle = callsOfTags.Order().ElementAt(callsOfTags.Count / 2);
        var step = grain;
        foreach (var hours in s_hours)
        {
            if (period.Length < LeastPoints * TimeSpan.FromHours(hours)) break;
            step = TimeSpan.FromHours(hours);
            if (middle * (step / period.Length) >= CallsOfPoint) break;
        }
        return step;
    }

    private static RollupQuery Query(Period period, string? tag, RollupGrain? series, bool times) => new() { From = period.From, To = period.To, Series = series, Tag = tag, Spend = null, Times = times };

    private static TagPeriod Of(string? tag, IEnumerable<TagRow> rows, IEnumerable<TagRow> before, IEnumerable<TagRow> series, TimeSpan step)
    {
        var (sums, others) = (Sum(rows), Sum(before));
        var points = series.GroupBy(row => RollupGrains.Begin(row.At!.Value, step)).OrderBy(point => point.Key).Select(point => new MeasurePoint(point.Key, Sum(point).Read()));
        return new TagPeriod(tag, sums.Read(), others.Calls > 0 ? others.Read() : null, [.. points]);
    }

    private static MeasureSums Sum(IEnumerable<TagRow> rows)
    {
        var sums = new MeasureSums();
        foreach (var row in rows) sums.Merge(row.Sums);
        return sums;
    }
}
