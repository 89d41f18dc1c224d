using System.CommandLine;
using Rung.Storage;
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
        var by = new Option<string>("--by") { Description = "One row per tag, role, tier, model, session, day or route.", DefaultValueFactory = _ => "tag" };
        by.AcceptOnlyFromAmong("tag", "role", "tier", "model", "session", "day", "route");
        var since = new Option<string?>("--since") { Description = "Calls from then on: 7d, 24h, 90m, or an ISO date or time (UTC).", HelpName = "WHEN" };
        var until = new Option<string?>("--until") { Description = "Calls before then; as --since.", HelpName = "WHEN" };
        var data = new Option<string>("--data") { Description = "The data directory.", HelpName = "DIR", DefaultValueFactory = _ => ".rung" };
        var json = new Option<bool>("--json") { Description = "Print JSON; amounts are exact to the nano-dollar." };
        var limit = new Option<int?>("--limit") { Description = $"At most so many rows; else {DefaultRowsOfTable} in the table and all in JSON.", HelpName = "N" };
        var command = new Command("report", "Show what calls cost, what they would have cost at the reference tier, and how they went.") { by, since, until, data, json, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var now = clock.GetUtcNow();
            if (!TryInstant(parsed.GetValue(since), now, out var from)) return NoInstant(error, "--since", parsed.GetValue(since));
            if (!TryInstant(parsed.GetValue(until), now, out var to)) return NoInstant(error, "--until", parsed.GetValue(until));
            if (from >= to) return Output.Fail(error, "--since is not before --until.", "Turn them round, or leave one out.");
            if (parsed.GetValue(limit) is < 1) return Output.Fail(error, "--limit must be at least 1.");

            var asJson = parsed.GetValue(json);
            var query = new ReportQuery
            {
                By = Enum.Parse<ReportGrouping>(parsed.GetValue(by)!, ignoreCase: true), Since = from, Until = to, Limit = parsed.GetValue(limit) ?? (asJson ? null : DefaultRowsOfTable),
            };
            try
            {
                await using var ledger = Ledger.OpenReadOnly(parsed.GetValue(data)!, clock);
                var report = await ledger.ReportAsync(query, cancellationToken);
                if (asJson) Output.WriteJson(output, ReportJson.Of(report));
                else ReportTable.Write(output, report);
                return ExitCode.Ok;
            }
            catch (LedgerException e)
            {
                return Output.Fail(error, $"{e.Path}: {e.Problem}", e.Fix);
            }
        });
        return command;
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
        Output.Fail(error, $"{option} \"{text}\" is no time.", "Write a span back from now (7d, 24h, 90m, 2w) or an ISO date or time (2026-11-22, 2026-11-22T08:00Z).");
}
