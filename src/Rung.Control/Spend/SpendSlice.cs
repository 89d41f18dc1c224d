using System.Runtime.InteropServices;
using Rung.Control.Measurement;
using Rung.Control.Overview;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Storage;
using Rung.Storage.Imports;
using Rung.Storage.Rollups;

namespace Rung.Control.Spend;

/// <summary>Cost over time of one part of a slice.</summary>
/// <param name="Name">Its key; null for what has none.</param>
/// <param name="IsRest">Whether it is everything that the named parts leave.</param>
/// <param name="CostNanoUsd">Known cost in each part of time, nano-USD.</param>
/// <param name="Calls">Calls in each.</param>
public sealed record SpendLine(string? Name, bool IsRest, IReadOnlyList<long> CostNanoUsd, IReadOnlyList<long> Calls);

/// <summary>The highest point of any part that the line of the rest holds: so that it hides none.</summary>
/// <param name="Name">The part's key; null for what has none.</param>
/// <param name="At">Begin of the part of time, UTC.</param>
/// <param name="CostNanoUsd">Its known cost then, nano-USD.</param>
/// <param name="Parts">How many parts the rest is of.</param>
public sealed record SpendPeak(string? Name, DateTimeOffset At, long CostNanoUsd, int Parts);

/// <summary>Spending of a period, narrowed by a filter and told apart by some groupings: a table, its total, and the cost over time. Every amount comes from one reading.</summary>
public sealed record SpendSlice
{
    /// <summary>Parts that get a line of their own.</summary>
    public const int MostLines = 6;

    /// <summary>The period.</summary>
    public required Period Period { get; init; }
    /// <summary>What the rows are told apart by, in the order of columns.</summary>
    public required IReadOnlyList<SpendGrouping> By { get; init; }
    /// <summary>What is looked at.</summary>
    public required SpendFilter Filter { get; init; }
    /// <summary>The rows, the costliest first; with days, the newest day first.</summary>
    public required IReadOnlyList<SpendReadingRow> Rows { get; init; }
    /// <summary>The sum of the rows.</summary>
    public required SpendSums Totals { get; init; }
    /// <summary>Everything of the period, whatever the filter: the total of every other page, and of <c>rung report</c>.</summary>
    public required SpendSums Whole { get; init; }
    /// <summary>Begins of the parts of <see cref="Lines"/>, UTC.</summary>
    public IReadOnlyList<DateTimeOffset> Points { get; init; } = [];
    /// <summary>Cost over time by the first grouping, the costliest first, the rest together last. Where there is a rest, the last named line is the part of it that had the highest point.</summary>
    public IReadOnlyList<SpendLine> Lines { get; init; } = [];
    /// <summary>The highest point within the rest; null when there is no rest.</summary>
    public SpendPeak? RestPeak { get; init; }
    /// <summary>What was saved: of everything that is looked at. Its interval is that of the first page; null where the spread over sessions is not known (<see cref="HasSessions"/>), or too little is.</summary>
    public NetSaving? Saving { get; init; }
    /// <summary>Whether the spread over sessions is known of what is looked at: of all calls, and of one tag.</summary>
    public bool HasSessions => Filter.Stated.Count == 0 || (Filter.Stated.Count == 1 && Filter.Has(SpendGrouping.Tag));
    /// <summary>Imported calls of the period: in no amount.</summary>
    public IReadOnlyList<ImportedSource> Imported { get; init; } = [];
    /// <summary>Calls that are in no amount yet, because too many wait to be rolled up; 0 as a rule.</summary>
    public required long Pending { get; init; }
    /// <summary>Calls from before this instant are not in yet; null: all are.</summary>
    public DateTimeOffset? MissingBefore { get; init; }

    /// <summary>Reads the table alone.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="policy">The policy in force, which says whose a tag is.</param>
    /// <param name="period">The period.</param>
    /// <param name="by">What to tell apart.</param>
    /// <param name="filter">What to look at.</param>
    /// <param name="cancellationToken">Looked at before each reading.</param>
    /// <exception cref="LedgerException">It cannot be read.</exception>
    public static async Task<SpendSlice> ReadTableAsync(Ledger ledger, PolicySnapshot policy, Period period, IReadOnlyList<SpendGrouping> by, SpendFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(filter);
        var wanted = by.Aggregate(SpendGrouping.Nothing, (all, one) => all | one);
        var reading = await SpendReading.ReadAsync(ledger, policy, period, Read(wanted | filter.Groupings), cancellationToken);
        var (rows, totals) = Group(reading.Rows.Where(filter.Holds), wanted);
        return new SpendSlice
        {
            Period = period, By = by, Filter = filter, Totals = filter.Stated.Count == 0 ? reading.Totals : totals, Whole = reading.Totals,
            Rows = [.. rows.OrderByDescending(row => row.At).ThenByDescending(row => row.Sums.CostNanoUsd).ThenByDescending(row => row.Sums.Calls)], Pending = reading.Pending, MissingBefore = reading.MissingBefore,
        };
    }

    /// <summary>Reads the table and the cost over time.</summary>
    /// <inheritdoc cref="ReadTableAsync"/>
    public static async Task<SpendSlice> ReadAsync(Ledger ledger, PolicySnapshot policy, Period period, IReadOnlyList<SpendGrouping> by, SpendFilter filter, CancellationToken cancellationToken)
    {
        var slice = await ReadTableAsync(ledger, policy, period, by, filter, cancellationToken);
        var lead = by.FirstOrDefault(one => one != SpendGrouping.Day);
        // The parts of the series say the day, too: it need not be told apart a second time.
        var conditions = filter.Groupings & ~SpendGrouping.Day;
        var series = await SpendReading.ReadAsync(ledger, policy, period, lead | conditions | SpendGrouping.Series, cancellationToken);
        var points = period.Points().ToList();
        var (lines, peak) = LinesOf(series.Rows.Where(filter.Holds), lead, points);
        return slice with
        {
            Points = points, Lines = lines, RestPeak = peak, Saving = NetSaving.Of(slice.Totals, slice.HasSessions ? await MeasureAsync(ledger, period, filter, cancellationToken) : []), Imported = await ledger.ImportedSourcesAsync(period.From, period.To, cancellationToken),
        };
    }

    // The readings that the first page has its interval from.
    private static async Task<IEnumerable<MeasureReading>> MeasureAsync(Ledger ledger, Period period, SpendFilter filter, CancellationToken cancellationToken)
    {
        var tag = filter.Stated.GetValueOrDefault(SpendGrouping.Tag);
        var measure = await PeriodMeasure.ReadAsync(ledger, period with { Compared = null }, cancellationToken, tag, series: false, times: false);
        return measure.Tags.Where(row => !filter.Has(SpendGrouping.Tag) || row.Tag == tag).Select(row => row.Reading); // Without a tag all were read.
    }

    private static SpendGrouping Read(SpendGrouping wanted) => wanted == SpendGrouping.Nothing ? SpendGrouping.Tag : wanted; // Without a grouping there are no rows to filter.

    private static (List<SpendReadingRow> Rows, SpendSums Totals) Group(IEnumerable<SpendReadingRow> rows, SpendGrouping by)
    {
        var (groups, totals) = (new Dictionary<(DateTimeOffset?, string?, string?, string?, string?, string?), SpendReadingRow>(), new SpendSums());
        foreach (var row in rows)
        {
            totals.Merge(row.Sums);
            var key = (
                by.HasFlag(SpendGrouping.Day) ? row.At : null, Kept(row.Tag, SpendGrouping.Tag), Kept(row.Role, SpendGrouping.Role), Kept(row.Team, SpendGrouping.Team), Kept(row.Tier, SpendGrouping.Tier),
                Kept(row.Model, SpendGrouping.Model));
            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, key, out _);
            group ??= new SpendReadingRow(key.Item1, key.Item2, key.Item3, null, key.Item4, key.Item5, key.Item6, new SpendSums());
            group.Sums.Merge(row.Sums);
        }
        return (by == SpendGrouping.Nothing ? [] : [.. groups.Values], totals);

        string? Kept(string? value, SpendGrouping one) => by.HasFlag(one) ? value : null;
    }

    private static (List<SpendLine> Lines, SpendPeak? RestPeak) LinesOf(IEnumerable<SpendReadingRow> rows, SpendGrouping lead, List<DateTimeOffset> points)
    {
        var places = new Dictionary<DateTimeOffset, int>();
        for (var i = 0; i < points.Count; i++) places[points[i]] = i;
        var lines = new Dictionary<(bool IsNamed, string? Name), (long[] Cost, long[] Calls)>();
        foreach (var row in rows)
        {
            if (row.At is not { } at || !places.TryGetValue(at, out var place)) continue;
            var name = lead == SpendGrouping.Nothing ? null : SpendKeys.ValueOf(row, lead);
            ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(lines, (lead != SpendGrouping.Nothing, name), out var known);
            if (!known) line = (new long[points.Count], new long[points.Count]);
            line.Cost[place] += row.Sums.CostNanoUsd;
            line.Calls[place] += row.Sums.Calls;
        }
        var ranked = lines.OrderByDescending(line => line.Value.Cost.Sum()).ThenBy(line => line.Key.Name, StringComparer.Ordinal).ToList();
        // One more than there is room for is better named than called the rest.
        if (ranked.Count <= MostLines) return ([.. ranked.Select(line => new SpendLine(line.Key.Name, IsRest: false, line.Value.Cost, line.Value.Calls))], null);
        // The last place is for whatever of the others had the highest point: a day that stands out must not be lost because its sum is small.
        var highest = ranked.Skip(MostLines - 2).MaxBy(line => line.Value.Cost.Max());
        List<KeyValuePair<(bool IsNamed, string? Name), (long[] Cost, long[] Calls)>> named = [.. ranked.Take(MostLines - 2), highest];
        var rest = ranked.Skip(MostLines - 2).Where(line => line.Key != highest.Key).ToList();
        var (cost, calls) = (new long[points.Count], new long[points.Count]);
        foreach (var line in rest)
        {
            for (var i = 0; i < points.Count; i++) (cost[i], calls[i]) = (cost[i] + line.Value.Cost[i], calls[i] + line.Value.Calls[i]);
        }
        var top = rest.MaxBy(line => line.Value.Cost.Max());
        var most = top.Value.Cost.Max();
        return (
            [.. named.Select(line => new SpendLine(line.Key.Name, IsRest: false, line.Value.Cost, line.Value.Calls)), new SpendLine(null, IsRest: true, cost, calls)],
            new SpendPeak(top.Key.Name, points[Array.IndexOf(top.Value.Cost, most)], most, rest.Count));
    }
}
