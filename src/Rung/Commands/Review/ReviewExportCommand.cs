using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rung.Commands.Policy;
using Rung.Control.Reviews;
using Rung.Storage.Content;

namespace Rung.Commands.Review;

/// <summary><c>rung review export</c>: items and verdicts as a file, with their probabilities, for work elsewhere.</summary>
internal static class ReviewExportCommand
{
    private static readonly JsonSerializerOptions s_line = new(Output.Json) { WriteIndented = false };

    public static Command Create(TimeProvider clock)
    {
        var tag = ReviewCommand.TagOption("Only this tag.");
        var scope = new Option<string?>("--week") { Description = "Only this week, as 2026-W48.", HelpName = "WEEK" };
        var outFile = new Option<string>("--out") { Description = "The file: JSON lines, or CSV when its name ends in .csv.", HelpName = "FILE", Required = true };
        var withContent = new Option<bool>("--with-content") { Description = "Also requests, answers and comments. They lie open in the file." };
        var labels = new Option<string?>("--labels")
        {
            Description = "Only labels of answers of eval runs, as a judge is measured by: quality (good enough or not) or preference (better than the reference or not).", HelpName = "KIND",
        };
        labels.AcceptOnlyFromAmong("quality", "preference");
        var force = new Option<bool>("--force") { Description = "Write over a file that exists." };
        var data = PolicyCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("export", "Write items and verdicts with their probabilities to a file.") { tag, scope, outFile, withContent, labels, force, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return ReviewCommand.GuardAsync(error, async () =>
            {
                var path = parsed.GetRequiredValue(outFile);
                if (File.Exists(path) && !parsed.GetValue(force)) return Output.Fail(error, $"{path} is there already.", "Name another file, or add --force.");
                var content = parsed.GetValue(withContent);
                await using var opened = await ReviewData.OpenAsync(parsed.GetRequiredValue(data), withLedger: false, clock);
                var items = await opened.Store.ReadReviewsAsync(new ReviewQuery { Tag = parsed.GetValue(tag), Scope = parsed.GetValue(scope), WithComments = content }, cancellationToken);
                if (parsed.GetValue(labels) is { } kind) return await WriteLabelsAsync(output, path, ReviewLabels.Of(items, comparing: kind == "preference"), parsed.GetValue(json));
                var desk = new ReviewDesk(opened.Store, ledger: null, clock);
                var rows = 0;
                await using (var file = new StreamWriter(Create(path)))
                {
                    var isCsv = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
                    if (isCsv) await file.WriteLineAsync(string.Join(',', s_columns.Select(column => column.Name)));
                    foreach (var entry in items)
                    {
                        var shown = content ? await ShownAsync(desk, entry.Item, cancellationToken) : null;
                        foreach (var row in ReviewExportRow.Of(entry).Select(row => row.With(shown)))
                        {
                            await file.WriteLineAsync(isCsv ? string.Join(',', s_columns.Select(column => Cell(column.Value(row)))) : JsonSerializer.Serialize(row, s_line));
                            rows++;
                        }
                    }
                }
                if (parsed.GetValue(json)) Output.WriteJson(output, new { File = path, Items = items.Count, Rows = rows, WithContent = content });
                else Lines.Write(output, "", $"{path}: {Lines.Count(rows, "row")}, {Lines.Count(items.Count, "item")}{(content ? ", with what was said: keep it as you keep the data directory" : "")}.");
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static readonly (string Name, Func<ReviewExportRow, object?> Value)[] s_columns =
    [
        ("item", row => row.Item), ("tag", row => row.Tag), ("scope", row => row.Scope), ("call_id", row => row.CallId), ("set", row => row.Set), ("row", row => row.Row), ("run", row => row.Run),
        ("candidate", row => row.Candidate), ("part", row => row.Part), ("why", row => row.Why), ("uniform_inclusion", row => row.UniformInclusion), ("inclusion", row => row.Inclusion),
        ("sampled_at", row => row.SampledAt), ("reviewer", row => row.Reviewer), ("choice", row => row.Choice), ("good", row => row.Good), ("rating", row => row.Rating), ("score", row => row.Score),
        ("preference", row => row.Preference), ("given_at", row => row.GivenAt?.ToString("O", CultureInfo.InvariantCulture)), ("comment", row => row.Comment), ("request", row => row.Request),
        ("answer", row => row.Answer), ("other", row => row.Other),
    ];

    private static async Task<int> WriteLabelsAsync(TextWriter output, string path, IReadOnlyList<ReviewLabel> labels, bool asJson)
    {
        await using (var file = new StreamWriter(Create(path)))
        {
            if (path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
            {
                await file.WriteLineAsync("row,candidate,score,reviewer,weight");
                foreach (var label in labels) await file.WriteLineAsync(string.Join(',', new object?[] { label.Row, label.Candidate, label.Score, label.Reviewer, label.Weight }.Select(Cell)));
            }
            else
            {
                foreach (var label in labels) await file.WriteLineAsync(JsonSerializer.Serialize(label, s_line));
            }
        }
        if (asJson) Output.WriteJson(output, new { File = path, Labels = labels.Count });
        else Lines.Write(output, "", $"{path}: {Lines.Count(labels.Count, "label")}.");
        return ExitCode.Ok;
    }

    private static async Task<ReviewCase?> ShownAsync(ReviewDesk desk, ReviewItem item, CancellationToken cancellationToken)
    {
        try
        {
            return await desk.FindAsync(item.Id, cancellationToken);
        }
        catch (ReviewException)
        {
            return null; // Its time is over: the verdict is exported without it.
        }
    }

    /// <summary>For this user only: it may hold what was said.</summary>
    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    // RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe: answers are text of strangers.
    private static string Cell(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (value is string && text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
