using System.Text.Json;
using Rung.Control.Imports;

namespace Rung.Control.Audit;

/// <summary>
/// The JSON of an audit, as the command and the page give it; names are those of C# properties until a serializer makes them snake_case. Amounts are US dollars, exact to the
/// nano-dollar; what is not known is null.
/// </summary>
public static class AuditJson
{
    /// <summary>The report.</summary>
    public static object Of(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Whole(report);
    }

    private static object Whole(AuditReport report) => new
    {
        report.Totals.Calls,
        CostUsd = UsdNumber(report.Totals.CostNanoUsd),
        report.Totals.UnknownPriceCalls,
        Period = report.Period is var (first, last) ? new { First = first, Last = last, Days = report.DaysCovered, DaysWithCalls = report.Days.Length } : null,
        SavingUsd = Usd(report.SavingNanoUsd),
        SavingInterval = Ends(report.SavingInterval),
        SavingShare = report.SavingShare is var (middle, low, high) ? new { Middle = Rounded(middle), Low = Rounded(low), High = Rounded(high) } : null,
        Simulated = report.Simulated > 0,
        SimulatedCalls = report.Simulated,
        Tokens = new
        {
            Input = report.Totals.InputTokens, CacheRead = report.Totals.CacheReadTokens, CacheWrite = report.Totals.CacheWriteTokens,
            Output = report.Totals.OutputTokens, Reasoning = report.Totals.ReasoningTokens,
        },
        Prices = new { BookCompiled = report.Frame.PricesCompiled, OwnBook = report.Frame.OwnPrices, Date = report.Frame.PriceDate, ReportedCostsCount = report.Frame.TakesLoggedCosts },
        Rows = report.Rows.Select(Row),
        Ladder = report.Frame.Ladder.Select(tier => new { tier.Name, tier.Provider, tier.Model, tier.Why }),
        report.Frame.Assumptions,
        report.Warnings,
        UnknownPrices = report.UnknownPrices.Select(price => new
        {
            price.Provider, price.Model, price.Why, price.Calls, price.InputTokens, price.OutputTokens, price.ReportedCalls, ReportedCostUsd = UsdNumber(price.ReportedNanoUsd),
        }),
        Reported = new
        {
            report.Reported.Calls, ReportedCostUsd = UsdNumber(report.Reported.ReportedNanoUsd), ComputedCostUsd = UsdNumber(report.Reported.ComputedNanoUsd),
            DifferenceUsd = UsdNumber(report.Reported.DifferenceNanoUsd), report.Reported.UnpricedCalls, UnpricedCostUsd = UsdNumber(report.Reported.UnpricedNanoUsd),
        },
        Invoice = report.Invoice is { } invoice ? new
        {
            AmountUsd = UsdNumber(invoice.AmountNanoUsd), DifferenceUsd = UsdNumber(invoice.DifferenceNanoUsd), DifferenceShare = invoice.Share is { } share ? Rounded(share) : (decimal?)null,
            LikelyCauses = invoice.Causes.Select(cause => new { cause.Kind, cause.Sentence, AmountUsd = Usd(cause.AmountNanoUsd), cause.Calls }),
        } : null,
        Days = report.Days.Select(day => new { day.Day, day.Calls, CostUsd = UsdNumber(day.CostNanoUsd) }),
        Sources = Sources(report),
    };

    private static object Row(AuditRow row)
    {
        var (review, site, statistics) = (row.Review, row.Review.Site, row.Review.Site.Statistics);
        return new
        {
            row.Rank,
            site.Tag,
            Tagged = site.IsTagged,
            site.Role,
            row.Totals.Calls,
            CostUsd = UsdNumber(row.Totals.CostNanoUsd),
            Share = row.Share is { } share ? Rounded(share) : (decimal?)null,
            row.Totals.UnknownPriceCalls,
            row.Totals.InputTokens,
            row.Totals.OutputTokens,
            row.Totals.ReasoningTokens,
            CachedShare = row.CachedShare is { } cached ? Rounded(cached) : (decimal?)null,
            P50InputTokens = Figure(statistics.Input, spread => spread.P50),
            P95InputTokens = Figure(statistics.Input, spread => spread.P95),
            P50OutputTokens = Figure(statistics.Output, spread => spread.P50),
            P95OutputTokens = Figure(statistics.Output, spread => spread.P95),
            P50LatencyMs = Figure(statistics.LatencyMs, spread => spread.P50),
            P95LatencyMs = Figure(statistics.LatencyMs, spread => spread.P95),
            FailedShare = statistics.Failed.Value is { } failed ? Rounded(failed) : (decimal?)null,
            AskedAgainShare = statistics.AskedAgain.Value is { } again ? Rounded(again) : (decimal?)null,
            review.Model,
            Models = statistics.Models.Select(use => new
            {
                use.Provider, use.Model, use.Calls, CostUsd = UsdNumber(use.CostNanoUsd), use.UnknownPriceCalls, use.InputTokens, use.CacheReadTokens, use.CacheWriteTokens,
                use.OutputTokens, use.ReasoningTokens, use.ReportedCalls, ReportedCostUsd = use.ReportedCalls > 0 ? UsdNumber(use.ReportedCostNanoUsd) : (decimal?)null,
            }),
            review.Class,
            review.Tier,
            review.ProposedTier,
            SavingUsd = Usd(review.SavingNanoUsd),
            SavingInterval = Ends(review.SavingInterval),
            review.Reasons,
            review.Prove,
            review.Compliance,
            Confidence = Rounded(site.Confidence),
            site.GroupedBy,
            site.Agent,
            site.Step,
            site.Skeleton,
            site.Example,
            site.Fingerprint,
        };
    }

    private static object Sources(AuditReport report) => new
    {
        report.Frame.Ledger,
        Files = report.Frame.Import?.Files.Select(file => new { file.Path, file.Format, file.Bytes, file.Records, BadRecords = file.Faults, Examples = file.Examples, file.EndsInside, file.Problem }),
        OtherFiles = report.Frame.Import?.OtherFiles ?? 0,
        CallsRead = report.Frame.Import?.Calls,
        SumsRead = report.Frame.Import?.Buckets,
        LeftOut = report.Frame.Import?.LeftOut.ToDictionary(pair => Word(pair.Key), pair => pair.Value),
        report.OutsideWindow,
        ByProvider = report.Sources.Select(source => new
        {
            Format = source.Source, source.Provider, source.Calls, source.UnknownPriceCalls, CostUsd = UsdNumber(source.CostNanoUsd), source.ReportedCalls,
            ReportedCostUsd = source.ReportedCalls > 0 ? UsdNumber(source.ReportedNanoUsd) : (decimal?)null, source.First, source.Last,
        }),
        Sums = report.Sums.Select(sum => new
        {
            Format = sum.Source, sum.Provider, sum.Requests, sum.InputTokens, sum.OutputTokens, CostUsd = Usd(sum.CostNanoUsd), ReportedCostUsd = Usd(sum.ReportedNanoUsd),
            sum.Period.First, sum.Period.Last, InRows = sum.IsCounted,
        }),
    };

    private static decimal UsdNumber(long nanoUsd) => nanoUsd / 1_000_000_000m;

    private static string Word(LeftOut reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    private static decimal? Usd(long? nanoUsd) => nanoUsd is { } known ? UsdNumber(known) : null;

    private static decimal[]? Ends((long Low, long High)? interval) => interval is var (low, high) ? [UsdNumber(low), UsdNumber(high)] : null;

    private static decimal Rounded(double share) => double.IsFinite(share) ? Math.Round((decimal)share, 6) : 0;

    private static decimal? Figure(Spread spread, Func<Spread, double> of) => spread.Count > 0 ? Math.Round((decimal)of(spread), 1) : null;
}
