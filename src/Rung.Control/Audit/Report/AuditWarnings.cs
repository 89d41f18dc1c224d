using Rung.Control.Imports;

namespace Rung.Control.Audit;

/// <summary>What a reader of an audit must know before believing a figure: a sentence each, the gravest first.</summary>
internal static class AuditWarnings
{
    public static IEnumerable<string> Of(AuditReport report, AuditTally tally)
    {
        if (report.Simulated > 0)
        {
            yield return report.Simulated == report.Totals.Calls
                ? "Simulated: the log says of every call that it is made up. Nothing here was spent."
                : $"Simulated: the log says of {Money.Of(report.Simulated, "call")} that they are made up; they are in every figure.";
        }
        if (report.Frame.Import?.Files.Any(file => file.Format is "claude-code" or "codex") == true)
            yield return "API-equivalent: what a coding agent used is priced as if each token had been bought at the API. Under a subscription that amount is on no bill.";
        foreach (var warning in Unknown(report)) yield return warning;
        foreach (var warning in Sensitive(report)) yield return warning;
        foreach (var note in report.Frame.Notes) yield return note;
        foreach (var warning in Counted(report, tally)) yield return warning;
        foreach (var warning in Unread(report.Frame.Import)) yield return warning;
        if (report.OutsideWindow > 0) yield return $"{Money.Of(report.OutsideWindow, "call")} lie outside the time that was asked for, and are in no figure.";
        if (report.Frame.PriceDate is { } day) yield return $"Every call is priced as of {day:yyyy-MM-dd}, whenever it was made.";
        if (report.Frame.TakesLoggedCosts) yield return "Where no price is known, the log's own figure is counted as the cost (--reported-costs).";
    }

    private static IEnumerable<string> Unknown(AuditReport report)
    {
        foreach (var why in report.UnknownPrices.GroupBy(price => price.Why).OrderBy(group => group.Key))
        {
            var (calls, tokens) = (why.Sum(price => price.Calls), why.Sum(price => price.InputTokens + price.OutputTokens));
            var named = why.Select(price => price.Model).Where(model => model.Length > 0).Distinct(StringComparer.Ordinal).ToList();
            var which = named.Count > 0 ? $" ({string.Join(", ", named.Take(3))}{(named.Count > 3 ? $" and {named.Count - 3} more" : "")})" : "";
            yield return why.Key switch
            {
                UnknownCost.NoTokens => $"Unknown cost: the log has no tokens for {Money.Of(calls, "call")}{which}; they are in no amount.",
                UnknownCost.PriceEnded => $"Unknown price: {Money.Of(calls, "call")} with {Money.Count(tokens)} tokens were made after the last known price of their model had ended{which}; they are in no amount. --price-date DAY takes another day's prices.",
                _ => $"Unknown price: {Money.Of(calls, "call")} with {Money.Count(tokens)} tokens{which} are in no amount. Put the prices into .rung/prices.json, or name a book with --prices FILE.",
            };
        }
        if (report.Reported.UnpricedCalls > 0)
            yield return $"The logs themselves put {Money.Usd(report.Reported.UnpricedNanoUsd)} on {Money.Of(report.Reported.UnpricedCalls, "call")} of unknown price; --reported-costs counts it.";
    }

    private static IEnumerable<string> Sensitive(AuditReport report)
    {
        var flagged = report.Rows.Where(row => row.Review.Compliance is not null).ToList();
        if (flagged.Count == 0) yield break;
        var cost = flagged.Sum(row => row.Totals.CostNanoUsd);
        yield return $"Sensitive data: {Money.Of(flagged.Count, "site")} ({string.Join(", ", flagged.Take(3).Select(row => row.Tag))}{(flagged.Count > 3 ? ", …" : "")}), {Money.Usd(cost)}, show signs of it. None is moved; a person must look first.";
    }

    private static IEnumerable<string> Counted(AuditReport report, AuditTally tally)
    {
        foreach (var sum in report.Sums.Where(sum => !sum.IsCounted))
            yield return $"The {sum.Source} sums of {Named(sum.Provider)} ({Money.Of(sum.Requests, "request")}{Amount(sum)}) only compare: the same spend is in the rows already.";
        foreach (var sum in report.Sums.Where(sum => sum.IsCounted))
            yield return $"Of {Named(sum.Provider)} the files have sums only, no single calls: jobs can be told apart only as far as its keys and projects do.";
        foreach (var (provider, one, other) in Overlaps(report))
            yield return $"Both {one} and {other} have calls at {Named(provider)} at the same time. If they log the same calls, audit them apart: these would be counted twice.";
        if (tally.CallsOfOtherDays > 0) yield return $"{Money.Of(tally.CallsOfOtherDays, "call")} are in no day: the dates of the log span too many.";
    }

    private static IEnumerable<(string Provider, string One, string Other)> Overlaps(AuditReport report)
    {
        foreach (var provider in report.Sources.Where(source => source.HasCalls).GroupBy(source => source.Provider, StringComparer.Ordinal))
        {
            var sources = provider.OrderBy(source => source.Source, StringComparer.Ordinal).ToList();
            for (var i = 1; i < sources.Count; i++)
            {
                if (sources[i].First <= sources[i - 1].Last && sources[i - 1].First <= sources[i].Last) yield return (provider.Key, sources[i - 1].Source, sources[i].Source);
            }
        }
    }

    private static IEnumerable<string> Unread(LogImportResult? import)
    {
        if (import is null) yield break;
        foreach (var file in import.Files.Where(file => file.Problem is not null).Take(3)) yield return $"{file.Path} was not read{(file.Records > 0 ? " to its end" : "")}: {file.Problem}";
        var broken = import.Files.Count(file => file.Problem is not null);
        if (broken > 3) yield return $"{broken - 3:#,0} more files were not read.";
        foreach (var note in import.Notes) yield return note;
        var faults = import.Files.Sum(file => file.Faults);
        if (faults > 0 && import.Files.First(file => file.Faults > 0) is { Examples: [var example, ..] } first)
            yield return $"{Money.Of(faults, "record")} of {import.Files.Sum(file => file.Records):#,0} could not be used, for example {first.Path}:{example.Line}: {example.Message}";
    }

    private static string Named(string provider) => provider.Length > 0 ? provider : "an unnamed provider";

    private static string Amount(SourceSum sum) => (sum.ReportedNanoUsd ?? sum.CostNanoUsd) is { } cost ? $", {Money.Usd(cost)}" : "";
}
