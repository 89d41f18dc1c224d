using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Storage.Content;
using Spectre.Console;

namespace Rung.Commands.Content;

/// <summary><c>rung content list</c>: what is kept, by tag or call by call, and what was deleted on request. Never content.</summary>
internal static class ContentListCommand
{
    // A list is for people; --json gives every call.
    private const int DefaultCallsOfList = 50;

    public static Command Create(TimeProvider clock)
    {
        var tag = new Option<string?>("--tag") { Description = "Calls of this tag.", HelpName = "TAG" };
        var since = new Option<string?>("--since") { Description = "Calls from then on: 7d, 24h, 90m, or an ISO date or time (UTC).", HelpName = "WHEN" };
        var calls = new Option<bool>("--calls") { Description = "One line per call, newest first, instead of one per tag." };
        var limit = new Option<int?>("--limit") { Description = $"With --calls: at most so many; else {DefaultCallsOfList} in the list and all in JSON.", HelpName = "N" };
        var (data, json) = (ContentCommand.DataOption(), ContentCommand.JsonOption());
        var command = new Command("list", "Show what is kept, by tag: calls, sizes, redactions, when it expires; and what was deleted on request.") { tag, since, calls, limit, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                if (!ContentCommand.TryInstant(error, "--since", parsed.GetValue(since), clock.GetUtcNow(), out var from)) return ExitCode.Usage;
                if (parsed.GetValue(limit) is < 1) return Output.Fail(error, "--limit must be at least 1.");
                var directory = parsed.GetRequiredValue(data);
                var asJson = parsed.GetValue(json);
                await using var store = ContentDirectory.Existing(directory, clock);
                var most = parsed.GetValue(limit) ?? (asJson ? null : DefaultCallsOfList);
                var query = new CaptureQuery { Tag = parsed.GetValue(tag), Since = from };
                var sums = store is null ? [] : await store.SumCapturesAsync(query, cancellationToken);
                var entries = store is null || !parsed.GetValue(calls) ? null : await store.ListCapturesAsync(query with { Limit = most }, cancellationToken);
                var forgotten = store is null ? [] : await store.ListForgottenAsync(cancellationToken);
                if (asJson) Output.WriteJson(output, Json(store?.IsEncrypted ?? false, sums, entries, forgotten));
                else if (sums.Count == 0) Lines.Write(error, "", $"Nothing is kept in {directory} that matches. A route keeps content where the policy gives it a `capture`.");
                else if (entries is not null) WriteCalls(output, error, entries, sums.Sum(sum => sum.Calls));
                else WriteSums(output, sums);
                if (!asJson) WriteForgotten(error, store, forgotten);
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static object Json(bool isEncrypted, IReadOnlyList<CaptureSum> sums, IReadOnlyList<CaptureEntry>? entries, IReadOnlyList<ForgetNote> forgotten) => new
    {
        Encrypted = isEncrypted,
        Tags = sums,
        Calls = entries,
        Forgotten = forgotten.Select(note => new { note.At, note.Reason, note.Report.Captures, note.Report.EvalRows, note.Report.RunAnswers, note.Report.Reviews, note.Report.Comments }),
    };

    private static void WriteSums(TextWriter output, IReadOnlyList<CaptureSum> sums)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var head in (string[])["tag", "calls", "answers", "size", "redacted", "pieces", "first", "last", "next to expire"])
            table.AddColumn(new TableColumn(head) { NoWrap = true, Alignment = head is "tag" or "first" or "last" or "next to expire" ? Justify.Left : Justify.Right });
        foreach (var sum in sums)
        {
            table.AddRow(Markup.Escape(Lines.Clean(sum.Tag ?? "(no tag)")), $"{sum.Calls:N0}", $"{sum.Answers:N0}", ContentCommand.Size(sum.ContentBytes), $"{sum.Redacted:N0}", $"{sum.Redactions:N0}",
                Day(sum.First), Day(sum.Last), Day(sum.NextExpiry));
        }
        PlainTable.Write(output, table);
    }

    private static void WriteCalls(TextWriter output, TextWriter error, IReadOnlyList<CaptureEntry> entries, int all)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var head in (string[])["call", "began (UTC)", "tag", "answers", "size", "pieces", "expires"])
            table.AddColumn(new TableColumn(head) { NoWrap = head is "call" or "began (UTC)", Alignment = head is "answers" or "size" or "pieces" ? Justify.Right : Justify.Left });
        foreach (var entry in entries)
        {
            table.AddRow(entry.CallId, $"{entry.StartedAt.UtcDateTime:MM-dd HH:mm:ss}", Markup.Escape(Lines.Clean(entry.Tag ?? "(no tag)")), $"{entry.Answers}",
                ContentCommand.Size(entry.ContentBytes), $"{entry.Redactions}", Day(entry.ExpiresAt));
        }
        PlainTable.Write(output, table);
        if (all > entries.Count) error.WriteLine($"{all - entries.Count:N0} more; --limit shows more.");
    }

    private static void WriteForgotten(TextWriter error, ContentStore? store, IReadOnlyList<ForgetNote> forgotten)
    {
        if (store is not null) error.WriteLine(store.IsEncrypted ? "Content is encrypted." : $"Content is NOT encrypted: set {ContentKey.Variable} before the next calls are captured.");
        foreach (var note in forgotten.Take(5))
        {
            Lines.Write(error, "", $"Deleted {Lines.Time(note.At)}: {Lines.Count(note.Report.Captures, "call")}, {Lines.Count(note.Report.EvalRows, "row")} of eval sets, "
                + $"{Lines.Count(note.Report.RunAnswers, "answer")} of runs, {Lines.Count(note.Report.Reviews, "review")}, {Lines.Count(note.Report.Comments, "comment")}. Why: {note.Reason}");
        }
        if (forgotten.Count > 5) error.WriteLine($"{forgotten.Count - 5:N0} older deletions; --json lists them.");
    }

    private static string Day(DateTimeOffset instant) => $"{instant.UtcDateTime:yyyy-MM-dd}";
}
