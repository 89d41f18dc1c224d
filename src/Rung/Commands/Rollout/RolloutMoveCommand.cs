using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Rollouts;

namespace Rung.Commands.Rollout;

/// <summary><c>rung rollout advance</c>, <c>hold</c>, <c>resume</c> and <c>rollback</c>: what a person does to a rollout, with the reason on record.</summary>
internal static class RolloutMoveCommand
{
    public static Command Create(TimeProvider clock, string name, string description, Func<RolloutDesk, long, string, CancellationToken, Task<Storage.Rollouts.Rollout>> move)
    {
        var id = RolloutCommand.IdArgument();
        var why = new Option<string>("--why") { Description = "Why, for the record.", HelpName = "REASON", Required = true };
        var policy = PolicyCommand.PolicyOption("The policy file: written when the policy in force changes.");
        var data = PolicyCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command(name, description) { id, why, policy, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return RolloutGuard.RunAsync(error, async () =>
            {
                if (string.IsNullOrWhiteSpace(parsed.GetRequiredValue(why))) return Output.Fail(error, "--why is empty.", "Say why, for whoever reads the history.");
                await using var ledger = RolloutCommand.OpenExisting(parsed.GetRequiredValue(data), clock);
                var before = await ledger.NewestRevisionAsync(cancellationToken);
                var rollout = await move(RolloutCommand.Desk(ledger, parsed.GetRequiredValue(data), parsed.GetRequiredValue(policy), clock), parsed.GetRequiredValue(id), parsed.GetRequiredValue(why), cancellationToken);
                var after = await ledger.NewestRevisionAsync(cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, RolloutJson.Of(rollout, reading: null));
                else Lines.Write(output, "", $"Rollout {rollout.Id}: {RolloutWords.Of(rollout.Last, rollout.Plan)}.");
                if (after!.Number != before?.Number) Lines.Write(error, "", $"Revision {after.Number} is in force now; to go back: rung policy rollback {before!.Number}");
                error.WriteLine("Gateways on this data directory take it up within a second.");
                return ExitCode.Ok;
            });
        });
        return command;
    }
}
