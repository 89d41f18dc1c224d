using System.CommandLine;
using Rung.Control.Measurement;
using Rung.Storage;
using Rung.Storage.Reports;

namespace Rung.Commands.Measure;

/// <summary><c>rung measure</c>: quality, cost, rates and times of each tag, with intervals.</summary>
internal static class MeasureCommand
{
    private const string UsualWindow = "7d";

    public static Command Create(TimeProvider clock)
    {
        var tag = new Option<string?>("--tag") { Description = "One tag, with every number and its interval.", HelpName = "TAG" };
        var by = new Option<string>("--by") { Description = "One row per tag; or per rollout arm, tier, day or hour (UTC) of each tag.", DefaultValueFactory = _ => "tag" };
        by.AcceptOnlyFromAmong("tag", "arm", "tier", "day", "hour");
        var since = new Option<string>("--since") { Description = "Calls from then on: 7d, 24h, 90m, or an ISO date or time (UTC).", HelpName = "WHEN", DefaultValueFactory = _ => UsualWindow };
        var until = new Option<string?>("--until") { Description = "Calls before then; as --since.", HelpName = "WHEN" };
        var data = new Option<string>("--data") { Description = "The data directory.", HelpName = "DIR", DefaultValueFactory = _ => ".rung" };
        var json = new Option<bool>("--json") { Description = "Print JSON, with every interval." };
        var command = new Command("measure", "Show quality, cost, failures, climbs, times and saving of each tag, with 95 % intervals.") { tag, by, since, until, data, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var now = clock.GetUtcNow();
            if (!ReportQuery.TryParseInstant(parsed.GetRequiredValue(since), now, out var from)) return NoInstant(error, "--since", parsed.GetRequiredValue(since));
            DateTimeOffset? to = null;
            if (parsed.GetValue(until) is { } end)
            {
                if (!ReportQuery.TryParseInstant(end, now, out var last)) return NoInstant(error, "--until", end);
                to = last;
            }
            if (from >= to) return Output.Fail(error, "--since is not before --until.", "Turn them round, or leave one out.");
            try
            {
                await using var ledger = Ledger.OpenReadOnly(parsed.GetRequiredValue(data), clock);
                var query = new MeasureQuery { Tag = parsed.GetValue(tag), Since = from, Until = to, By = Enum.Parse<MeasureGrouping>(parsed.GetRequiredValue(by), ignoreCase: true) };
                var rows = await LedgerMeasure.ReadAsync(ledger, query, cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, MeasureJson.Of(rows, query));
                else MeasureTable.Write(output, rows, query);
                return ExitCode.Ok;
            }
            catch (LedgerException e)
            {
                return Output.Fail(error, $"{e.Path}: {e.Problem}", e.Fix);
            }
        });
        return command;
    }

    private static int NoInstant(TextWriter error, string option, string text) =>
        Output.Fail(error, $"{option} \"{text}\" is no time.", "Write a span back from now (7d, 24h, 90m, 2w) or an ISO date or time (2026-11-22, 2026-11-22T08:00Z).");
}
