using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Evals.Standing;
using Spectre.Console;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval list</c>: the sets that there are.</summary>
internal static class EvalListCommand
{
    public static Command Create(TimeProvider clock)
    {
        var data = EvalStore.DataOption();
        var all = new Option<bool>("--all") { Description = "Every version, not only the newest of each set." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("list", "Show the eval sets: rows, tag, hash, and what they have lost.") { all, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return EvalGuard.RunAsync(error, async () =>
            {
                await using var store = EvalGuard.Open(parsed.GetRequiredValue(data), clock);
                var versions = await store.ListEvalSetsAsync(cancellationToken);
                var sets = parsed.GetValue(all) ? versions : [.. versions.DistinctBy(set => set.Name)];
                if (parsed.GetValue(json))
                {
                    Output.WriteJson(output, new { Sets = sets.Select(EvalStore.Json) });
                    return ExitCode.Ok;
                }
                if (sets.Count == 0)
                {
                    output.WriteLine("There are no eval sets yet. Build one: rung eval build --tag T, or --from FILE.");
                    return ExitCode.Ok;
                }
                var table = new Table { Border = TableBorder.Simple };
                foreach (var title in (string[])["set", "rows", "tag", "hash", "made"]) table.AddColumn(new TableColumn(title) { NoWrap = true, Alignment = title == "rows" ? Justify.Right : Justify.Left });
                foreach (var set in sets)
                {
                    table.AddRow(new[]
                    {
                        EvalStore.NameOf(set), set.Removed > 0 ? $"{set.Rows - set.Removed:#,0} of {set.Rows:#,0}" : $"{set.Rows:#,0}", Lines.Clean(set.Tag ?? "-"), Lines.Short(set.Hash), $"{set.MadeAt.UtcDateTime:yyyy-MM-dd}",
                    }.Select(cell => new Text(cell)));
                }
                PlainTable.Write(output, table);
                foreach (var set in sets)
                {
                    foreach (var warning in EvalSetSummary.Warnings(set)) Lines.Write(output, $"{EvalStore.NameOf(set)}: ", warning);
                }
                return ExitCode.Ok;
            });
        });
        return command;
    }
}
