using Rung.Storage.Reports;

namespace Rung.Commands;

/// <summary>
/// The JSON of <c>rung report --imported --json</c>: the members of the report on served calls, null where imported calls have no such thing, and
/// a few of its own.
/// </summary>
internal sealed record ImportedReportJson(
    bool Imported, ImportedGrouping By, DateTimeOffset? Since, DateTimeOffset? Until, IReadOnlyList<ImportedReportJsonRow> Rows, ImportedReportJsonRow Totals, int RowsLeftOut,
    IReadOnlyList<BaselineAssumption>? Baselines)
{
    public static ImportedReportJson Of(ImportedReport report) => new(
        Imported: true, report.By, report.Since, report.Until, [.. report.Rows.Select(ImportedReportJsonRow.Of)], ImportedReportJsonRow.Of(report.Totals), report.RowsLeftOut,
        Baselines: null);
}

/// <summary>One row.</summary>
internal sealed record ImportedReportJsonRow
{
    public required string? Key { get; init; }
    public required long Calls { get; init; }
    public required long Answered { get; init; }
    public long? Attempts { get; init; }
    public long? Escalations { get; init; }
    public double? EscalationRate { get; init; }
    public required long Errors { get; init; }
    public required long EndNotTold { get; init; }
    public IReadOnlyDictionary<string, long>? Failures { get; init; }
    public required long TokensIn { get; init; }
    public required long TokensCached { get; init; }
    public required long TokensOut { get; init; }
    public required decimal CostUsd { get; init; }
    public required long UnknownPriceCalls { get; init; }
    public required decimal? ReportedCostUsd { get; init; }
    public required long ReportedCalls { get; init; }
    public decimal? BaselineUsd { get; init; }
    public long? CallsWithoutBaseline { get; init; }
    public decimal? SavingUsd { get; init; }
    public decimal? SavedPct { get; init; }
    public long? CallsInSaving { get; init; }
    public long? UnknownPriceAttempts { get; init; }
    public long? DoomedAttempts { get; init; }
    public long? DoomedMeasured { get; init; }
    public long? SavedTokens { get; init; }
    public decimal? SavedMs { get; init; }
    public required decimal? P50Ms { get; init; }
    public required decimal? P95Ms { get; init; }
    public required decimal? TtftP50Ms { get; init; }
    public required decimal? TtftP95Ms { get; init; }

    public static ImportedReportJsonRow Of(ImportedReportRow row) => new()
    {
        Key = row.Key,
        Calls = row.Calls,
        Answered = row.Answered,
        Errors = row.Errors,
        EndNotTold = row.EndNotTold,
        TokensIn = row.TokensIn,
        TokensCached = row.TokensCached,
        TokensOut = row.TokensOut,
        CostUsd = Output.UsdNumber(row.CostNanoUsd),
        UnknownPriceCalls = row.UnknownPriceCalls,
        ReportedCostUsd = row.ReportedCalls > 0 ? Output.UsdNumber(row.ReportedCostNanoUsd) : null,
        ReportedCalls = row.ReportedCalls,
        P50Ms = row.LatencyP50Micros / 1000m,
        P95Ms = row.LatencyP95Micros / 1000m,
        TtftP50Ms = row.FirstByteP50Micros / 1000m,
        TtftP95Ms = row.FirstByteP95Micros / 1000m,
    };
}
