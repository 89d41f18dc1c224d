using System.Globalization;
using Rung.Commands;

namespace Rung.Demo;

/// <summary>A demo's report for people: at most 100 columns.</summary>
internal static class DemoBill
{
    private const int Width = 100;

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, DemoReport report)
    {
        Paragraph(output, report.Note);
        output.WriteLine();
        if (report.Interrupted) Paragraph(output, "Stopped early: the numbers are about the sessions that were played to their end.");
        Paragraph(output, $"{report.Sessions} sessions of three agents (research assistant, coding agent, support desk). Before: every call on "
            + $"{SimulatedModel.All[^1].Tier}. After: {DemoPolicy.Path}, swapped in while the gateway ran. {report.WallSeconds:0.0} s, seed {report.Seed}.");
        output.WriteLine();
        WriteTable(output, report);
        output.WriteLine();
        WriteTotals(output, report);
        if (report.EscalationExample is { } example)
        {
            output.WriteLine();
            output.WriteLine("One call that climbed, from the ledger:");
            Paragraph(output, example.Words, indent: 2);
            output.WriteLine($"  Call {example.CallId}.");
        }
        output.WriteLine();
        WriteNext(output, report.Kept);
    }

    private static void WriteTable(TextWriter output, DemoReport report)
    {
        Row(output, "", "", "", "answered by, %", "cost", "cost", "", "p95 ms, demo", "calls");
        Row(output, "tag", "role", "calls", "small/mid/front", "before", "after", "saved", "before → after", "climbed");
        output.WriteLine(new string('-', Width));
        foreach (var row in report.ByTag)
        {
            Row(output, row.Tag, row.Role ?? "", Number(row.CallsBefore), Mix(row), Usd(row.CostBeforeUsd), Usd(row.CostAfterUsd), Percent(row.SavedPct),
                $"{Ms(row.P95MsBefore)} → {Ms(row.P95MsAfter),5}", $"{row.EscalatedPct:0.0} %");
        }
        output.WriteLine(new string('-', Width));
        var climbed = report.ByTag.Sum(row => row.EscalatedPct * row.Calls) / Math.Max(1, report.Calls);
        Row(output, "all", "", Number(report.CallsBefore), "", Usd(report.BaselineUsd), Usd(report.CostUsd), Percent(report.SavedPct),
            $"{Ms(report.P95MsBefore)} → {Ms(report.P95MsAfter),5}", $"{climbed:0.0} %");
    }

    private static void WriteTotals(TextWriter output, DemoReport report)
    {
        if (report.SavedPct is not { } saved)
        {
            output.WriteLine($"Phase 1 cost {Usd(report.BaselineUsd)}; phase 2 did not come to compare with.");
            return;
        }
        Paragraph(output, $"The bill: {Usd(report.BaselineUsd)} before, {Usd(report.CostUsd)} after: {(saved >= 0 ? "saved" : "lost")} {Math.Abs(saved):0.0} %, all "
            + $"{report.Attempts} attempts for {report.Calls} calls included, {report.Escalations} of them escalations. The ledger alone, without phase 1, estimates a "
            + $"baseline of {(report.BaselineEstimatedUsd is { } estimate ? Usd(estimate) : "nothing")}. Median latency {Ms(report.P50MsBefore)} → {Ms(report.P50MsAfter)} ms. "
            + $"Errors: {report.Errors}; answers that no rung got right: {report.Unverified}.");
        Paragraph(output, "Prices: " + string.Join("; ", report.Models.Select(model => $"{model.Tier} as {model.PricedAs}")) + ".");
    }

    private static void WriteNext(TextWriter output, DemoKept? kept)
    {
        if (kept is not null)
        {
            output.WriteLine($"Kept: {kept.Data} (ledger of both phases) and {kept.Policy}. Read it with:");
            output.WriteLine($"  ./rung report --data {kept.Data}");
            if (kept.PhaseTwoSince is { } since)
                output.WriteLine($"  ./rung report --data {kept.Data} --since {since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}   # phase 2 only");
            output.WriteLine("Delete that folder when you are done.");
            output.WriteLine();
        }
        output.WriteLine("What next, with your own key and real models:");
        output.WriteLine("  1. export OPENAI_API_KEY=sk-...  &&  ./rung serve --policy policies/starter.yaml");
        output.WriteLine($"  2. curl {ServeCommand.DefaultUrl}/v1/chat/completions -H 'content-type: application/json' \\");
        output.WriteLine("       -H 'x-rung-role: worker' -H 'x-rung-tag: my-job' \\");
        output.WriteLine("       -d '{\"model\": \"any\", \"messages\": [{\"role\": \"user\", \"content\": \"Say hello.\"}]}'");
        output.WriteLine($"     (in a program: base URL {ServeCommand.DefaultUrl}/v1 and the header x-rung-tag)");
        output.WriteLine("  3. ./rung report");
    }

    private static void Row(TextWriter output, string tag, string role, string calls, string mix, string before, string after, string saved, string p95, string climbed) =>
        output.WriteLine($"{tag,-17} {role,-7} {calls,5} {mix,15} {before,8} {after,8} {saved,7} {p95,15} {climbed,8}".TrimEnd());

    private static string Mix(DemoTagRow row) =>
        row.Calls == 0 ? "-" : string.Join('/', SimulatedModel.All.Select(model => $"{100.0 * row.AnsweredBy[model.Tier] / row.Calls:0}"));

    private static string Usd(decimal usd) => usd >= 1 ? $"${usd:#,0.00}" : $"${usd:0.0000}";

    private static string Percent(double? percent) => percent is { } value ? $"{value:0.0} %" : "-";

    private static string Ms(double? ms) => ms is { } value ? $"{value:0}" : "-";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Paragraph(TextWriter output, string text, int indent = 0)
    {
        var line = new string(' ', indent);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > indent && line.Length + 1 + word.Length > Width)
            {
                output.WriteLine(line);
                line = new string(' ', indent);
            }
            line += line.Length > indent ? $" {word}" : word;
        }
        output.WriteLine(line);
    }
}
