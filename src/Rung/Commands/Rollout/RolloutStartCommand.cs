using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Rollouts;
using Rung.Storage;

namespace Rung.Commands.Rollout;

/// <summary><c>rung rollout start</c>, and <c>plan</c>, which only says what a start would do.</summary>
internal static class RolloutStartCommand
{
    public static Command Create(TimeProvider clock, TextReader? terminal, bool isDry)
    {
        var options = new RolloutStartOptions();
        var command = isDry
            ? new Command("plan", "Say what a start would do: tags, guards, sample sizes, and the time it will probably take. Changes nothing.")
            : new Command("start", "Start a rollout: the new policy beside the current one, for a small share first.");
        options.AddTo(command, isDry);
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return RolloutGuard.RunAsync(error, () => RunAsync(options, parsed, clock, isDry, () => Ask(error, terminal), output, error, cancellationToken));
        });
        return command;
    }

    private static async Task<int> RunAsync(
        RolloutStartOptions options, ParseResult parsed, TimeProvider clock, bool isDry, Func<bool?> ask, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        // 1. What should come.
        var data = parsed.GetRequiredValue(options.Data);
        var named = await new PolicyFinder(data, clock).FindAsync(parsed.GetRequiredValue(options.To), cancellationToken);
        var request = options.Read(parsed, new WholePolicy(named.Name, named.File.Text, named.File.Files, named.Snapshot));

        // 2. What it would do.
        await using var ledger = isDry ? Ledger.OpenReadOnly(data, clock) : RolloutCommand.OpenExisting(data, clock);
        var desk = RolloutCommand.Desk(ledger, data, parsed.GetRequiredValue(options.Policy), clock);
        if (!parsed.GetValue(options.Json)) error.WriteLine("Looking at the calls of the last 14 days ...");
        var proposal = await desk.PlanAsync(request, cancellationToken);
        if (isDry)
        {
            if (parsed.GetValue(options.Json)) Output.WriteJson(output, RolloutJson.Of(proposal));
            else RolloutPlanText.Write(output, proposal);
            return ExitCode.Ok;
        }

        // 3. A person sees it first.
        if (!parsed.GetValue(options.Json)) RolloutPlanText.Write(output, proposal);
        if (!parsed.GetValue(options.Yes))
        {
            switch (ask())
            {
                case null: return Output.Fail(error, "Nothing was started: nobody is there to confirm.", "Look at the plan (rung rollout plan), then add --yes.");
                case false:
                    error.WriteLine("Nothing was started.");
                    return ExitCode.Faults;
                default: break;
            }
        }
        var rollout = await desk.StartAsync(proposal, cancellationToken);
        if (parsed.GetValue(options.Json)) Output.WriteJson(output, RolloutJson.Of(rollout, reading: null));
        else output.WriteLine();
        if (!parsed.GetValue(options.Json)) Lines.Write(output, "", $"Rollout {rollout.Id}: {RolloutWords.Of(rollout.Last, rollout.Plan)}. The candidate is revision {rollout.Candidate}.");
        Lines.Write(error, "", $"Gateways on {data} take it up within a second. To watch: rung rollout status {rollout.Id} --watch; to take it back: rung rollout rollback {rollout.Id} --why REASON");
        return ExitCode.Ok;
    }

    // Null: nobody is there.
    private static bool? Ask(TextWriter error, TextReader? terminal)
    {
        if (terminal is null) return null;
        error.Write("Start? [y/N] ");
        error.Flush();
        return terminal.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
