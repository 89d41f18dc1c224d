using System.CommandLine;
using Rung.Storage;
using Rung.Storage.Imports;
using Rung.Storage.Reports;

namespace Rung.Commands;

/// <summary><c>rung report</c>: what calls cost, by the job that spent it.</summary>
internal static class ReportCommand
{
    // A table is for people; --json gives every row.
    private const int DefaultRowsOfTable = 50;

    public static Command Create() => Create(TimeProvider.System);

    internal static Command Create(TimeProvider clock)
    {
        var by = new Option<string>("--by") { Description = "One row per tag, role, tier, model, session, day or route; of imported calls tag, role, model, session, day or source.", DefaultValueFactory = _ => "tag" };
        by.AcceptOnlyFromAmong("tag", "role", "tier", "model", "session", "day", "route", "source");
        var imported = new Option<bool>("--imported") { Description = "The calls of other systems that were imported, instead of those that this gateway served." };
        var since = new Option<string?>("--since") { Description = "Calls from then on: 7d, 24h, 90m, a month (month, last-month, 2026-10), or an ISO date or time (UTC).", HelpName = "WHEN" };
        var until = new Option<string?>("--until") { Description = "Calls before then; as --since, and now unless told otherwise. Last month: --since last-month --until month.", HelpName = "WHEN" };
        var data = new Option<string>("--data") { Description = "The data directory.", HelpName = "DIR", DefaultValueFactory = _ => ".rung" };
        var json = new Option<bool>("--json") { Description = "Print JSON; amounts are exact to the nano-dollar." };
        var limit = new Option<int?>("--limit") { Description = $"At most so many rows; else {DefaultRowsOfTable} in the table and all in JSON.", HelpName = "N" };
        var command = new Command("report", "Show what calls cost, what they would have cost at the reference tier, and how they went.") { by, imported, since, until, data, json, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var now = clock.GetUtcNow();
            if (!TryInstant(parsed.GetValue(since), now, out var from)) return NoInstant(error, "--since", parsed.GetValue(since));
            if (!TryInstant(parsed.GetValue(until), now, out var to)) return NoInstant(error, "--until", parsed.GetValue(until));
            if (from >= to) return Output.Fail(error, "--since is not before --until.", "Turn them round, or leave one out.");
            if (parsed.GetValue(limit) is < 1) return Output.Fail(error, "--limit must be at least 1.");

            var asJson = parsed.GetValue(json);
            var rows = parsed.GetValue(limit) ?? (asJson ? null : DefaultRowsOfTable);
            var grouping = parsed.GetValue(by)!;
            try
            {
                if (parsed.GetValue(imported))
                {
                    if (!Enum.TryParse<ImportedGrouping>(grouping, ignoreCase: true, out var group))
                        return Output.Fail(error, $"Imported calls have no {grouping}: this gateway's policy did not decide about them.", "Group them by tag, role, model, session, day or source.");
                    await using var ledger = Ledger.OpenReadOnly(parsed.GetValue(data)!, clock);
                    var report = await ledger.ReportImportedAsync(new ImportedReportQuery { By = group, Since = from, Until = to, Limit = rows }, cancellationToken);
                    if (asJson) Output.WriteJson(output, ImportedReportJson.Of(report));
                    else ImportedReportTable.Write(output, report);
                }
                else
                {
                    if (!Enum.TryParse<ReportGrouping>(grouping, ignoreCase: true, out var group))
                        return Output.Fail(error, $"Only imported calls have a {grouping}.", "Add --imported, or group by tag, role, tier, model, session, day or route.");
                    await using var ledger = Ledger.OpenReadOnly(parsed.GetValue(data)!, clock);
                    var report = await ledger.ReportAsync(new ReportQuery { By = group, Since = from, Until = to, Limit = rows }, cancellationToken);
                    if (asJson) Output.WriteJson(output, ReportJson.Of(report));
                    else ReportTable.Write(output, report);
                    NoteImported(error, await ledger.ImportedSourcesAsync(from, to, cancellationToken));
                }
                return ExitCode.Ok;
            }
            catch (LedgerException e)
            {
                return Output.Fail(error, $"{e.Path}: {e.Problem}", e.Fix);
            }
        });
        return command;
    }

    // Two pages must never seem to show two totals of the same thing.
    private static void NoteImported(TextWriter error, IReadOnlyList<ImportedSource> sources)
    {
        if (sources.Count == 0) return;
        var calls = sources.Aggregate(Int128.Zero, (sum, source) => sum + source.Requests);
        error.WriteLine($"rung: {(calls == 1 ? "1 imported call" : $"{calls:#,0} imported calls")} of this time ({string.Join(", ", sources.Select(source => source.Source))}) "
            + $"{(calls == 1 ? "is" : "are")} not in this report;");
        error.WriteLine("      see them with: rung report --imported");
    }

    private static bool TryInstant(string? text, DateTimeOffset now, out DateTimeOffset? instant)
    {
        instant = null;
        if (text is null) return true;
        if (!ReportQuery.TryParseInstant(text, now, out var parsed)) return false;
        instant = parsed;
        return true;
    }

    private static int NoInstant(TextWriter error, string option, string? text) =>
        Output.Fail(error, $"{option} \"{text}\" is no time.", "Write a span back from now (7d, 24h, 90m, 2w), a month (month, last-month, 2026-10) or an ISO date or time (2026-11-22, 2026-11-22T08:00Z).");
}
