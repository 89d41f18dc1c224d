using System.Globalization;
using Rung.Control.Imports;

namespace Rung.Control.Audit;

/// <summary>Looks through an audit for what a bill may see differently.</summary>
internal static class InvoiceCauses
{
    // Tools that many people pay by the month.
    private static readonly string[] s_subscriptions = ["claude-code", "claude_code", "claudecode", "codex"];

    // Below that a log of a provider with caching may simply have no cached prompts.
    private const long MostUncachedTokens = 1_000_000;

    /// <summary>Every cause that pulls in the direction of the difference.</summary>
    /// <param name="report">The audit.</param>
    /// <param name="apart">Calls that a bill may count differently.</param>
    /// <param name="billedMore">Whether the bill is higher than the computed cost.</param>
    public static IEnumerable<InvoiceCause> Of(AuditReport report, BilledApart apart, bool billedMore)
    {
        foreach (var cause in OfReports(report, billedMore)) yield return cause;
        foreach (var cause in billedMore ? More(report, apart) : Less(report, apart)) yield return cause;
        if (report.Frame.PriceDate is { } day)
            yield return new InvoiceCause("price_date", $"Every call is priced as of {day:yyyy-MM-dd}; a bill has the prices of each day. Leave out --price-date to compare.", null, null);
        if (report.Simulated > 0) yield return new InvoiceCause("simulated", $"{Money.Of(report.Simulated, "call")} are made up, by their own log.", null, report.Simulated);
    }

    private static IEnumerable<InvoiceCause> OfReports(AuditReport report, bool billedMore)
    {
        var reported = report.Reported;
        if (reported.Calls > 0 && Math.Abs(reported.DifferenceNanoUsd) > reported.ComputedNanoUsd / 200 && reported.DifferenceNanoUsd > 0 == billedMore)
        {
            yield return new InvoiceCause("reported_costs",
                $"The logs themselves put {Money.Usd(reported.ReportedNanoUsd)} on {Money.Of(reported.Calls, "call")} for which the price book gives {Money.Usd(reported.ComputedNanoUsd)}: own prices, discounts or an older list.",
                reported.DifferenceNanoUsd, reported.Calls);
        }
        foreach (var sum in report.Sums.Where(sum => !sum.IsCounted))
        {
            var counted = report.Sources.Where(source => source.Provider == sum.Provider || sum.Provider.Length == 0).ToList();
            if ((sum.ReportedNanoUsd ?? sum.CostNanoUsd) is not { } amount || amount - counted.Sum(source => source.CostNanoUsd) is var more && (more == 0 || more > 0 != billedMore)) continue;
            yield return new InvoiceCause("provider_report",
                $"The {sum.Source} sums among the files say {Money.Usd(amount)} for {Money.Of(sum.Requests, "request")} of {Named(sum.Provider)}; the calls here are {counted.Sum(source => source.Calls):#,0} for {Money.Usd(counted.Sum(source => source.CostNanoUsd))}.",
                more, sum.Requests);
        }
    }

    private static IEnumerable<InvoiceCause> More(AuditReport report, BilledApart apart)
    {
        if (report.Totals.UnknownPriceCalls > 0)
        {
            var (reported, unpriced) = (report.Reported, report.UnknownPrices);
            var said = reported.UnpricedCalls > 0 ? $"; the logs put {Money.Usd(reported.UnpricedNanoUsd)} on {reported.UnpricedCalls:#,0} of them" : "";
            yield return new InvoiceCause("unknown_prices",
                $"{Money.Of(report.Totals.UnknownPriceCalls, "call")} with {Money.Count(unpriced.Sum(price => price.InputTokens))} input and {Money.Count(unpriced.Sum(price => price.OutputTokens))} output tokens have no known cost and are counted with nothing{said}.",
                reported.UnpricedCalls > 0 ? reported.UnpricedNanoUsd : null, report.Totals.UnknownPriceCalls);
        }
        foreach (var cause in MissingDays(report)) yield return cause;
        if (apart.Discounted.Calls > 0)
            yield return new InvoiceCause("discounted_lanes", $"{Money.Of(apart.Discounted.Calls, "call")} are counted at a batch or slow lane's price; at the standard one they would cost {Money.Usd(apart.Discounted.NanoUsd)} more.", apart.Discounted.NanoUsd, apart.Discounted.Calls);
        if (apart.FromCache.Calls > 0)
            yield return new InvoiceCause("cached_answers", $"{Money.Of(apart.FromCache.Calls, "call")} were answered by a gateway's cache and are counted with nothing; their tokens at a model would cost {Money.Usd(apart.FromCache.NanoUsd)}.", apart.FromCache.NanoUsd, apart.FromCache.Calls);
        if (report.Frame.Import is { } import)
        {
            var unused = import.Files.Sum(file => file.Faults);
            if (unused > 0) yield return new InvoiceCause("bad_records", $"{Money.Of(unused, "record")} could not be used.", null, null);
            var unread = import.Files.Count(file => file.Problem is not null);
            if (unread > 0) yield return new InvoiceCause("unread_files", $"{Money.Of(unread, "file")} could not be read, or not to the end.", null, null);
            if (import.LeftOut.TryGetValue(LeftOut.Duplicate, out var again) && again > 0)
                yield return new InvoiceCause("duplicates", $"{Money.Of(again, "record")} were dropped because they repeat a call.", null, again);
        }
        if (report.OutsideWindow > 0) yield return new InvoiceCause("outside_window", $"{Money.Of(report.OutsideWindow, "call")} lie outside --since and --until.", null, report.OutsideWindow);
        yield return new InvoiceCause("calls_elsewhere", "Calls that are not in these files: other keys, teams, tools and test runs on the same account.", null, null);
        yield return new InvoiceCause("other_charges", "What no call log shows: web search, code execution, storage, fine-tuning, seats, tax, and bills in another currency than US dollars.", null, null);
    }

    private static IEnumerable<InvoiceCause> Less(AuditReport report, BilledApart apart)
    {
        var own = report.Sources.Where(source => s_subscriptions.Contains(source.Source, StringComparer.OrdinalIgnoreCase)).ToList();
        if (own.Sum(source => source.Calls) is > 0 and var calls)
            yield return new InvoiceCause("subscriptions", $"{Money.Of(calls, "call")} come from {string.Join(" and ", own.Select(source => source.Source).Distinct(StringComparer.Ordinal))}, which many pay by the month: {Money.Usd(own.Sum(source => source.CostNanoUsd))} is what they would cost by the token.", -own.Sum(source => source.CostNanoUsd), calls);
        if (apart.FailedWithTokens.Calls > 0)
            yield return new InvoiceCause("failed_calls", $"{Money.Of(apart.FailedWithTokens.Calls, "call")} failed and are counted with their tokens, {Money.Usd(apart.FailedWithTokens.NanoUsd)}; a provider may not bill them.", -apart.FailedWithTokens.NanoUsd, apart.FailedWithTokens.Calls);
        if (apart.Surcharged.Calls > 0)
            yield return new InvoiceCause("surcharged_lanes", $"{Money.Of(apart.Surcharged.Calls, "call")} are counted at a fast lane's price; at the standard one they would cost {Money.Usd(apart.Surcharged.NanoUsd)} less.", -apart.Surcharged.NanoUsd, apart.Surcharged.Calls);
        foreach (var source in report.Sources.Where(source => source.CacheReadTokens == 0 && source.InputTokens > MostUncachedTokens && source.CostNanoUsd > 0))
            yield return new InvoiceCause("cache_not_logged", $"{source.Source} tells of no cached input in {Money.Count(source.InputTokens)} input tokens of {Named(source.Provider)}. If it only leaves that out, the bill is lower: cached input costs a tenth to a half.", null, source.Calls);
        yield return new InvoiceCause("discounts", "Credits, committed-use and volume discounts, free tiers and batch prices that no call log shows.", null, null);
    }

    private static IEnumerable<InvoiceCause> MissingDays(AuditReport report)
    {
        if (report.Period is not var (first, last) || report.Days.Length == 0) yield break;
        var perDay = report.Totals.CostNanoUsd / report.Days.Length;
        var gaps = report.DaysCovered - report.Days.Length;
        if (gaps > 0)
            yield return new InvoiceCause("missing_days", $"{Money.Of(gaps, "day")} between the first and the last call have no call at all; at the mean of the others, {Money.Usd(perDay)} a day, they would add {Money.Usd(perDay * gaps)}.", perDay * gaps, null);

        // A bill is usually of a calendar month.
        var month = new DateOnly(first.UtcDateTime.Year, first.UtcDateTime.Month, 1);
        var outside = DateTime.DaysInMonth(month.Year, month.Month) - report.DaysCovered;
        if (last.UtcDateTime.Year == month.Year && last.UtcDateTime.Month == month.Month && outside > 0)
            yield return new InvoiceCause("part_of_month", $"The calls cover {report.DaysCovered} of the {outside + report.DaysCovered} days of {month.ToString("MMMM yyyy", CultureInfo.InvariantCulture)}; the other {outside} would add {Money.Usd(perDay * outside)} at {Money.Usd(perDay)} a day.", perDay * outside, null);
    }

    private static string Named(string provider) => provider.Length > 0 ? provider : "an unnamed provider";
}
