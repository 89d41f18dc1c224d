using System.CommandLine;
using Rung.Core.Policies.Changes;

namespace Rung.Commands.Policy;

/// <summary><c>rung policy diff</c>: what another policy would change, in the words of the policy.</summary>
internal static class DiffCommand
{
    public static Command Create(TimeProvider clock)
    {
        var before = new Argument<string>("a") { Description = $"The policy before: {PolicyFinder.Forms}.", HelpName = "A" };
        var after = new Argument<string>("b") { Description = "The policy after; as A.", HelpName = "B" };
        var data = PolicyCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("diff", "Show what B changes against A, in sentences. Exit code 0: they say the same; 1: they differ.") { before, after, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                var finder = new PolicyFinder(parsed.GetRequiredValue(data), clock);
                var old = await finder.FindAsync(parsed.GetRequiredValue(before), cancellationToken);
                var young = await finder.FindAsync(parsed.GetRequiredValue(after), cancellationToken);
                var changes = PolicyDiff.Compare(old.Snapshot, young.Snapshot);
                if (parsed.GetValue(json))
                {
                    Output.WriteJson(output, new { Before = Side(old), After = Side(young), Same = changes.IsEmpty, Changes = changes });
                }
                else
                {
                    Lines.Write(output, "", $"{Title(old)} → {Title(young)}: {(changes.IsEmpty ? Sameness(old, young) : Lines.Count(changes.Length, "change"))}");
                    ChangeLines.Write(output, changes);
                }
                return changes.IsEmpty ? ExitCode.Ok : ExitCode.Faults;
            });
        });
        return command;
    }

    private static object Side(NamedPolicy policy) => new { policy.Name, Revision = policy.Revision?.Number, policy.Snapshot.Hash };

    private static string Title(NamedPolicy policy) => $"{policy.Name} ({Lines.Short(policy.Snapshot.Hash)})";

    private static string Sameness(NamedPolicy old, NamedPolicy young) =>
        old.Snapshot.Hash == young.Snapshot.Hash ? "the same text" : "they say the same; only layout, comments or order differ";
}
