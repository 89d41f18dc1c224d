using System.CommandLine;
using Rung.Demo;
using Rung.Storage;

namespace Rung.Commands;

/// <summary><c>rung demo</c>: what routing does to a bill, in half a minute, with simulated models behind the real gateway.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "About how long it runs.", HelpName = "N", DefaultValueFactory = _ => new DemoOptions { Folder = "" }.Seconds };
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON document." };
        var keep = new Option<bool>("--keep") { Description = "Keep the ledger and the policy, and say where." };
        var seed = new Option<long>("--seed") { Description = "Decides every prompt and every simulated answer.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var command = new Command("demo", "See what routing does to a bill: three simulated agents, before and after. No key, no network.") { seconds, json, keep, seed, DemoTracesCommand.Create(), DemoOutcomesCommand.Create(), DemoControlCommand.Create(), DemoLedgerCommand.Create() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var options = new DemoOptions
            {
                Seconds = parsed.GetValue(seconds), Seed = parsed.GetValue(seed), Keep = parsed.GetValue(keep), Folder = Path.GetTempPath(),
            };
            if (options.Seconds is < DemoOptions.MinSeconds or > DemoOptions.MaxSeconds)
                return Output.Fail(error, $"--seconds {options.Seconds} is not from {DemoOptions.MinSeconds} to {DemoOptions.MaxSeconds}.");
            try
            {
                var report = await RunAsync(options, error, cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, report);
                else DemoBill.Write(output, report);
                return report.Errors == 0 && !report.Interrupted ? ExitCode.Ok : ExitCode.Faults;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await error.WriteLineAsync("rung: stopped before the first call.");
                return ExitCode.Faults;
            }
            catch (LedgerException e)
            {
                return Output.Fail(error, e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException)
            {
                return Output.Fail(error, e.Message, "The demo needs a folder for temporary files that it may write, and free ports on 127.0.0.1.");
            }
        });
        return command;
    }

    private static Task<DemoReport> RunAsync(DemoOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        if (error == Console.Error && !Console.IsErrorRedirected)
            return DemoScreen.ShowAsync(error, screen => new DemoRun(options, screen, TimeProvider.System).RunAsync(cancellationToken));
        error.WriteLine($"rung: demo of about {options.Seconds} s ({DemoNote.Short}; the gateway and its ledger are real)");
        return new DemoRun(options, new DemoProgressLines(error), TimeProvider.System).RunAsync(cancellationToken);
    }
}
