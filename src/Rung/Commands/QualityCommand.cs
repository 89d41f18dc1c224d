using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Measurement;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Storage;
using Rung.Storage.Reports;

namespace Rung.Commands;

/// <summary><c>rung quality</c>: how good the answers of each tag are, from everything that judged them.</summary>
internal static class QualityCommand
{
    private const string UsualWindow = "30d";

    public static Command Create(TimeProvider clock)
    {
        var tag = new Option<string?>("--tag") { Description = "One tag, with every kind of verdict by itself.", HelpName = "TAG" };
        var by = new Option<string>("--by") { Description = "One row per tag, or per model on each tag.", DefaultValueFactory = _ => "tag" };
        by.AcceptOnlyFromAmong("tag", "model");
        var since = new Option<string>("--since") { Description = "Verdicts given, and checked calls begun, from then on: 7d, 24h, or an ISO date or time (UTC).", HelpName = "WHEN", DefaultValueFactory = _ => UsualWindow };
        var until = new Option<string?>("--until") { Description = "The same before then; as --since.", HelpName = "WHEN" };
        var policy = new Option<string>("--policy") { Description = $"Whose floors to look at: {PolicyFinder.Forms}.", HelpName = "POLICY", DefaultValueFactory = _ => PolicyFinder.Current };
        var imported = new Option<bool>("--imported") { Description = "Calls of other systems, as their logs and traces judge them." };
        var data = new Option<string>("--data") { Description = "The data directory.", HelpName = "DIR", DefaultValueFactory = _ => ".rung" };
        var json = new Option<bool>("--json") { Description = "Print JSON, with every kind of verdict." };
        var command = new Command("quality", "Estimate the quality of each tag from checks, judges, reviews and feedback, and hold it against its floor.") { tag, by, since, until, policy, imported, data, json };
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
                var directory = parsed.GetRequiredValue(data);
                await using var ledger = Ledger.OpenReadOnly(directory, clock);
                var floors = await FloorsAsync(parsed.GetRequiredValue(policy), directory, clock, error, cancellationToken);
                var query = new QualityQuery
                {
                    Tag = parsed.GetValue(tag), Since = from, Until = to, ByModel = parsed.GetValue(by) == "model", Imported = parsed.GetValue(imported), Policy = floors,
                };
                var rows = await QualityReading.ReadAsync(ledger, query, cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, QualityJson.Of(rows, query));
                else QualityTable.Write(output, rows, query);
                return ExitCode.Ok;
            }
            catch (LedgerException e)
            {
                return Output.Fail(error, $"{e.Path}: {e.Problem}", e.Fix);
            }
            catch (PolicyUnusableException e)
            {
                foreach (var detail in e.Details) await error.WriteLineAsync(detail);
                return Output.Fail(error, e.Message, e.Fix);
            }
            catch (PriceBookException e)
            {
                return Output.Fail(error, e.Message);
            }
        });
        return command;
    }

    // A ledger without a revision is one of imports or of tests: then there are no floors to hold anything against.
    private static async Task<PolicySnapshot?> FloorsAsync(string reference, string data, TimeProvider clock, TextWriter error, CancellationToken cancellationToken)
    {
        var finder = new PolicyFinder(data, clock);
        if (reference == PolicyFinder.Current && (await finder.ListAsync(cancellationToken)).Count == 0)
        {
            error.WriteLine($"rung: there is no policy in {data}, so no floor is looked at; name one with --policy.");
            return null;
        }
        return (await finder.FindAsync(reference, cancellationToken)).Snapshot;
    }

    private static int NoInstant(TextWriter error, string option, string text) =>
        Output.Fail(error, $"{option} \"{text}\" is no time.", "Write a span back from now (7d, 24h, 90m, 2w) or an ISO date or time (2026-11-22, 2026-11-22T08:00Z).");
}
