using Rung.Storage.Sqlite;

namespace Rung.Storage.Reports;

/// <summary>Adds up a report on imported calls in one pass over the window.</summary>
internal static class ImportedReportScan
{
    public static ImportedReport Run(Connection connection, ImportedReportQuery query, CancellationToken cancellationToken)
    {
        using var rows = new Statement(connection, $"""
            SELECT {Key(query.By)}, started_at_us, requests, status, input_tokens, cache_read_tokens, output_tokens, cost_nano_usd,
                   reported_cost_nano_usd, latency_us, first_byte_us
            FROM imported_call WHERE id > ?1 AND id < ?2 AND started_at_us >= ?3 AND started_at_us < ?4 ORDER BY id
            """);
        IdWindow.Of(query.Since, query.Until).Bind(rows);

        var groups = new ReportGroups<ImportedSums>(key => new ImportedSums(key));
        var totals = new ImportedSums(key: null);
        Quantiles latencies = new(), firstBytes = new();
        for (var seen = 0; rows.Next(); seen++)
        {
            if (seen % 1024 == 0) cancellationToken.ThrowIfCancellationRequested();
            var group = query.By == ImportedGrouping.Day ? groups.OfDay(rows.Integer(1))
                : rows.IsNull(0) ? groups.WithoutKey()
                : groups.Of(rows.Bytes(0));
            var row = new ImportedRow(
                Requests: rows.Integer(2), Status: rows.Integer(3), TokensIn: rows.Integer(4), TokensCached: rows.Integer(5),
                TokensOut: rows.Integer(6), CostNanoUsd: rows.IntegerOrNull(7), ReportedCostNanoUsd: rows.IntegerOrNull(8));
            groups[group].Add(row);
            totals.Add(row);
            if (rows.IntegerOrNull(9) is { } latency) latencies.Add(group, latency);
            if (rows.IntegerOrNull(10) is { } firstByte) firstBytes.Add(group, firstByte);
        }
        return ToReport(query, groups, totals, latencies.Take(groups.Count), firstBytes.Take(groups.Count));
    }

    // The columns are named here and not by the caller: no text of a user reaches SQL. A model that is not told is an empty text.
    private static string Key(ImportedGrouping by) => by switch
    {
        ImportedGrouping.Tag => "coalesce(site_tag, tag)",
        ImportedGrouping.Role => "role",
        ImportedGrouping.Model => "nullif(model, '')",
        ImportedGrouping.Session => "session",
        ImportedGrouping.Source => "source",
        ImportedGrouping.Day => "NULL",
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "No such grouping."),
    };

    private static ImportedReport ToReport(
        ImportedReportQuery query, ReportGroups<ImportedSums> groups, ImportedSums totals, (long, long)?[] latencies, (long, long)?[] firstBytes)
    {
        var order = InOrder(groups, query.By);
        var shown = query.Limit is { } limit && limit < order.Count ? limit : order.Count;
        var first = query.By == ImportedGrouping.Day ? order.Count - shown : 0; // The newest days.
        return new ImportedReport
        {
            By = query.By,
            Since = query.Since,
            Until = query.Until,
            Rows = order.GetRange(first, shown).ConvertAll(group => groups[group].ToRow(latencies[group], firstBytes[group])),
            RowsLeftOut = order.Count - shown,
            Totals = totals.ToRow(latencies[^1], firstBytes[^1]),
        };
    }

    // Days in order of time; else the costliest first, then the busiest, then by name, so that equal ledgers give equal reports.
    private static List<int> InOrder(ReportGroups<ImportedSums> groups, ImportedGrouping by)
    {
        var all = Enumerable.Range(0, groups.Count);
        return by == ImportedGrouping.Day
            ? [.. all.OrderBy(group => groups[group].Key, StringComparer.Ordinal)]
            : [.. all.OrderByDescending(group => groups[group].Cost).ThenByDescending(group => groups[group].Calls).ThenBy(group => groups[group].Key, StringComparer.Ordinal)];
    }
}
