using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rung.Commands.Policy;
using Rung.Control.Rollouts;
using Rung.Core.Rollouts;
using Rung.Storage;
using Rung.Storage.Rollouts;

namespace Rung.Commands.Rollout;

/// <summary><c>rung rollout status</c>: where a rollout stands, what its guards said last, and all that happened.</summary>
internal static class RolloutStatusCommand
{
    private static readonly TimeSpan s_watch = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_stale = TimeSpan.FromMinutes(5);

    public static Command Create(TimeProvider clock)
    {
        var id = new Argument<long?>("id") { Description = "The number of the rollout; without one, every open rollout, else the last one.", HelpName = "ID", Arity = ArgumentArity.ZeroOrOne };
        var watch = new Option<bool>("--watch") { Description = "Show it again whenever something new is known, until it ends." };
        var data = PolicyCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("status", "Show where a rollout stands: its share, what its guards said last, what happened.") { id, watch, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return RolloutGuard.RunAsync(error, async () =>
            {
                await using var ledger = Ledger.OpenReadOnly(parsed.GetRequiredValue(data), clock);
                string? shown = null;
                while (true)
                {
                    var rollouts = await FindAsync(ledger, parsed.GetValue(id), cancellationToken);
                    if (rollouts.Count == 0) return Output.Fail(error, $"There has been no rollout in {parsed.GetRequiredValue(data)}.", "To plan one: rung rollout plan --to POLICY");
                    using var text = new StringWriter { NewLine = output.NewLine };
                    await WriteAsync(text, ledger, rollouts, parsed.GetValue(json), clock.GetUtcNow(), cancellationToken);
                    if (text.ToString() != shown) output.Write(shown = text.ToString());
                    if (!parsed.GetValue(watch) || rollouts.All(rollout => !rollout.IsOpen)) return ExitCode.Ok;
                    await Task.Delay(s_watch, clock, cancellationToken);
                }
            });
        });
        return command;
    }

    private static async Task<IReadOnlyList<Storage.Rollouts.Rollout>> FindAsync(Ledger ledger, long? id, CancellationToken cancellationToken)
    {
        if (id is { } number)
            return [await ledger.FindRolloutAsync(number, cancellationToken) ?? throw new RolloutException(RolloutFault.NotFound, $"There is no rollout {number}.", "The list: rung rollout list")];
        var all = await ledger.ListRolloutsAsync(openOnly: false, cancellationToken);
        var open = all.Where(rollout => rollout.IsOpen).ToList();
        return open.Count > 0 ? open : [.. all.TakeLast(1)];
    }

    private static async Task WriteAsync(TextWriter output, Ledger ledger, IReadOnlyList<Storage.Rollouts.Rollout> rollouts, bool asJson, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var readings = new Dictionary<long, RolloutReading?>();
        foreach (var rollout in rollouts) readings[rollout.Id] = await ledger.ListReadingsAsync(rollout.Id, 1, cancellationToken) is [var last, ..] ? last : null;
        if (asJson)
        {
            Output.WriteJson(output, new { Rollouts = rollouts.Select(rollout => RolloutJson.Of(rollout, readings[rollout.Id])) });
            return;
        }
        foreach (var rollout in rollouts)
        {
            if (rollout != rollouts[0]) output.WriteLine();
            Write(output, rollout, readings[rollout.Id], now);
        }
    }

    private static void Write(TextWriter output, Storage.Rollouts.Rollout rollout, RolloutReading? reading, DateTimeOffset now)
    {
        var plan = rollout.Plan;
        Lines.Write(output, $"rollout {rollout.Id}  ", $"{RolloutWords.State(rollout)}{(rollout.IsOpen && !rollout.IsCompleted() ? $" for {LengthOfTime.Words(now - rollout.StageBegan())}" : "")}");
        Lines.Write(output, "  tags     ", plan.Tags.IsEmpty ? "every call" : string.Join(", ", plan.Tags));
        Lines.Write(output, "  compares ", $"revision {rollout.Candidate} with revision {rollout.Base}, by {RolloutPlanJson.Word(plan.Unit)}; what differs: rung policy diff {rollout.Base} {rollout.Candidate}");
        Lines.Write(output, "  stages   ", $"{string.Join(" → ", plan.Stages.Select(RolloutWords.Percent))}, {LengthOfTime.Words(RolloutLaw.LeastTime(plan))} each at least{(plan.Holdback > 0 ? $", {RolloutWords.Percent(plan.Holdback)} held back for good" : "")}");
        if (rollout.IsShadow && plan.Shadow is { } shadow)
            Lines.Write(output, "  copies   ", string.Create(CultureInfo.InvariantCulture, $"of {shadow.Sample:0.##%} of the calls, which nobody sees, until {shadow.Judgements:N0} are judged or {Output.Usd(shadow.MaxNanoUsd)} is spent; so far: rung report --by tag, the tags that begin with shadow."));
        WriteReading(output, rollout, reading, now);
        output.WriteLine("  history");
        foreach (var happened in rollout.Events) Lines.Write(output, "    ", $"{Lines.Time(happened.At)}  {RolloutWords.Of(happened, plan)}, by {happened.By}: {happened.Why}");
        if (rollout.IsOpen && rollout.IsCompleted()) Lines.Write(output, "  next     ", $"to end the holdback: rung rollout advance {rollout.Id} --why ..., or to take the change back: rung rollout rollback {rollout.Id} --why ...");
        else if (rollout.IsOpen) Lines.Write(output, "  next     ", $"rung rollout {(rollout.IsHeld ? "resume" : "hold")} {rollout.Id} --why ..., or to take it back: rung rollout rollback {rollout.Id} --why ...");
        else if (rollout.Last.Kind == RolloutEventKind.Completed) Lines.Write(output, "  next     ", $"to take it back: rung policy rollback {rollout.Base}");
    }

    private static void WriteReading(TextWriter output, Storage.Rollouts.Rollout rollout, RolloutReading? reading, DateTimeOffset now)
    {
        if (reading is null)
        {
            if (rollout.IsOpen && !rollout.IsShadow) Lines.Write(output, "  guards   ", "nothing was decided yet: a gateway with the control loop on looks once a minute (rung control status)");
            else Lines.Write(output, "  guards   ", string.Join(", ", rollout.Plan.Guards.Select(guard => $"{GuardWords.Of(guard.Metric)} {guard.Margin.ToString(CultureInfo.InvariantCulture)}")));
            return;
        }
        var verdict = JsonDocument.Parse(reading.Verdict).RootElement;
        var age = now - reading.At;
        var stale = rollout.IsOpen && age > s_stale ? $" STALE: nothing has decided for {LengthOfTime.Words(age)}; is a gateway running with --control on?" : "";
        Lines.Write(output, "  verdict  ", $"{Word(verdict.GetProperty("decision").GetString()!)} ({Lines.Time(reading.At)}, {verdict.GetProperty("calls_exposed").GetInt64():N0} calls on the candidate): {verdict.GetProperty("why").GetString()}{stale}");
        foreach (var guard in verdict.GetProperty("guards").EnumerateArray())
            Lines.Write(output, "    - ", guard.GetProperty("words").GetString()!);
    }

    private static string Word(string decision) => decision.Replace('_', ' ');
}
