namespace Rung.Control.Audit.Page;

/// <summary>An audit as one page that needs nothing else: no script, no font, no picture, no network. It says so itself, by its content security policy.</summary>
public static class AuditPage
{
    private const int JobsShown = 10;

    /// <summary>Writes the page.</summary>
    /// <param name="report">The audit.</param>
    /// <param name="madeBy">The command line that made it.</param>
    public static string Write(AuditReport report, string madeBy)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(madeBy);
        var page = new Html();
        page.Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
            .Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n")
            .Element("title", $"Audit of LLM spend, {AuditWords.Period(report)}")
            .Raw($"<style>\n{PageStyle.Css}\n</style>\n</head>\n<body>\n");
        Head(page, report);
        if (report.Rows.Length > 0)
        {
            page.Raw("<h2>Where the money goes</h2>\n<div class=\"charts\">\n");
            Charts.Spend(page, report);
            if (report.Frame.Ladder.Length > 0) Charts.NowAndProposed(page, report);
            Charts.Tokens(page, report);
            Charts.ByDay(page, report);
            page.Raw("</div>\n");
            Table(page, report);
            Jobs(page, report);
        }
        Invoice(page, report.Invoice);
        List(page, "To know", report.Warnings);
        List(page, "The proposed ladder", [.. report.Frame.Ladder.Select(tier => $"{tier.Name}: {tier.Provider}/{tier.Model}. {tier.Why}")]);
        List(page, "What the projection assumes", report.Frame.Assumptions);
        Sources(page, report);
        page.Element("p class=\"soft\"", $"Made by: {madeBy}").Raw("</body>\n</html>\n");
        return page.ToString();
    }

    private static void Head(Html page, AuditReport report)
    {
        page.Element("h1", "Where the LLM money goes")
            .Element("p class=\"soft\"", $"{AuditWords.From(report)}, {AuditWords.Period(report)}; {AuditWords.Prices(report)}.");
        if (report.Simulated > 0) page.Element("p class=\"banner\"", report.Warnings[0]);
        page.Element("p class=\"verdict\"", AuditWords.Verdict(report)).Raw("<div class=\"figures\">\n");
        Figure(page, Money.Usd(report.Totals.CostNanoUsd), $"spent in {Money.Of(report.DaysCovered, "day")}");
        if (report.SavingNanoUsd is { } saving)
            Figure(page, Money.Usd(saving), $"could be saved{(report.SavingInterval is var (low, high) ? $", {Money.Range(low, high)}" : "")}; not proved yet");
        Figure(page, $"{report.Totals.Calls:#,0}", $"calls of {Money.Of(report.Rows.Length, "job")}, {report.Rows.Count(row => !row.Review.Site.IsTagged):#,0} of them untagged");
        Figure(page, $"{report.Totals.UnknownPriceCalls:#,0}", "calls of unknown cost: in no amount");
        page.Raw("</div>\n");
    }

    private static void Figure(Html page, string figure, string meaning) =>
        page.Raw($"<div class=\"figure\"><b>{Html.Text(figure)}</b>{Html.Text(meaning)}</div>\n");

    private static void Table(Html page, AuditReport report)
    {
        page.Raw("<h2>Every job</h2>\n<div class=\"scroll\"><table>\n<thead><tr><th class=\"n\">#</th><th>job</th><th>needs</th><th class=\"n\">calls</th><th class=\"n\">spend</th><th class=\"n\">share</th>")
            .Raw("<th class=\"n\">tokens in</th><th class=\"n\">cached</th><th class=\"n\">out</th><th class=\"n\">p50 s</th><th>model now</th><th>proposed</th><th class=\"n\">saving</th></tr></thead>\n<tbody>\n");
        foreach (var row in report.Rows) Row(page, row);
        var totals = report.Totals;
        page.Raw("<tr class=\"total\"><td></td><td>total</td><td></td>")
            .Element("td class=\"n\"", $"{totals.Calls:#,0}").Element("td class=\"n\"", Cost(totals)).Element("td class=\"n\"", totals.CostNanoUsd > 0 ? "100 %" : "")
            .Element("td class=\"n\"", Money.Count(totals.InputTokens)).Element("td class=\"n\"", totals.InputTokens > 0 ? Money.Percent((double)totals.CacheReadTokens / totals.InputTokens) : "")
            .Element("td class=\"n\"", Money.Count(totals.OutputTokens)).Raw("<td></td><td></td><td></td>")
            .Element("td class=\"n\"", report.SavingNanoUsd is { } saving ? Money.Usd(saving) : "").Raw("</tr>\n</tbody></table></div>\n");
        if (report.Rows.Any(row => !row.Review.Site.IsTagged)) page.Element("p class=\"soft\"", "~ a name that Rung suggests: these calls carry no tag.");
        if (totals.UnknownPriceCalls > 0) page.Element("p class=\"soft\"", "+? some calls have no known cost and are not in the amount.");
    }

    private static void Row(Html page, AuditRow row)
    {
        var review = row.Review;
        page.Raw("<tr>").Element("td class=\"n\"", $"{row.Rank}").Element("td class=\"name\"", Name(row)).Element("td", AuditWords.Class(review.Class))
            .Element("td class=\"n\"", $"{row.Totals.Calls:#,0}").Element("td class=\"n\"", Cost(row.Totals)).Element("td class=\"n\"", row.Share is { } share ? Money.Percent(share) : "")
            .Element("td class=\"n\"", Money.Count(row.Totals.InputTokens)).Element("td class=\"n\"", row.CachedShare is { } cached ? Money.Percent(cached) : "")
            .Element("td class=\"n\"", Money.Count(row.Totals.OutputTokens))
            .Element("td class=\"n\"", review.Site.Statistics.LatencyMs is { Count: > 0 } latency ? $"{latency.P50 / 1000:0.0}" : "")
            .Element("td class=\"name\"", review.Model ?? "").Element("td", row.IsMoved ? $"→ {review.ProposedTier}" : review.Compliance is not null ? "look first" : "stays")
            .Element("td class=\"n saving\"", review.SavingNanoUsd is { } saving && (row.IsMoved || saving != 0) ? Money.Usd(saving) : "").Raw("</tr>\n");
    }

    private static void Jobs(Html page, AuditReport report)
    {
        page.Raw("<h2>Why, and what to prove first</h2>\n");
        foreach (var row in report.Rows.Take(JobsShown)) Job(page, row);
        if (report.Rows.Length <= JobsShown) return;
        page.Raw($"<details><summary>{Html.Text($"{report.Rows.Length - JobsShown:#,0} more jobs")}</summary>\n");
        foreach (var row in report.Rows.Skip(JobsShown)) Job(page, row);
        page.Raw("</details>\n");
    }

    private static void Job(Html page, AuditRow row)
    {
        var (review, site) = (row.Review, row.Review.Site);
        page.Raw("<div class=\"job\">").Element("h3", $"{row.Rank}. {Name(row)}, {Money.Usd(row.Totals.CostNanoUsd)}{(row.Share is { } share ? $" ({Money.Percent(share)})" : "")}")
            .Element("p", $"{AuditWords.Class(review.Class)}. {AuditWords.Proposal(row)}");
        if (!review.Reasons.IsDefaultOrEmpty)
        {
            page.Raw("<ul>");
            foreach (var reason in review.Reasons) page.Element("li", reason);
            page.Raw("</ul>");
        }
        if (review.Prove is { } prove) page.Element("p", $"Prove first: {prove}");
        page.Element("p class=\"soft\"", $"{site.Skeleton}{(site.IsTagged ? "" : $" Grouped by {site.GroupedBy}, confidence {site.Confidence:0.00}.")}");
        if (site.Example is { } example) page.Element("code", example);
        page.Raw("</div>\n");
    }

    private static void Invoice(Html page, InvoiceComparison? invoice)
    {
        if (invoice is null) return;
        var share = invoice.Share is { } part ? $" ({Money.Percent(Math.Abs(part))})" : "";
        page.Raw("<h2>Beside the invoice</h2>\n").Element("p", invoice.DifferenceNanoUsd == 0
            ? $"The invoice of {Money.Usd(invoice.AmountNanoUsd)} is what the calls cost."
            : $"The invoice of {Money.Usd(invoice.AmountNanoUsd)} is {Money.Usd(Math.Abs(invoice.DifferenceNanoUsd))}{share} {(invoice.DifferenceNanoUsd > 0 ? "more" : "less")} than the calls cost. Likely causes:");
        if (invoice.Causes.Length == 0) return;
        page.Raw("<table><tbody>\n");
        foreach (var cause in invoice.Causes)
            page.Raw("<tr>").Element("td class=\"n\"", cause.AmountNanoUsd is { } amount ? $"{(amount > 0 ? "+" : "")}{Money.Usd(amount)}" : "?").Element("td", cause.Sentence).Raw("</tr>\n");
        page.Raw("</tbody></table>\n");
    }

    private static void List(Html page, string title, IReadOnlyCollection<string> sentences)
    {
        if (sentences.Count == 0) return;
        page.Raw($"<h2>{title}</h2>\n<ul class=\"list\">\n");
        foreach (var sentence in sentences) page.Element("li", sentence);
        page.Raw("</ul>\n");
    }

    private static void Sources(Html page, AuditReport report)
    {
        page.Raw("<h2>What was read</h2>\n<div class=\"scroll\"><table><thead><tr><th>format</th><th>provider</th><th class=\"n\">calls</th><th class=\"n\">computed</th><th class=\"n\">by the log itself</th></tr></thead><tbody>\n");
        foreach (var source in report.Sources)
        {
            page.Raw("<tr>").Element("td", source.Source).Element("td", source.Provider.Length > 0 ? source.Provider : "(not told)").Element("td class=\"n\"", $"{source.Calls:#,0}")
                .Element("td class=\"n\"", Money.Usd(source.CostNanoUsd) + (source.UnknownPriceCalls > 0 ? "+?" : "")).Element("td class=\"n\"", source.ReportedCalls > 0 ? Money.Usd(source.ReportedNanoUsd) : "").Raw("</tr>\n");
        }
        page.Raw("</tbody></table></div>\n");
        if (report.Frame.Import is not { } import) return;
        var leftOut = string.Join(", ", import.LeftOut.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Value:#,0} {AuditWords.Why(pair.Key)}"));
        page.Element("p class=\"soft\"", $"{Money.Of(import.Files.Count, "file")}, {Money.Of(import.Files.Sum(file => file.Records), "record")}, {import.Files.Sum(file => file.Faults):#,0} of them unusable.{(leftOut.Length > 0 ? $" Left out on purpose: {leftOut}." : "")}");
    }

    private static string Name(AuditRow row) => (row.Review.Site.IsTagged ? "" : "~") + row.Tag;

    private static string Cost(in AuditTotals totals) => Money.Usd(totals.CostNanoUsd) + (totals.UnknownPriceCalls > 0 ? "+?" : "");
}
