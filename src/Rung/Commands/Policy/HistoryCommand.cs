using System.Collections.Immutable;
using System.CommandLine;
using Rung.Core.Policies.Changes;
using Rung.Storage;
using Rung.Storage.Revisions;

namespace Rung.Commands.Policy;

/// <summary><c>rung policy history</c>: the revisions, who made them, why, and what each changed.</summary>
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
                var steps = await StepsAsync(ledger, new PolicyFinder(directory, clock), all, most, cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Revisions = steps.Select(Json) });
                else foreach (var step in steps) Write(output, step);
                if (all.Count == 0) error.WriteLine($"There are no revisions in {directory} yet: `rung serve` stores one whenever the policy changes.");
                else if (all.Count > steps.Count) error.WriteLine($"{all.Count - steps.Count:N0} older; --limit shows more.");
                return ExitCode.Ok;
            });
        });
        return command;
    }

    /// <summary>The newest revisions, each compared with the one before it. Every revision is compiled once.</summary>
    private static async Task<List<Step>> StepsAsync(Ledger ledger, PolicyFinder finder, IReadOnlyList<RevisionEntry> all, int most, CancellationToken cancellationToken)
    {
        var steps = new List<Step>();
        NamedPolicy? young = null;
        for (var i = 0; i < all.Count && steps.Count < most; i++)
        {
            young ??= finder.FromRevision((await ledger.GetRevisionAsync(all[i].Number, cancellationToken))!);
            var old = i + 1 < all.Count ? finder.FromRevision((await ledger.GetRevisionAsync(all[i + 1].Number, cancellationToken))!) : null;
            ImmutableArray<PolicyChange>? changes = young.File.Compilation.Snapshot is { } after && old?.File.Compilation.Snapshot is { } before ? PolicyDiff.Compare(before, after) : null;
            steps.Add(new Step(all[i], old is null, changes));
            young = old;
        }
        return steps;
    }

    private static void Write(TextWriter output, Step step)
    {
        var entry = step.Entry;
        Lines.Write(output, $"{entry.Number,4}  ", $"{Lines.Short(entry.Hash)}  {Lines.Time(entry.PublishedAt)}, {entry.Author}: {entry.Reason}");
        Lines.Write(output, "      ", step.Summary);
    }

    private static object Json(Step step) => new
    {
        step.Entry.Number, step.Entry.Hash, step.Entry.PublishedAt, step.Entry.Author, step.Entry.Reason, step.Summary, Changes = step.Changes,
    };

    /// <summary>A revision and what it changed.</summary>
    /// <param name="Entry">The revision.</param>
    /// <param name="IsFirst">Whether there is none before it.</param>
    /// <param name="Changes">What it changed; null when there is nothing to compare, or one of the two no longer compiles.</param>
    private sealed record Step(RevisionEntry Entry, bool IsFirst, ImmutableArray<PolicyChange>? Changes)
    {
        public string Summary => IsFirst ? "the first revision" : Changes is { } changes ? ChangeLines.Summary(changes) : "not compared: this revision or the one before it no longer compiles";
    }
}
