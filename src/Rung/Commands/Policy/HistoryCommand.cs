using System.CommandLine;
using Rung.Control.Policies;
using Rung.Control.Rollouts;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;
using StoredRollout = Rung.Storage.Rollouts.Rollout;

namespace Rung.Commands.Policy;

/// <summary>
/// <c>rung policy history</c>: the revisions, who made them, why, what each changed, and how to take it back; those of the control loop and candidates beside people's,
/// with what happened to rollouts.
/// </summary>
internal static class HistoryCommand
{
    // A list is for people; --json gives every revision.
    private const int DefaultRevisionsOfList = 20;

    public static Command Create(TimeProvider clock)
    {
        var data = PolicyCommand.DataOption();
        var limit = new Option<int?>("--limit") { Description = $"At most so many, the newest; else {DefaultRevisionsOfList} in the list and all in JSON.", HelpName = "N" };
        var json = PolicyCommand.JsonOption();
        var command = new Command("history", "Show the revisions of the policy, newest first: when, who, why, and what changed.") { data, limit, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                if (parsed.GetValue(limit) is < 1) return Output.Fail(error, "--limit must be at least 1.");
                var most = parsed.GetValue(limit) ?? (parsed.GetValue(json) ? int.MaxValue : DefaultRevisionsOfList);
                var directory = parsed.GetRequiredValue(data);
                await using var ledger = Ledger.OpenReadOnly(directory, clock);
                var all = await ledger.ListRevisionsAsync(cancellationToken);
                var rollouts = await ledger.ListRolloutsAsync(openOnly: false, cancellationToken);
                var steps = await PolicyHistory.ReadAsync(ledger, new PolicyFinder(directory, clock).Compiled(), all, rollouts, most, below: null, cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Revisions = steps.Select(Json), RolloutEvents = PolicyHistory.Events(rollouts).Select(Json) });
                else Write(output, steps, rollouts, isWhole: steps.Count == all.Count);
                if (all.Count == 0) error.WriteLine($"There are no revisions in {directory} yet: `rung serve` stores one whenever the policy changes.");
                else if (all.Count > steps.Count) error.WriteLine($"{all.Count - steps.Count:N0} older; --limit shows more.");
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static void Write(TextWriter output, IReadOnlyList<RevisionStep> steps, IReadOnlyList<StoredRollout> rollouts, bool isWhole)
    {
        if (steps.Count == 0) return;
        // One list in order of time, the newest first: what happened to a rollout stands between the revisions.
        var oldest = isWhole ? DateTimeOffset.MinValue : steps[^1].Entry.PublishedAt;
        var events = new Stack<(StoredRollout Rollout, RolloutEvent Happened)>(PolicyHistory.Events(rollouts).Where(pair => pair.Happened.At >= oldest));
        foreach (var step in steps)
        {
            while (events.TryPeek(out var next) && next.Happened.At >= step.Entry.PublishedAt) Write(output, events.Pop());
            Write(output, step);
        }
        while (events.TryPop(out var rest)) Write(output, rest);
    }

    private static void Write(TextWriter output, (StoredRollout Rollout, RolloutEvent Happened) pair) => Lines.Write(
        output, "      ", $"rollout {pair.Rollout.Id} {RolloutWords.Of(pair.Happened, pair.Rollout.Plan)}, {Lines.Time(pair.Happened.At)}, {pair.Happened.By}: {pair.Happened.Why}");

    private static void Write(TextWriter output, RevisionStep step)
    {
        var entry = step.Entry;
        var origin = entry.Origin switch { RevisionOrigin.Automatic => "automatic, ", RevisionOrigin.Candidate => "candidate, ", _ => "" };
        Lines.Write(output, $"{entry.Number,4}  ", $"{Lines.Short(entry.Hash)}  {Lines.Time(entry.PublishedAt)}, {origin}{entry.Author}: {entry.Reason}");
        Lines.Write(output, "      ", step.Summary);
        if (entry.Origin != RevisionOrigin.Person && step.TakeBack is { } command) Lines.Write(output, "      ", $"to take it back: {command}");
    }

    private static object Json(RevisionStep step) => new
    {
        step.Entry.Number, step.Entry.Hash, step.Entry.PublishedAt, step.Entry.Author, step.Entry.Reason, step.Entry.Origin, step.Summary, Changes = step.Changes, step.TakeBack,
    };

    private static object Json((StoredRollout Rollout, RolloutEvent Happened) pair) => new
    {
        Rollout = pair.Rollout.Id, pair.Happened.At, pair.Happened.Kind, pair.Happened.Stage, pair.Happened.By, pair.Happened.Why,
    };
}
