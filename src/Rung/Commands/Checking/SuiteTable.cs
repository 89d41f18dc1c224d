using Rung.Commands.Policy;
using Spectre.Console;

namespace Rung.Commands.Checking;

/// <summary>A suite's result for people: what did not pass, the files where that is, and the totals.</summary>
internal static class SuiteTable
{
    /// <summary>Longest detail of a failure, in characters.</summary>
    private const int MaxDetail = 200;

    public static void Write(TextWriter output, SuiteReport report)
    {
        foreach (var failure in report.Failures)
        {
            var test = failure.Test is null ? $"{failure.Tests} tests" : failure.Test;
            var detail = failure.Detail.Length > MaxDetail ? failure.Detail[..MaxDetail] + "…" : failure.Detail;
            Lines.Write(output, "  ", $"draft {failure.Draft} {failure.File} / {failure.Group} / {test}: {detail}");
        }
        WriteFiles(output, [.. report.Files.Where(file => file.Failed + file.Refused > 0)]);
        if (report.Failures.Count > 0) output.WriteLine();
        foreach (var draft in report.Drafts)
        {
            Write(output, $"draft {draft.Draft}, required", draft.Required);
            Write(output, $"draft {draft.Draft}, optional", draft.Optional);
        }
    }

    private static void Write(TextWriter output, string title, SuiteTally tally)
    {
        if (tally.Total == 0) return;
        output.WriteLine($"{title}: {tally.Passed:N0} of {tally.Total:N0} passed, {tally.Failed:N0} failed, {tally.Refused:N0} refused");
    }

    private static void WriteFiles(TextWriter output, IReadOnlyList<SuiteFileTally> files)
    {
        if (files.Count == 0) return;
        var table = new Table { Border = TableBorder.None };
        table.AddColumns(new TableColumn("draft"), new TableColumn("file"), new TableColumn("passed").RightAligned(), new TableColumn("failed").RightAligned(), new TableColumn("refused").RightAligned());
        foreach (var file in files)
        {
            table.AddRow(Cells(file.Draft, file.File, $"{file.Passed}", $"{file.Failed}", $"{file.Refused}"));
        }
        output.WriteLine();
        PlainTable.Write(output, table);
    }

    private static Markup[] Cells(params string[] texts) => [.. texts.Select(text => new Markup(Markup.Escape(Lines.Clean(text))))];
}
