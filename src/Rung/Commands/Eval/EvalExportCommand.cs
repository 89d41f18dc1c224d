using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Evals.Sets;
using Rung.Control.Evals.Standing;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval export</c>: a set in a file, which <c>rung eval build --from</c> reads back to the same hash.</summary>
internal static class EvalExportCommand
{
    public static Command Create(TimeProvider clock)
    {
        var name = new Argument<string>("set") { Description = $"The set: {EvalStore.Forms}.", HelpName = "SET" };
        var file = new Option<string>("--out") { Description = "The file to write, JSON lines; '-' is standard output. It holds content: requests, references, users.", HelpName = "FILE", Required = true };
        var data = EvalStore.DataOption();
        var command = new Command("export", "Write an eval set to a file: every row with its origin, part, weight and reference.") { name, file, data };
        command.SetAction((parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            return EvalGuard.RunAsync(error, async () =>
            {
                await using var store = EvalGuard.Open(parsed.GetRequiredValue(data), clock);
                var set = await EvalStore.FindAsync(store, parsed.GetRequiredValue(name), cancellationToken);
                var rows = await store.ReadEvalRowsAsync(set.Name, set.Version, cancellationToken);
                var path = parsed.GetRequiredValue(file);
                if (path == "-")
                {
                    using var text = new MemoryStream();
                    EvalSetFile.Write(text, set, rows);
                    await parsed.InvocationConfiguration.Output.WriteAsync(System.Text.Encoding.UTF8.GetString(text.ToArray()));
                }
                else
                {
                    Write(path, stream => EvalSetFile.Write(stream, set, rows));
                    error.WriteLine($"rung: {path}: {Lines.Count(rows.Count, "row")} of {EvalStore.NameOf(set)} ({Lines.Short(set.Hash)})");
                }
                foreach (var warning in EvalSetSummary.Warnings(set)) Lines.Write(error, "      ", warning);
                return ExitCode.Ok;
            });
        });
        return command;
    }

    // For this user only, as the store itself; whole or not at all.
    private static void Write(string path, Action<Stream> write)
    {
        var half = path + ".part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(half, options)) write(stream);
        File.Move(half, path, overwrite: true);
    }
}
