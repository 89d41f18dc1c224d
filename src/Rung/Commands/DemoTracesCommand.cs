using System.CommandLine;
using Rung.Demo;
using Rung.Demo.Traces;

namespace Rung.Commands;

/// <summary><c>rung demo traces</c>: made-up traces of three agents, to try <c>rung audit</c> on.</summary>
internal static class DemoTracesCommand
{
    public static Command Create()
    {
        var file = new Option<string>("--out") { Description = "The file to write, as OTLP JSON lines; gzipped when it ends in .gz.", HelpName = "FILE", Required = true };
        var calls = new Option<long>("--calls") { Description = "Model calls.", HelpName = "N", DefaultValueFactory = _ => 20_000 };
        var seed = new Option<long>("--seed") { Description = "Decides every run, prompt and answer.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var truth = new Option<string?>("--truth") { Description = "Also write the true call site of every call: trace,span,site.", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Write over files that exist." };
        var worked = new Option<bool>("--worked-example") { Description = "Instead: 100 tasks of the worked example of the audit, one frontier model for everything." };
        var json = new Option<bool>("--json") { Description = "Print what was written as JSON." };
        var command = new Command("traces", "Write made-up traces of three agents with forty call sites, half of them untagged, to try rung audit on.") { file, calls, seed, truth, worked, force, json };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var path = parsed.GetRequiredValue(file);
            if (parsed.GetValue(calls) < 1) return Output.Fail(error, "--calls must be at least 1.");
            foreach (var existing in new[] { path, parsed.GetValue(truth) })
            {
                if (existing is not null && File.Exists(existing) && !parsed.GetValue(force)) return Output.Fail(error, $"{existing} exists.", "Name another file, or add --force.");
            }
            try
            {
                var isTerminal = error == Console.Error && !Console.IsErrorRedirected;
                Action<long>? progress = isTerminal ? written => error.Write($"\r{written:N0} calls") : null;
                var summary = parsed.GetValue(worked)
                    ? TraceFile.Write(path, parsed.GetValue(truth), WorkedTasks.Spans(tasks: 100, parsed.GetValue(seed)), WorkedTasks.Sites, progress, CancellationToken.None)
                    : TraceFile.Write(path, parsed.GetValue(truth), parsed.GetValue(calls), parsed.GetValue(seed), progress, CancellationToken.None);
                if (isTerminal) error.Write("\r                    \r");
                if (parsed.GetValue(json)) Output.WriteJson(output, new { file = path, summary.Calls, summary.Spans, summary.Runs, summary.Sites, simulated = true });
                else
                {
                    output.WriteLine($"{path}: {summary.Calls:N0} calls of {summary.Sites} call sites in {summary.Runs:N0} runs, {new FileInfo(path).Length / 1e6:N1} MB. {DemoNote.Short}.");
                    output.WriteLine($"Next: rung audit {path}");
                }
                return ExitCode.Ok;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Output.Fail(error, e.Message);
            }
        });
        return command;
    }
}
