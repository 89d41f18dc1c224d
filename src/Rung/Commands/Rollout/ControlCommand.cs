using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Rollouts;
using Rung.Control.Steering;
using Rung.Core.Policies;
using Rung.Storage;
using Rung.Storage.Control;

namespace Rung.Commands.Rollout;

/// <summary><c>rung control</c>: whether the control loop runs, what it did, and the switch that stops it from acting.</summary>
internal static class ControlCommand
{
    public static Command Create(TimeProvider clock) => new("control", "See and freeze the control loop that moves rollouts and routes.")
    {
        Status(clock),
        Switch(clock, isFreeze: true),
        Switch(clock, isFreeze: false),
    };

    private static Command Switch(TimeProvider clock, bool isFreeze)
    {
        var why = new Option<string>("--why") { Description = "Why, for the record.", HelpName = "REASON", Required = true };
        var time = new Option<string?>("--for") { Description = "For how long: 30m, 12h, 3d; without it until somebody lets go.", HelpName = "TIME" };
        var data = PolicyCommand.DataOption();
        var command = isFreeze
            ? new Command("freeze", "Let nothing advance and no route be moved. Rollouts that do harm are rolled back all the same.") { why, time, data }
            : new Command("unfreeze", "Let the control loop act again.") { why, data };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return RolloutGuard.RunAsync(error, async () =>
            {
                if (string.IsNullOrWhiteSpace(parsed.GetRequiredValue(why))) return Output.Fail(error, "--why is empty.", "Say why, for whoever reads the history.");
                var length = isFreeze ? parsed.GetValue(time) : null;
                if (length is not null && (LengthOfTime.Read(length) is not { } read || read <= TimeSpan.Zero)) return Output.Fail(error, $"--for {length} is no length of time.", "Write it as 30m, 12h or 3d.");
                await using var ledger = RolloutCommand.OpenExisting(parsed.GetRequiredValue(data), clock);
                var control = new ControlSwitch(ledger, clock);
                var turn = isFreeze ? await control.FreezeAsync(length, Environment.UserName, parsed.GetRequiredValue(why), cancellationToken) : await control.UnfreezeAsync(Environment.UserName, parsed.GetRequiredValue(why), cancellationToken);
                output.WriteLine(isFreeze ? $"Frozen{(turn.Until is { } end ? $" until {Lines.Time(end)}" : "")}: nothing advances, and no route is moved. To let go: rung control unfreeze --why REASON" : "The control loop may act again.");
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static Command Status(TimeProvider clock)
    {
        var data = PolicyCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("status", "Show whether the control loop runs, whether it is frozen, what it did in the last 30 days, and which tags it may move.") { data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return RolloutGuard.RunAsync(error, async () =>
            {
                var directory = parsed.GetRequiredValue(data);
                await using var ledger = Ledger.OpenReadOnly(directory, clock);
                var now = clock.GetUtcNow();
                var standing = await ControlStanding.ReadAsync(ledger, await PolicyAsync(ledger, directory, clock, cancellationToken), now, cancellationToken);
                var (lease, freeze) = (standing.Lease, standing.Freeze);
                if (parsed.GetValue(json))
                {
                    Output.WriteJson(output, new
                    {
                        standing.Runs, lease?.Holder, LeaseUntil = lease?.Until, standing.Terms?.Steering, Frozen = standing.IsFrozen, Freeze = freeze,
                        OpenRollouts = standing.Open.Select(rollout => rollout.Id), Actions = standing.Actions.Select(done => done.Action),
                        Tags = standing.Tags.Select(tag => new { Tag = tag.Route.Name, Tier = tag.Route.Tier.Name, Floor = tag.Route.Floor, tag.Arming.IsArmed, tag.Arming.Why }),
                    });
                    return ExitCode.Ok;
                }
                Lines.Write(output, "loop      ", lease is null ? "does not run: no gateway on this directory has it on (rung serve --control on)"
                    : standing.Runs ? $"runs in {lease.Holder.Split(' ')[0]}, process {lease.Holder.Split(' ').ElementAtOrDefault(1)}" : $"does not run; it last did until about {Lines.Time(lease.Until - ControlLoop.LeaseTime)}");
                Lines.Write(output, "frozen    ", freeze is null || !standing.IsFrozen ? "no" : $"since {Lines.Time(freeze.At)}{(freeze.Until is { } until ? $" until {Lines.Time(until)}" : "")}, by {freeze.By}: {freeze.Why}");
                if (standing.SteeringWords is { } words) Lines.Write(output, "steering  ", words);
                Lines.Write(output, "rollouts  ", standing.Open.Count == 0 ? "none is open" : string.Join("; ", standing.Open.Select(rollout => $"{rollout.Id} of {(rollout.Plan.Tags.IsEmpty ? "every call" : string.Join(", ", rollout.Plan.Tags))}: {RolloutWords.State(rollout)}")));
                foreach (var (route, arming) in standing.Tags.Where(tag => tag.IsBounded))
                    Lines.Write(output, "tag       ", $"{route.Name} on {route.Tier.Name}: {(arming.IsArmed ? "armed" : $"alerts not armed: {arming.Why}")}");
                foreach (var (action, before) in standing.Actions.TakeLast(20)) Lines.Write(output, "did       ", $"{Lines.Time(action.At)}  {(action.Kind == ControlActionKind.Demoted ? $"revision {action.Revision}" : "only proposed")}: {action.Why}{(before is { } number ? $" (to go back: rung policy rollback {number})" : "")}");
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static async Task<PolicySnapshot?> PolicyAsync(Ledger ledger, string directory, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ledger.NewestRevisionAsync(cancellationToken) is not { } newest) return null;
        return new PolicyFinder(directory, clock).FromRevision((await ledger.GetRevisionAsync(newest.Number, cancellationToken))!).File.Compilation.Snapshot;
    }
}
