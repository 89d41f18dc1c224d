using System.Globalization;
using Rung.Commands.Policy;
using Rung.Control.Audit;

namespace Rung.Commands.Audit;

/// <summary>What the terminal report shows.</summary>
/// <param name="ShowsAll">Every row instead of the dearest.</param>
/// <param name="LeastCalls">Jobs with fewer calls are in the line of the rest.</param>
/// <param name="ShowsContent">Whether the beginning of a prompt may be shown.</param>
/// <param name="Next">What the reader may do next: commands and what they are for.</param>
internal sealed record AuditTableOptions(bool ShowsAll = false, long LeastCalls = 0, bool ShowsContent = false, IReadOnlyList<(string Command, string For)>? Next = null);

/// <summary>The report of <c>rung audit</c> on a terminal: at most 100 columns, about one screen, for people who pay the bill.</summary>
/// <param name="output">Where to.</param>
/// <param name="options">What to show.</param>
internal sealed class AuditTable(TextWriter output, AuditTableOptions options)
{
    private const int RowsShown = 10;
    private const int MostReasons = 4;
    private const int MostCauses = 8;
    private const int SiteWidth = 24;
    private const int ModelWidth = 24;

    /// <summary>Writes it.</summary>
    public void Write(AuditReport report)
    {
        Lines.Write(output, "", $"Audit of {AuditWords.From(report)}, {AuditWords.Period(report)}; {AuditWords.Prices(report)}.");
        output.WriteLine();
        Lines.Write(output, "", AuditWords.Verdict(report));
        if (report.Rows.Length > 0)
        {
            output.WriteLine();
            WriteRows(report);
            WriteDearest(report);
        }
        WriteInvoice(report.Invoice);
        WriteList("To know", report.Warnings);
        if (report.SavingNanoUsd is not null) WriteAssumptions(report.Frame);
        WriteNext();
    }

    private void WriteRows(AuditReport report)
    {
        var shown = report.Rows.Where(row => row.Totals.Calls >= options.LeastCalls).Take(options.ShowsAll ? int.MaxValue : RowsShown).ToList();
        output.WriteLine(Line("", "job", "calls", "spend", "share", "model → proposed tier", "saving", "range"));
        foreach (var row in shown) output.WriteLine(Line(row));
        if (report.Rows.Length > shown.Count)
        {
            var rest = report.Rows.Except(shown).ToList();
            var (calls, cost) = (rest.Sum(row => row.Totals.Calls), rest.Sum(row => row.Totals.CostNanoUsd));
            long? saving = rest.Exists(row => row.Review.SavingNanoUsd is not null) ? rest.Sum(row => row.Review.SavingNanoUsd ?? 0) : null;
            output.WriteLine(Line("", $"the rest ({Money.Of(rest.Count, "job")})", Money.Count(calls), Money.Usd(cost), Share(cost, report), "", Saving(saving), ""));
        }
        output.WriteLine(Line("", "total", Money.Count(report.Totals.Calls), Money.Usd(report.Totals.CostNanoUsd) + (report.Totals.UnknownPriceCalls > 0 ? "+?" : ""),
            report.Totals.CostNanoUsd > 0 ? "100 %" : "", "", Saving(report.SavingNanoUsd), Range(report.SavingInterval)));
        if (shown.Exists(row => !row.Review.Site.IsTagged)) output.WriteLine("~ a name that Rung suggests: these calls carry no tag");
        if (report.Totals.UnknownPriceCalls > 0) output.WriteLine($"+? in no amount: {Money.Of(report.Totals.UnknownPriceCalls, "call")} of unknown cost");
    }

    private void WriteDearest(AuditReport report)
    {
        output.WriteLine();
        output.WriteLine(report.Rows.Length > 3 ? "The three dearest" : "Why");
        foreach (var row in report.Rows.Take(3))
        {
            var review = row.Review;
            Lines.Write(output, $" {row.Rank}  ", $"{Name(row)} ({AuditWords.Class(review.Class)}): {AuditWords.Proposal(row)}");
            if (!review.Reasons.IsDefaultOrEmpty) Lines.Write(output, "    Why: ", string.Join("; ", review.Reasons.Take(MostReasons).Select(reason => reason.TrimEnd('.'))) + ".");
            if (review.Prove is { } prove) Lines.Write(output, "    Prove first: ", prove);
            if (!review.Site.IsTagged) Lines.Write(output, "    Grouped by: ", $"{review.Site.GroupedBy}, confidence {review.Site.Confidence.ToString("0.00", CultureInfo.InvariantCulture)}.");
            if (options.ShowsContent && review.Site.Example is { } example) Lines.Write(output, "    Begins: ", example);
        }
    }

    private void WriteInvoice(InvoiceComparison? invoice)
    {
        if (invoice is null) return;
        output.WriteLine();
        var (difference, share) = (invoice.DifferenceNanoUsd, invoice.Share is { } of ? $" ({Money.Percent(Math.Abs(of))})" : "");
        if (difference == 0)
        {
            output.WriteLine($"The invoice of {Money.Usd(invoice.AmountNanoUsd)} is what the calls cost, to the nano-dollar.");
            return;
        }
        Lines.Write(output, "", $"The invoice of {Money.Usd(invoice.AmountNanoUsd)} is {Money.Usd(Math.Abs(difference))}{share} {(difference > 0 ? "more" : "less")} than the calls cost. Likely causes:");
        foreach (var cause in invoice.Causes.Take(MostCauses))
        {
            var amount = cause.AmountNanoUsd is { } known ? (known > 0 ? "+" : "") + Money.Usd(known) : "?";
            Lines.Write(output, $"  {amount,10}  ", cause.Sentence);
        }
    }

    private void WriteList(string title, IReadOnlyList<string> sentences)
    {
        if (sentences.Count == 0) return;
        output.WriteLine();
        output.WriteLine(title);
        foreach (var sentence in sentences) Lines.Write(output, "  - ", sentence);
    }

    /// <summary>The ladder and the assumptions: as a list when everything is asked for, else as one paragraph, so that the rest stays on the screen.</summary>
    private void WriteAssumptions(AuditFrame frame)
    {
        if (frame.Ladder.Length == 0) return;
        output.WriteLine();
        Lines.Write(output, "", $"Proposed ladder: {string.Join(", ", frame.Ladder.Select(tier => $"{tier.Name} = {tier.Provider}/{tier.Model}"))}.");
        if (options.ShowsAll)
        {
            foreach (var tier in frame.Ladder) Lines.Write(output, "  - ", $"{tier.Name}: {tier.Why}");
            WriteList("Assumed for the saving", frame.Assumptions);
        }
        else if (frame.Assumptions.Length > 0)
        {
            Lines.Write(output, "", $"Assumed for the saving: {string.Join(' ', frame.Assumptions)}");
        }
    }

    private void WriteNext()
    {
        if (options.Next is not { Count: > 0 } next) return;
        output.WriteLine();
        output.WriteLine("Next");
        var width = Math.Min(60, next.Max(step => step.Command.Length));
        foreach (var (command, purpose) in next)
        {
            var line = $"  {command.PadRight(width)}  {purpose}";
            if (line.Length <= Lines.Width)
            {
                output.WriteLine(line);
                continue;
            }
            output.WriteLine($"  {command}"); // A command is never broken: it is there to be copied.
            Lines.Write(output, "      ", purpose);
        }
    }

    private static string Line(AuditRow row)
    {
        var review = row.Review;
        var model = review.Model ?? "-";
        var to = row.IsMoved ? $" → {review.ProposedTier}" : review.Compliance is not null ? " (look first)" : "";
        return Line(
            row.Rank <= 3 ? $"{row.Rank}" : "", Name(row), Money.Count(row.Totals.Calls), Money.Usd(row.Totals.CostNanoUsd) + (row.Totals.UnknownPriceCalls > 0 ? "+?" : ""),
            row.Share is { } share ? Money.Percent(share) : "-", Cut(model, Math.Max(8, ModelWidth - to.Length)) + to,
            Saving(row.IsMoved || review.SavingNanoUsd is not 0 ? review.SavingNanoUsd : null), row.IsMoved ? Range(review.SavingInterval) : "");
    }

    // What comes from a log may hold anything: control characters must not move the cursor.
    private static string Line(string rank, string site, string calls, string spend, string share, string model, string saving, string range) =>
        $"{rank,2} {Cut(site, SiteWidth),-SiteWidth} {calls,7} {spend,9} {share,6}  {Cut(model, ModelWidth),-ModelWidth} {saving,8}  {range}".TrimEnd();

    private static string Name(AuditRow row) => (row.Review.Site.IsTagged ? "" : "~") + row.Tag;

    private static string Saving(long? nanoUsd) => nanoUsd is { } known ? Money.Usd(known) : "-";

    private static string Range((long Low, long High)? interval) => interval is var (low, high) ? $"{Short(low)}..{Short(high)}" : "";

    private static string Share(long cost, AuditReport report) => report.Totals.CostNanoUsd > 0 ? Money.Percent((double)cost / report.Totals.CostNanoUsd) : "-";

    /// <summary>An amount in at most six characters, without its unit: it stands beside one that has it.</summary>
    private static string Short(long nanoUsd)
    {
        var usd = nanoUsd / 1_000_000_000m;
        return Math.Abs(usd) switch
        {
            >= 999_500m => $"{usd / 1_000_000m:0.0}M",
            >= 9_950m => $"{usd / 1_000m:0}k",
            >= 999.5m => $"{usd / 1_000m:0.0}k",
            >= 9.95m => $"{usd:0}",
            >= 0.1m => $"{usd:0.0}",
            0 => "0",
            _ => $"{usd:0.000}",
        };
    }

    private static string Cut(string text, int width)
    {
        var line = Lines.Clean(text);
        return line.Length <= width ? line : line[..(width - 1)] + "…";
    }
}
