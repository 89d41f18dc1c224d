using Rung.Storage.Reports;

namespace Rung.Commands;

/// <summary>The JSON of <c>rung report --json</c>. Amounts are US dollars, exact to the nano-dollar; times are milliseconds.</summary>
internal sealed record ReportJson(
    ReportGrouping By, DateTimeOffset? Since, DateTimeOffset? Until, IReadOnlyList<ReportJsonRow> Rows, ReportJsonRow Totals, int RowsLeftOut,
    IReadOnlyList<BaselineAssumption> Baselines)
{
    public static ReportJson Of(LedgerReport report) => new(
        report.By, report.Since, report.Until, report.Rows.Select(ReportJsonRow.Of).ToList(), ReportJsonRow.Of(report.Totals), report.RowsLeftOut, report.Baselines);
}

/// <summary>One row.</summary>
internal sealed record ReportJsonRow
{
    public required string? Key { get; init; }
    public required long Calls { get; init; }
    public required long Answered { get; init; }
    public required long Attempts { get; init; }
    public required long Escalations { get; init; }
    public required double EscalationRate { get; init; }
    public required long Errors { get; init; }
    public required IReadOnlyDictionary<string, long> Failures { get; init; }
    public required long TokensIn { get; init; }
    public required long TokensCached { get; init; }
    public required long TokensOut { get; init; }
    public required decimal CostUsd { get; init; }
    public required decimal? BaselineUsd { get; init; }
    public required long CallsWithoutBaseline { get; init; }
    public required decimal? SavingUsd { get; init; }
    public required decimal? SavedPct { get; init; }
    public required long CallsInSaving { get; init; }
    public required long UnknownPriceAttempts { get; init; }
    public required long DoomedAttempts { get; init; }
    public required long DoomedMeasured { get; init; }
    public required long SavedTokens { get; init; }
    public required decimal SavedMs { get; init; }
    public required decimal? P50Ms { get; init; }
    public required decimal? P95Ms { get; init; }
    public required decimal? TtftP50Ms { get; init; }
    public required decimal? TtftP95Ms { get; init; }

    public static ReportJsonRow Of(ReportRow row) => new()
    {
        Key = row.Key,
        Calls = row.Calls,
        Answered = row.Answered,
        Attempts = row.Attempts,
        Escalations = row.Escalations,
        EscalationRate = row.EscalationRate,
        Errors = row.Errors,
        Failures = row.Failures,
        TokensIn = row.TokensIn,
        TokensCached = row.TokensCached,
        TokensOut = row.TokensOut,
        CostUsd = Output.UsdNumber(row.CostNanoUsd),
        BaselineUsd = Usd(row.BaselineNanoUsd),
        CallsWithoutBaseline = row.CallsWithoutBaseline,
        SavingUsd = Usd(row.SavingNanoUsd),
        SavedPct = row.SavedShare is { } share ? Math.Round((decimal)share * 100, 2) : null,
        CallsInSaving = row.CallsInSaving,
        UnknownPriceAttempts = row.UnknownPriceAttempts,
        DoomedAttempts = row.DoomedAttempts,
        DoomedMeasured = row.DoomedMeasured,
        SavedTokens = row.SavedTokens,
        SavedMs = row.SavedMicros / 1000m,
        P50Ms = Milliseconds(row.LatencyP50Micros),
        P95Ms = Milliseconds(row.LatencyP95Micros),
        TtftP50Ms = Milliseconds(row.FirstByteP50Micros),
        TtftP95Ms = Milliseconds(row.FirstByteP95Micros),
    };

    private static decimal? Usd(long? nanoUsd) => nanoUsd is { } known ? Output.UsdNumber(known) : null;

    private static decimal? Milliseconds(long? micros) => micros / 1000m;
}
