using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Alerts;
using Rung.Storage;

namespace Rung.Commands.Alerts;

/// <summary><c>rung alerts unsilence ID</c>: ends a silence early.</summary>
internal static class AlertsUnsilenceCommand
{
    public static Command Create(TimeProvider clock)
    {
        var id = new Argument<long>("ID") { Description = "Number of the silence, as the list shows it." };
        var who = new Option<string?>("--who") { Description = "Who ends it (default: the user of this machine).", HelpName = "NAME" };
        var data = AlertsCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("unsilence", "End a silence before its time. What fires under it is told at the next step of the control loop.") { id, who, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                var (number, directory) = (parsed.GetValue(id), parsed.GetRequiredValue(data));
                await using (var reader = Ledger.OpenReadOnly(directory, clock))
                {
                    if (await reader.FindSilenceAsync(number, cancellationToken) is not { } known)
                        return Output.Fail(error, $"There is no silence {number} in {directory}.", $"The list: rung alerts --data {directory}");
                    if (known.EndedAt is { } ended) return Output.Fail(error, $"Silence {number} was ended by {known.EndedBy} at {Lines.Time(ended)}.");
                    if (known.Until <= clock.GetUtcNow()) return Output.Fail(error, $"Silence {number} was over at {Lines.Time(known.Until)}.");
                }
                await using var ledger = Ledger.Open(directory, clock);
                var by = string.IsNullOrWhiteSpace(parsed.GetValue(who)) ? Environment.UserName : parsed.GetValue(who)!;
                if (await ledger.EndSilenceAsync(number, by, cancellationToken) is not { } silence) return Output.Fail(error, $"Silence {number} is over already.");
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Silence = AlertListing.SilenceJson(silence) });
                else Lines.Write(output, "", $"Ended silence {AlertsText.Sentence(silence)}.");
                return ExitCode.Ok;
            });
        });
        return command;
    }
}
