using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Rollouts;
using Rung.Control.Steering;
using Rung.Core.Policies;
using Rung.Core.Steering;
using Rung.Storage;
using Rung.Storage.Control;
using Rung.Storage.Revisions;

namespace Rung.Commands.Rollout;

/// <summary><c>rung control</c>: whether the control loop runs, what it did, and the switch that stops it from acting.</summary>
internal static class ControlCommand
{
    private static readonly TimeSpan s_shown = TimeSpan.FromDays(30);

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
                var now = clock.GetUtcNow();
                DateTimeOffset? until = null;
                if (isFreeze && parsed.GetValue(time) is { } text)
                {
                    if (RolloutStartOptions.ReadTime(text) is not { } length || length <= TimeSpan.Zero) return Output.Fail(error, $"--for {text} is no length of time.", "Write it as 30m, 12h or 3d.");
                    until = now + length;
                }
                await using var ledger = RolloutCommand.OpenExisting(parsed.GetRequiredValue(data), clock);
                await ledger.FreezeAsync(new ControlFreeze { At = now, Frozen = isFreeze, Until = until, By = Environment.UserName, Why = parsed.GetRequiredValue(why) }, cancellationToken);
                output.WriteLine(isFreeze ? $"Frozen{(until is { } end ? $" until {Lines.Time(end)}" : "")}: nothing advances, and no route is moved. To let go: rung control unfreeze --why REASON" : "The control loop may act again.");
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
                var lease = await ledger.FindLeaseAsync(ControlLoop.LeaseName, cancellationToken);
                var freeze = await ledger.ReadFreezeAsync(cancellationToken);
                var actions = await ledger.ListControlActionsAsync(now - s_shown, cancellationToken);
                var open = await ledger.ListRolloutsAsync(openOnly: true, cancellationToken);
                var revisions = await ledger.ListRevisionsAsync(cancellationToken);
                var policy = await PolicyAsync(ledger, directory, clock, cancellationToken);
                var tags = policy?.Tags.Values.OrderBy(route => route.Name, StringComparer.Ordinal).Select(route => (Route: route, Arming: SteeringLaw.Arm(route))).ToList() ?? [];
                if (parsed.GetValue(json))
                {
                    Output.WriteJson(output, new
                    {
                        Runs = lease is not null && lease.Until > now, lease?.Holder, LeaseUntil = lease?.Until, Steering = policy?.Control.Steering, Frozen = freeze is not null && freeze.HoldsAt(now), Freeze = freeze,
                        OpenRollouts = open.Select(rollout => rollout.Id), Actions = actions,
                        Tags = tags.Select(tag => new { Tag = tag.Route.Name, Tier = tag.Route.Tier.Name, Floor = tag.Route.Floor, tag.Arming.IsArmed, tag.Arming.Why }),
                    });
                    return ExitCode.Ok;
                }
                Lines.Write(output, "loop      ", lease is null ? "does not run: no gateway on this directory has it on (rung serve --control on)"
                    : lease.Until > now ? $"runs in {lease.Holder.Split(' ')[0]}, process {lease.Holder.Split(' ').ElementAtOrDefault(1)}" : $"does not run; it last did until about {Lines.Time(lease.Until - ControlLoop.LeaseTime)}");
                Lines.Write(output, "frozen    ", freeze is null || !freeze.HoldsAt(now) ? "no" : $"since {Lines.Time(freeze.At)}{(freeze.Until is { } until ? $" until {Lines.Time(until)}" : "")}, by {freeze.By}: {freeze.Why}");
                if (policy is not null) Lines.Write(output, "steering  ", policy.Control.Steering switch { SteeringMode.Off => "off: floors and ceilings are not looked at", SteeringMode.Propose => "proposes: no route is moved by itself", _ => $"acts: a route below its floor is moved one tier up, at most {policy.Control.DemotionsPerDay} in 24 hours, one tag again after {RolloutCommand.Words(policy.Control.CoolDown)}" });
                Lines.Write(output, "rollouts  ", open.Count == 0 ? "none is open" : string.Join("; ", open.Select(rollout => $"{rollout.Id} of {(rollout.Plan.Tags.IsEmpty ? "every call" : string.Join(", ", rollout.Plan.Tags))}: {RolloutWords.State(rollout)}")));
                foreach (var (route, arming) in tags.Where(tag => tag.Route.Floor is not null || tag.Route.Ceiling is not null))
                    Lines.Write(output, "tag       ", $"{route.Name} on {route.Tier.Name}: {(arming.IsArmed ? "armed" : $"alerts not armed: {arming.Why}")}");
                foreach (var action in actions.TakeLast(20)) Lines.Write(output, "did       ", $"{Lines.Time(action.At)}  {(action.Kind == ControlActionKind.Demoted ? $"revision {action.Revision}" : "only proposed")}: {action.Why}{(Before(action.Revision) is { } before ? $" (to go back: rung policy rollback {before})" : "")}");
                return ExitCode.Ok;

                // What was in force before; the number below may be a candidate's, which never was.
                long? Before(long? revision) => revisions.Where(entry => entry.Number < revision && entry.Origin != RevisionOrigin.Candidate).Max(entry => (long?)entry.Number);
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
