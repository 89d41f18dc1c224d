using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Alerts;
using Rung.Core.Alerts;
using Rung.Storage;

namespace Rung.Commands.Alerts;

/// <summary><c>rung alerts show KEY</c>: one alert and its history.</summary>
internal static class AlertsShowCommand
{
    private const int UsualEvents = 50;

    public static Command Create(TimeProvider clock)
    {
        var key = new Argument<string>("KEY") { Description = "The key of the alert, as the list shows it: floor:classify-intent." };
        var limit = new Option<int?>("--limit") { Description = $"At most so many changes, the latest (default: {UsualEvents}).", HelpName = "N" };
        var data = AlertsCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("show", "Show one alert and everything that happened to it. Exit code 1 when it fires.") { key, limit, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                if (parsed.GetValue(limit) is < 1) return Output.Fail(error, "--limit must be at least 1.");
                var (wanted, directory, now) = (parsed.GetRequiredValue(key), parsed.GetRequiredValue(data), clock.GetUtcNow());
                await using var ledger = Ledger.OpenReadOnly(directory, clock);
                if (await ledger.FindAlertAsync(wanted, cancellationToken) is not { } alert)
                    return Output.Fail(error, $"No alert with the key {Lines.Clean(wanted)} was ever seen in {directory}.", $"The keys: rung alerts --all --data {directory}");
                var history = await ledger.ReadAlertHistoryAsync(wanted, parsed.GetValue(limit) ?? UsualEvents, cancellationToken);
                var row = new AlertRow(alert, AlertListing.SilenceOf(alert, await ledger.ListSilencesAsync(now, cancellationToken), now));
                if (parsed.GetValue(json))
                {
                    Output.WriteJson(output, AlertListing.HistoryJson(row, history));
                }
                else
                {
                    AlertsText.Write(output, row, now);
                    output.WriteLine();
                    AlertsText.Write(output, history);
                }
                return row is { Alert.State: AlertState.Firing, SilencedBy: null } ? ExitCode.Faults : ExitCode.Ok;
            });
        });
        return command;
    }
}
