using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Evals.Sets;
using Rung.Control.Evals.Standing;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval diff</c>: what one version has that another has not.</summary>
internal static class EvalDiffCommand
{
    private const int MostLines = 20;

    public static Command Create(TimeProvider clock)
    {
        var first = new Argument<string>("a") { Description = $"The first set: {EvalStore.Forms}.", HelpName = "A" };
        var second = new Argument<string>("b") { Description = "The second one.", HelpName = "B" };
        var data = EvalStore.DataOption();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("diff", "Compare two versions: rows added, removed, changed. Exit code 1 when they differ.") { first, second, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return EvalGuard.RunAsync(error, async () =>
            {
                await using var store = EvalGuard.Open(parsed.GetRequiredValue(data), clock);
                var a = await EvalStore.FindAsync(store, parsed.GetRequiredValue(first), cancellationToken);
                var b = await EvalStore.FindAsync(store, parsed.GetRequiredValue(second), cancellationToken);
                var diff = EvalSetDiff.Of(await store.ReadEvalRowsAsync(a.Name, a.Version, cancellationToken), await store.ReadEvalRowsAsync(b.Name, b.Version, cancellationToken));
                if (parsed.GetValue(json)) Output.WriteJson(output, Json(a, b, diff));
                else Write(output, a, b, diff);
                return a.Hash == b.Hash && diff.Added.Count + diff.Removed.Count + diff.Changed.Count == 0 ? ExitCode.Ok : ExitCode.Faults;
            });
        });
        return command;
    }

    private static void Write(TextWriter output, EvalSet a, EvalSet b, EvalSetDiff diff)
    {
        var (left, right) = (EvalStore.NameOf(a), EvalStore.NameOf(b));
        output.WriteLine($"{left} ({Lines.Short(a.Hash)}) and {right} ({Lines.Short(b.Hash)}): {(a.Hash == b.Hash ? "the same hash" : "different hashes")}");
        output.WriteLine($"{diff.Same:#,0} rows are the same, {diff.Changed.Count:#,0} changed, {diff.Removed.Count:#,0} only in {left}, {diff.Added.Count:#,0} only in {right}");
        foreach (var set in (EvalSet[])[a, b])
        {
            foreach (var warning in EvalSetSummary.Warnings(set)) Lines.Write(output, $"{EvalStore.NameOf(set)}: ", warning);
        }
        if (diff.MovedParts > 0) Lines.Write(output, "", $"{Lines.Count(diff.MovedParts, "row")} changed sides between tune and test: what was learned on one version may not be judged on the other.");
        Some(output, "- ", diff.Removed.Select(row => $"{row.Id}  {row.Origin}").ToArray());
        Some(output, "+ ", diff.Added.Select(row => $"{row.Id}  {row.Origin}").ToArray());
        Some(output, "~ ", diff.Changed.Select(change => $"{change.Id}  {change.Origin}: {string.Join(", ", change.Fields)}").ToArray());
    }

    private static void Some(TextWriter output, string lead, string[] lines)
    {
        foreach (var line in lines.Take(MostLines)) Lines.Write(output, lead, line);
        if (lines.Length > MostLines) output.WriteLine($"{lead}… {lines.Length - MostLines:#,0} more; all of them: --json");
    }

    private static object Json(EvalSet a, EvalSet b, EvalSetDiff diff) => new
    {
        A = EvalStore.Json(a), B = EvalStore.Json(b), SameHash = a.Hash == b.Hash, diff.Same, diff.MovedParts, Added = diff.Added.Select(row => new { row.Id, row.Origin }),
        Removed = diff.Removed.Select(row => new { row.Id, row.Origin }), diff.Changed,
    };
}
