using System.CommandLine;
using System.Globalization;
using Rung.Commands.Policy;
using Rung.Demo;
using Rung.Demo.Outcomes;
using Spectre.Console;

namespace Rung.Commands;

/// <summary><c>rung demo outcomes</c>: a made-up recording, to try evals, cascades and replays on without a key.</summary>
internal static class DemoOutcomesCommand
{
    private const int MostRows = 20_000;

    public static Command Create()
    {
        var file = new Option<string>("--out") { Description = "The file to write, as recorded outcomes; gzipped when it ends in .gz.", HelpName = "FILE", Required = true };
        var rows = new Option<int>("--rows") { Description = "Prompts, half of each of two jobs.", HelpName = "N", DefaultValueFactory = _ => 600 };
        var seed = new Option<long>("--seed") { Description = "Decides every prompt and answer.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var force = new Option<bool>("--force") { Description = "Write over a file that exists." };
        var json = new Option<bool>("--json") { Description = "Print what was written as JSON." };
        var command = new Command("outcomes", "Write made-up recorded outcomes of four simulated models at two jobs, to try rung upstream and rung eval on.") { file, rows, seed, force, json };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var (path, count) = (parsed.GetRequiredValue(file), parsed.GetValue(rows));
            if (count is < 2 or > MostRows) return Output.Fail(error, $"--rows is 2 to {MostRows:N0}.");
            if (File.Exists(path) && !parsed.GetValue(force)) return Output.Fail(error, $"{path} exists.", "Name another file, or add --force.");
            try
            {
                var tallies = OutcomeFile.Write(path, count, parsed.GetValue(seed));
                if (parsed.GetValue(json)) WriteJson(output, path, count, tallies);
                else WriteTable(output, path, count, tallies);
                return ExitCode.Ok;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Output.Fail(error, e.Message);
            }
        });
        return command;
    }

    private static void WriteJson(TextWriter output, string path, int rows, IReadOnlyList<OutcomeTally> tallies) => Output.WriteJson(output, new
    {
        File = path, Rows = rows, Simulated = true,
        Models = tallies.Select(one => new { one.Source, one.Model, one.Rows, one.Right, CostUsd = Output.UsdNumber(one.CostNanoUsd) }),
    });

    private static void WriteTable(TextWriter output, string path, int rows, IReadOnlyList<OutcomeTally> tallies)
    {
        output.WriteLine($"{path}: {rows:N0} prompts with the answers of {MadeUpModel.All.Count} models in full. {DemoNote.Short}.");
        var table = new Table().Border(TableBorder.Simple).AddColumns("source", "simulated model", "right", "of rows", "cost of all");
        for (var i = 2; i < 5; i++) table.Columns[i].RightAligned();
        foreach (var one in tallies)
        {
            table.AddRow(one.Source, one.Model, string.Create(CultureInfo.InvariantCulture, $"{100.0 * one.Right / one.Rows:F1} %"), $"{one.Rows:N0}", Output.Usd(one.CostNanoUsd));
        }
        PlainTable.Write(output, table);
        output.WriteLine($"Next: rung upstream --outcomes {path}");
    }
}
