using Rung.Commands.Policy;
using Rung.Control.Evals.Runs;
using Spectre.Console;

namespace Rung.Commands.Eval;

/// <summary>The report of a run for a terminal of 100 columns.</summary>
internal static class EvalReportTable
{
    public static void Write(TextWriter output, EvalRunReport report)
    {
        foreach (var line in EvalRunText.About(report)) Lines.Write(output, "", line);
        output.WriteLine();
        var table = new Table { Border = TableBorder.Simple };
        // A long name is broken, a figure never.
        foreach (var (i, head) in EvalRunText.Heads.Index()) table.AddColumn(new TableColumn(Markup.Escape(head)) { NoWrap = i > 0 });
        foreach (var candidate in report.Candidates) table.AddRow([.. EvalRunText.Row(candidate, Output.Usd).Select(Cell)]);
        PlainTable.Write(output, table);
        output.WriteLine();
        foreach (var candidate in report.Candidates.Where(candidate => candidate.Failures.Count > 0))
        {
            Lines.Write(output, "", $"Failures of {candidate.Model.Name}: {string.Join(", ", candidate.Failures.Select(kind => $"{kind.Count:N0} {kind.Kind}"))}.");
            foreach (var (kind, example) in candidate.Failures.SelectMany(kind => kind.Examples.Select(example => (kind, example))).Where(pair => pair.example.Reason is not null || pair.example.Answer is not null))
            {
                Lines.Write(output, "  ", $"{kind.Kind}, row {example.RowId}: {example.Reason ?? "no reason given"}{(string.IsNullOrEmpty(example.Answer) ? "" : $" (answer: {example.Answer})")}");
            }
        }
        foreach (var note in EvalRunText.Notes(report, Output.Usd)) Lines.Write(output, "", note);
        output.WriteLine();
        foreach (var candidate in report.Candidates) Lines.Write(output, "", candidate.Sentence);
    }

    private static string Cell(string text) => Markup.Escape(Lines.Clean(text));
}
