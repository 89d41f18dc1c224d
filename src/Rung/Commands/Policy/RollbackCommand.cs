using System.CommandLine;
using Rung.Storage;

namespace Rung.Commands.Policy;

/// <summary><c>rung policy rollback</c>: puts a stored revision back into the policy file, and on record as the newest revision.</summary>
internal static class RollbackCommand
{
    public static Command Create(TimeProvider clock, TextReader? terminal)
    {
        var number = new Argument<string>("revision") { Description = "The number of the revision to go back to; see: rung policy history.", HelpName = "REVISION" };
        var policy = PolicyCommand.PolicyOption("The policy file to write.");
        var data = PolicyCommand.DataOption();
        var yes = new Option<bool>("--yes") { Description = "Do not ask. Needed where nobody can be asked." };
        var command = new Command("rollback", "Write a revision back to the policy file. A running gateway takes it up within a second.") { number, policy, data, yes };
        command.SetAction((parsed, cancellationToken) =>
        {
            var configuration = parsed.InvocationConfiguration;
            var run = new Rollback(parsed.GetRequiredValue(policy), parsed.GetRequiredValue(data), clock, configuration.Output, configuration.Error);
            return PolicyCommand.GuardAsync(configuration.Error, () => run.RunAsync(parsed.GetRequiredValue(number), parsed.GetValue(yes) ? null : () => Ask(configuration.Error, terminal), cancellationToken));
        });
        return command;
    }

    /// <summary>Asks a person. Null: nobody is there.</summary>
    private static bool? Ask(TextWriter error, TextReader? terminal)
    {
        if (terminal is null) return null;
        error.Write("Go back? [y/N] ");
        error.Flush();
        return terminal.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    /// <summary>One roll-back.</summary>
    private sealed class Rollback(string policyPath, string data, TimeProvider clock, TextWriter output, TextWriter error)
    {
        public async Task<int> RunAsync(string number, Func<bool?>? ask, CancellationToken cancellationToken)
        {
            // 1. The revision must exist and still compile, and every file of it must have its place.
            var finder = new PolicyFinder(data, clock);
            var stored = await finder.RevisionAsync(number, cancellationToken);
            if (finder.FromRevision(stored) is { File.Compilation.Snapshot: null } faulty) return Refuse(faulty);
            var back = PolicyRollback.Plan(policyPath, stored, await finder.ListAsync(cancellationToken), finder);
            if (back.IsThereAlready)
            {
                Lines.Write(error, "", $"{policyPath} is {back.Target.Name} already, and that is the newest: there is nothing to do.");
                return ExitCode.Ok;
            }

            // 2. What it means, before anything happens.
            await ShowAsync(finder, back, cancellationToken);
            foreach (var path in back.Paths) Lines.Write(error, "  writes ", path);
            switch (ask?.Invoke())
            {
                case null when ask is not null: return Output.Fail(error, "Nothing was written: nobody is there to confirm.", "Look at the changes above, then add --yes.");
                case false:
                    error.WriteLine("Nothing was written.");
                    return ExitCode.Faults;
                default: break;
            }

            // 3. Edits that no revision holds are not lost.
            foreach (var copy in back.KeepCopies()) Lines.Write(error, "", $"What was there is in no revision; a copy is {copy}");

            // 4. On record, and in place.
            var newest = await back.WriteAsync(async (hash, revision) =>
            {
                await using var ledger = Ledger.Open(data, clock);
                return await ledger.PublishRevisionAsync(hash, revision.Text, revision.Files, Environment.UserName, $"rollback to {revision.Number}", cancellationToken);
            });
            Lines.Write(error, "", $"{policyPath} is {back.Target.Name} again, on record as revision {newest.Number} ({Lines.Short(back.Snapshot!.Hash)}).");
            error.WriteLine("A gateway that watches this file takes it up within a second; to see what is in force: rung policy status");
            return ExitCode.Ok;
        }

        private int Refuse(NamedPolicy target)
        {
            foreach (var fault in target.File.Compilation.Faults) error.WriteLine(Findings.Line(fault));
            Output.Fail(error, $"{target.Name} no longer compiles, so {policyPath} was left as it is.", $"Correct a copy of it: rung policy show {target.Revision!.Number} > {policyPath}.new");
            return ExitCode.Faults;
        }

        private async Task ShowAsync(PolicyFinder finder, PolicyRollback back, CancellationToken cancellationToken)
        {
            var before = back.Present;
            if (before?.File.Compilation.Snapshot is null)
            {
                Lines.Write(error, "", before is null ? $"{policyPath} does not exist and will be made." : $"{policyPath} has faults and cannot be compared; the newest revision is compared instead.");
                before = finder.FromRevision(await finder.RevisionAsync(PolicyFinder.Current, cancellationToken));
            }
            if (before.File.Compilation.Snapshot is not { } old) return; // Neither compiles: there is nothing to compare with.
            var changes = back.ChangesFrom(old);
            var revision = back.Target.Revision!;
            Lines.Write(output, "", $"{before.Name} → {back.Target.Name} ({Lines.Time(revision.PublishedAt)}, {revision.Author}: {revision.Reason}): {(changes.IsEmpty ? "no change in meaning" : Lines.Count(changes.Length, "change"))}");
            ChangeLines.Write(output, changes);
        }
    }
}
