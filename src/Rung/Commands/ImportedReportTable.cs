using Rung.Storage.Reports;
using Spectre.Console;

namespace Rung.Commands;

/// <summary>The table of <c>rung report --imported</c>, in the form of the one on served calls.</summary>
internal static class ImportedReportTable
{
    public static void Write(TextWriter output, ImportedReport report)
    {
        var window = ReportTable.Window(report.Since, report.Until);
        if (report.Totals.Calls == 0)
        {
            output.WriteLine(report.Since is null && report.Until is null
                ? "Nothing was imported. Read logs with `rung audit PATH --into ledger`, or send traces to a running gateway: POST /v1/traces."
                : $"No imported calls {window}. Widen --since and --until, or leave them out.");
            return;
        }
        output.WriteLine($"Imported calls by {ReportTable.Word(report.By)}, {window}");
        var table = ReportTable.Titled(ReportTable.Word(report.By), "calls", "errors", "tokens in", "cached", "out", "cost", "by the log", "p50", "p95", "ttft");
        foreach (var row in report.Rows) AddRow(table, row.Key ?? $"(no {ReportTable.Word(report.By)})", row);
        table.AddEmptyRow();
        AddRow(table, "total", report.Totals);
        ReportTable.WriteTable(output, table);
        foreach (var note in Notes(report)) output.WriteLine(note);
    }

    private static void AddRow(Table table, string key, ImportedReportRow row) => table.AddRow(new[]
    {
        ReportTable.Short(key), ReportTable.Count(row.Calls), ReportTable.Count(row.Errors), ReportTable.Count(row.TokensIn), ReportTable.Count(row.TokensCached),
        ReportTable.Count(row.TokensOut), Output.Usd(row.CostNanoUsd) + (row.UnknownPriceCalls > 0 ? "+?" : ""),
        row.ReportedCalls > 0 ? Output.Usd(row.ReportedCostNanoUsd) : "-",
        ReportTable.Time(row.LatencyP50Micros), ReportTable.Time(row.LatencyP95Micros), ReportTable.Time(row.FirstByteP50Micros),
    }.Select(cell => new Text(cell)));

    private static IEnumerable<string> Notes(ImportedReport report)
    {
        var totals = report.Totals;
        yield return "These calls were made by other systems: none of them is in the report on what this gateway served.";
        if (report.RowsLeftOut > 0) yield return $"{report.RowsLeftOut:#,0} more rows are in the total; --limit shows more.";
        if (totals.UnknownPriceCalls > 0) yield return $"Unknown price: {totals.UnknownPriceCalls:#,0} calls have no known price and are not in the cost (+?).";
        if (totals.ReportedCalls > 0) yield return $"By the log: what the logs say themselves, over the {totals.ReportedCalls:#,0} of {totals.Calls:#,0} calls with such a figure.";
        if (totals.EndNotTold > 0) yield return $"Of {totals.EndNotTold:#,0} calls the log does not say how they ended; they count as no errors.";
    }
}
