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
        var switches = new DemoSwitches();
        switches.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var (time, keeps, stays) = (parsed.GetValue(seconds), parsed.GetValue(keep), switches.Stays(parsed));
            if (time is < DemoOptions.MinSeconds or > DemoOptions.MaxSeconds)
                return Output.Fail(error, $"--seconds {time} is not from {DemoOptions.MinSeconds} to {DemoOptions.MaxSeconds}.");
            try
            {
                if (switches.Address(parsed, error) is not { } address) return ExitCode.Usage;
                // What stays up for looking is kept until then, in a folder of its own that goes at the end.
                using var lodging = stays && !keeps ? new DemoHome(Path.GetTempPath(), keep: false) : null;
                var options = new DemoOptions { Seconds = time, Seed = parsed.GetValue(seed), Keep = keeps || stays, Folder = lodging?.Path ?? Path.GetTempPath(), Url = address };
                var page = DemoSwitches.PageSince(address, TimeProvider.System.GetUtcNow());
                DemoSwitches.Announce(error, page);
                var report = await RunAsync(options, error, cancellationToken);
                var shown = keeps ? report : report with { Kept = null };
                if (parsed.GetValue(json)) Output.WriteJson(output, shown);
                else DemoBill.Write(output, shown);
                if (stays && report is { Interrupted: false, Kept: { } kept })
                {
                    await output.FlushAsync(CancellationToken.None);
                    await DemoStand.ServeAsync(kept, address, () => DemoSwitches.SayStaying(error, page), cancellationToken);
                }
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
