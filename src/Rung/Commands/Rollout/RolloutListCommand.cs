using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Rollouts;
using Rung.Storage;
using Spectre.Console;

namespace Rung.Commands.Rollout;

/// <summary><c>rung rollout list</c>: every rollout, the newest first.</summary>
internal static class RolloutListCommand
{
    private const int MostRows = 30;

    public static Command Create(TimeProvider clock)
    {
        var data = PolicyCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var open = new Option<bool>("--open") { Description = "Only those that are open." };
        var command = new Command("list", "Show the rollouts, the newest first.") { data, open, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return RolloutGuard.RunAsync(error, async () =>
            {
                await using var ledger = Ledger.OpenReadOnly(parsed.GetRequiredValue(data), clock);
                var rollouts = (await ledger.ListRolloutsAsync(parsed.GetValue(open), cancellationToken)).Reverse().ToList();
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Rollouts = rollouts.Select(rollout => RolloutJson.Of(rollout, reading: null)) });
                else if (rollouts.Count == 0) output.WriteLine($"There {(parsed.GetValue(open) ? "is no open rollout" : "has been no rollout")} in {parsed.GetRequiredValue(data)}. To plan one: rung rollout plan --to POLICY");
                else Write(output, rollouts);
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static void Write(TextWriter output, List<Storage.Rollouts.Rollout> rollouts)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var title in new[] { "id", "state", "tags", "revisions", "started", "by" }) table.AddColumn(new TableColumn(title) { NoWrap = title != "tags", Padding = new Padding(0, 0, 2, 0) });
        foreach (var rollout in rollouts.Take(MostRows))
        {
            table.AddRow(new[]
            {
                $"{rollout.Id}", RolloutWords.State(rollout), Lines.Clean(rollout.Plan.Tags.IsEmpty ? "every call" : string.Join(", ", rollout.Plan.Tags)),
                $"{rollout.Base} → {rollout.Candidate}", $"{rollout.Events[0].At.UtcDateTime:yyyy-MM-dd HH:mm}", Lines.Clean(rollout.Events[0].By),
            }.Select(cell => new Text(cell)));
        }
        PlainTable.Write(output, table);
        if (rollouts.Count > MostRows) output.WriteLine($"{rollouts.Count - MostRows:N0} older; --json shows all.");
    }
}
