using Rung.Commands.Policy;
using Rung.Control.Evals.Runs;

namespace Rung.Commands.Eval;

/// <summary>The report of a run as Markdown, for a change request.</summary>
internal static class EvalReportMarkdown
{
    public static void Write(TextWriter output, EvalRunReport report)
    {
        output.WriteLine($"## Eval of {Escape(report.Plan.Tag)}");
        output.WriteLine();
        foreach (var candidate in report.Candidates) output.WriteLine($"- {Escape(candidate.Sentence)}");
        output.WriteLine();
        output.WriteLine($"| {string.Join(" | ", EvalRunText.Heads)} |");
        output.WriteLine($"|{string.Concat(EvalRunText.Heads.Select(_ => " --- |"))}");
        foreach (var candidate in report.Candidates) output.WriteLine($"| {string.Join(" | ", EvalRunText.Row(candidate, Output.Usd).Select(Escape))} |");
        output.WriteLine();
        foreach (var line in EvalRunText.About(report).Concat(EvalRunText.Notes(report, Output.Usd))) output.WriteLine($"{Escape(line)}  ");
        foreach (var candidate in report.Candidates.Where(candidate => candidate.Failures.Count > 0))
        {
            output.WriteLine();
            output.WriteLine($"Failures of {Escape(candidate.Model.Name)}:");
            output.WriteLine();
            foreach (var kind in candidate.Failures)
            {
                output.WriteLine($"- {kind.Count:N0} {Escape(kind.Kind)}");
                foreach (var example in kind.Examples.Where(example => example.Reason is not null || example.Answer is not null))
                    output.WriteLine($"  - row {Escape(example.RowId)}: {Escape(example.Reason ?? "")}{(string.IsNullOrEmpty(example.Answer) ? "" : $" (answer: {Escape(example.Answer)})")}");
            }
        }
    }

    private static string Escape(string text) =>
        Lines.Clean(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);
}
