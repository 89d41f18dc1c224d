using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Alerts;
using Rung.Core.Policies;
using Rung.Storage;

namespace Rung.Commands.Alerts;

/// <summary><c>rung alerts</c>: what the control loop found worth saying. Without a command it is <c>rung alerts list</c>.</summary>
internal static class AlertsCommand
{
    private const string Description = "Show what fires and what is pending: what happened, the likely cause, the next command. Exit code 1 when something fires.";

    /// <summary>The group, and the list itself.</summary>
    public static Command Create(TimeProvider clock)
    {
        var command = List("alerts", clock);
        command.Subcommands.Add(List("list", clock));
        command.Subcommands.Add(AlertsShowCommand.Create(clock));
        command.Subcommands.Add(AlertsSilenceCommand.Create(clock));
        command.Subcommands.Add(AlertsUnsilenceCommand.Create(clock));
        command.Subcommands.Add(AlertsTestCommand.Create(clock));
        return command;
    }

    internal static Option<string> DataOption() => new("--data") { Description = "The data directory.", HelpName = "DIR", DefaultValueFactory = _ => ServeCommand.DefaultData };

    private static Command List(string name, TimeProvider clock)
    {
        var all = new Option<bool>("--all") { Description = $"Those that ended in the last {AlertListing.EndedWithin.Days} days, too." };
        var data = DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command(name, Description) { all, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                var directory = parsed.GetRequiredValue(data);
                await using var ledger = Ledger.OpenReadOnly(directory, clock);
                var listing = await AlertListing.ReadAsync(ledger, await PolicyAsync(ledger, directory, clock, cancellationToken), parsed.GetValue(all), clock.GetUtcNow(), cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, listing.ToJson());
                else AlertsText.Write(output, listing);
                return listing.Firing > 0 ? ExitCode.Faults : ExitCode.Ok;
            });
        });
        return command;
    }

    /// <summary>The policy in force, by the ledger: it says which tags have no alerts at all. Null when there is none that compiles.</summary>
    private static async Task<PolicySnapshot?> PolicyAsync(Ledger ledger, string data, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ledger.NewestRevisionAsync(cancellationToken) is not { } newest) return null;
        return new PolicyFinder(data, clock).FromRevision((await ledger.GetRevisionAsync(newest.Number, cancellationToken))!).File.Compilation.Snapshot;
    }
}
