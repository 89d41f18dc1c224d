using System.Text.Json;

namespace Rung.Replay;

/// <summary>How sure figures are to be, and how that is worked out.</summary>
/// <param name="Confidence">Share of the resamples inside an interval, in (0, 1).</param>
/// <param name="Resamples">How many resamples, 0 for none: then nothing has an interval.</param>
/// <param name="Seed">Decides every draw.</param>
internal sealed record ReplaySampling(double Confidence, int Resamples, ulong Seed);

/// <summary>Adds up replayed calls: in all, and by tag.</summary>
internal static class ReplaySummary
{
    /// <summary>Fewest groups for which an interval is given: below, the bootstrap says little.</summary>
    public const int FewestGroups = 10;

    /// <summary>
    /// Most blocks that are resampled: more groups are added up into so many blocks first, every block by turns. Sums of independent groups are independent, so
    /// the interval stays right, and its cost no longer grows with the traffic.
    /// </summary>
    public const int MostBlocks = 20_000;

    /// <summary>Sums up some calls.</summary>
    /// <param name="tag">Their tag; null for none, or for all calls.</param>
    /// <param name="rows">The calls.</param>
    /// <param name="sampling">How intervals are worked out.</param>
    public static ReplayScope Of(string? tag, IReadOnlyCollection<ReplayRow> rows, ReplaySampling sampling)
    {
        var (sums, total, groups) = SumsOf(rows);
        var bootstrap = sampling.Resamples > 0 && groups >= FewestGroups ? GroupedBootstrap.Run(sums, ReplaySums.Columns, sampling.Resamples, sampling.Seed) : null;
        return new ReplayScope
        {
            Tag = tag, Calls = rows.Count, Groups = groups, Policy = Side(rows, row => row.A, ofB: false), Against = Side(rows, row => row.B, ofB: true), Change = Change(),
        };

        Figure? Read(SumFigure figure)
        {
            if (figure(total) is not { } value) return null;
            var ends = bootstrap?.Interval(figure, sampling.Confidence);
            return ends is { } known ? new Figure(value, Math.Min(value, known.Low), Math.Max(value, known.High)) : new Figure(value, null, null);
        }

        ReplaySide Side(IReadOnlyCollection<ReplayRow> of, Func<ReplayRow, ReplayedCall> side, bool ofB)
        {
            ReplayedCall[] calls = [.. of.Select(side)];
            var priced = calls.Where(call => call.Cost is not null && call.BaselineNanoUsd is not null).ToArray();
            return new ReplaySide
            {
                Answered = calls.Count(call => call is { Error: null, IsUnjudged: false }),
                Errors = CountBy(calls.Where(call => !call.IsUnjudged).Select(call => call.Error).OfType<string>()),
                Unjudged = calls.Count(call => call.IsUnjudged),
                Graded = calls.Count(call => call.Graded is not null),
                Accuracy = Read(ReplaySums.Level(ReplayMetric.Accuracy, ofB)),
                CostNanoUsd = calls.Sum(call => call.Cost ?? 0),
                Cost = calls.Any(call => call.Cost is not null) ? Read(ReplaySums.Level(ReplayMetric.Cost, ofB)) : null,
                CallsWithoutCost = calls.Count(call => call is { IsUnjudged: false, Cost: null }),
                CostSources = CountBy(calls.Where(call => !call.IsUnjudged).Select(call => JsonNamingPolicy.SnakeCaseLower.ConvertName(call.CostSource.ToString()))),
                BaselineNanoUsd = priced.Length > 0 ? priced.Sum(call => call.BaselineNanoUsd!.Value) : null,
                Saving = Read(ReplaySums.Level(ReplayMetric.Saving, ofB)),
                Climbed = calls.Count(call => call is { IsUnjudged: false, Climbs: > 0 }),
                ClimbRate = Read(ReplaySums.Level(ReplayMetric.Climbs, ofB)),
                ErrorRate = Read(ReplaySums.Level(ReplayMetric.Errors, ofB)),
                Models =
                [
                    .. calls.Where(call => call.Model is not null && !call.IsUnjudged).GroupBy(call => call.Model!, StringComparer.Ordinal)
                        .Select(group => new ReplayModelUse(group.Key, group.Count(), group.Sum(call => call.Cost ?? 0)) { CallsWithoutCost = group.Count(call => call.Cost is null) })
                        .OrderByDescending(use => use.Calls).ThenBy(use => use.Model, StringComparer.Ordinal),
                ],
            };
        }

        ReplayChange Change()
        {
            var graded = rows.Where(row => row.A.Graded is not null && row.B.Graded is not null).ToArray();
            return new ReplayChange
            {
                OtherModel = rows.Count(row => row.A is { IsUnjudged: false } && row.B is { IsUnjudged: false } && row.A.Model != row.B.Model),
                GradedInBoth = graded.Length,
                Better = graded.Count(row => row.A.Graded > row.B.Graded),
                Worse = graded.Count(row => row.A.Graded < row.B.Graded),
                Accuracy = Read(ReplaySums.Change(ReplayMetric.Accuracy)),
                PricedInBoth = rows.Count(row => row.A.Cost is not null && row.B.Cost is not null),
                PricedByOtherOnly = rows.Count(row => row.A is { IsUnjudged: false, Cost: null } && row.B.Cost is not null),
                Cost = Read(ReplaySums.Change(ReplayMetric.Cost)),
                CostUsd = Read(ReplaySums.CostDifference),
                Saving = Read(ReplaySums.Change(ReplayMetric.Saving)),
                ClimbRate = Read(ReplaySums.Change(ReplayMetric.Climbs)),
                ErrorRate = Read(ReplaySums.Change(ReplayMetric.Errors)),
            };
        }
    }

    /// <summary>Sums by group, their total, and how many groups there are.</summary>
    private static (double[] Sums, double[] Total, int Groups) SumsOf(IReadOnlyCollection<ReplayRow> rows)
    {
        var places = new Dictionary<int, int>(rows.Count);
        foreach (var row in rows) places.TryAdd(row.Group, places.Count);
        var (sums, total) = (new double[Math.Min(places.Count, MostBlocks) * ReplaySums.Columns], new double[ReplaySums.Columns]);
        foreach (var row in rows)
        {
            ReplaySums.Add(sums.AsSpan(places[row.Group] % MostBlocks * ReplaySums.Columns, ReplaySums.Columns), row);
            ReplaySums.Add(total, row);
        }
        return (sums, total, places.Count);
    }

    private static Dictionary<string, int> CountBy(IEnumerable<string> names) => names
        .CountBy(name => name, StringComparer.Ordinal)
        .OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)
        .ToDictionary(StringComparer.Ordinal);
}
