using System.CommandLine;
using System.Globalization;
using Rung.Control.Rollouts;
using Rung.Demo.Ledgers;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Rollups;

namespace Rung.Commands;

/// <summary><c>rung demo ledger</c>: a made-up data directory, to look at the dashboard with.</summary>
internal static class DemoLedgerCommand
{
    private const string Note = "SIMULATED: every call, answer, price of a model, verdict and name in it is made up. REAL: routing, checks' rules, prices x tokens, rollouts, the control loop's decisions and alerts.";

    public static Command Create()
    {
        var folder = new Option<string>("--out") { Description = "The data directory to make: new, or empty.", HelpName = "DIR", Required = true };
        var calls = new Option<int>("--calls") { Description = "About so many calls.", HelpName = "N", DefaultValueFactory = _ => 20_000 };
        var days = new Option<int>("--days") { Description = "How many days they go back.", HelpName = "N", DefaultValueFactory = _ => 60 };
        var seed = new Option<long>("--seed") { Description = "Decides every call, answer and verdict.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var json = new Option<bool>("--json") { Description = "Print what was written as JSON." };
        var command = new Command("ledger", "Write a made-up data directory: weeks of calls, rollouts, alerts and reviews, to look at the dashboard with.") { folder, calls, days, seed, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var options = new LedgerDemoOptions { Folder = Path.GetFullPath(parsed.GetRequiredValue(folder)), Calls = parsed.GetValue(calls), Days = parsed.GetValue(days), Seed = parsed.GetValue(seed) };
            if (options.Calls is < LedgerDemoOptions.LeastCalls or > LedgerDemoOptions.MostCalls)
                return Output.Fail(error, string.Create(CultureInfo.InvariantCulture, $"--calls {options.Calls} is not from {LedgerDemoOptions.LeastCalls:N0} to {LedgerDemoOptions.MostCalls:N0}."));
            if (options.Days is < LedgerDemoOptions.LeastDays or > LedgerDemoOptions.MostDays)
                return Output.Fail(error, string.Create(CultureInfo.InvariantCulture, $"--days {options.Days} is not from {LedgerDemoOptions.LeastDays} to {LedgerDemoOptions.MostDays:N0}."));
            if (Directory.Exists(options.Folder) && Directory.EnumerateFileSystemEntries(options.Folder).Any())
                return Output.Fail(error, $"{options.Folder} is not empty.", "Name a directory that does not exist yet: nothing made up is mixed into calls that were.");
            try
            {
                var summary = await WriteAsync(options, error, cancellationToken);
                if (parsed.GetValue(json)) Output.WriteJson(output, ToJson(summary, options));
                else Write(output, summary, options);
                return ExitCode.Ok;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                error.WriteLine($"rung: stopped; what was written so far is in {options.Folder}.");
                return ExitCode.Faults;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or LedgerException or RolloutException)
            {
                return Output.Fail(error, e.Message);
            }
        });
        return command;
    }

    private static async Task<LedgerDemoSummary> WriteAsync(LedgerDemoOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        // First of all: what is stopped halfway is made up, too.
        Directory.CreateDirectory(options.Folder);
        SimulatedMark.Write(options.Folder, "Every call, answer, price of a model, verdict and name here is made up; routing, prices times tokens, rollouts and what the control loop decided are real.");
        var isTerminal = error == Console.Error && !Console.IsErrorRedirected;
        var told = 0L;
        var progress = new Told<long>(count =>
        {
            if (count - told < options.Calls / 100) return;
            told = count;
            if (isTerminal) error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{count:N0} calls"));
        });
        var rollUps = new Told<RollUpProgress>(rolled =>
        {
            if (isTerminal) error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{rolled.Pending,10:N0} to add up"));
        });
        var summary = await new LedgerDemo(options, TimeProvider.System, progress, rollUps).WriteAsync(cancellationToken);
        if (isTerminal) error.Write("\r                    \r");
        return summary;
    }

    private static void Write(TextWriter output, LedgerDemoSummary summary, LedgerDemoOptions options)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Folder}: {summary.Calls:N0} calls with {summary.Attempts:N0} attempts and {summary.Verdicts:N0} verdicts, {summary.From:yyyy-MM-dd} to {summary.To:yyyy-MM-dd HH:mm} UTC, {Output.Usd(summary.CostNanoUsd)}."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{summary.UnknownPriceAttempts:N0} attempts have no known price and are not in it."));
        output.WriteLine(Note);
        output.WriteLine();
        output.WriteLine("Look at it:");
        output.WriteLine($"  {LedgerDemo.ServeLine(options)}");
    }

    private static object ToJson(LedgerDemoSummary summary, LedgerDemoOptions options) => new
    {
        Simulated = true, Note, Data = options.Folder, Policy = Path.Combine(options.Folder, LedgerDemo.PolicyName), options.Seed, options.Days, summary.From, summary.To,
        summary.Calls, summary.Attempts, summary.Verdicts, CostUsd = Output.UsdNumber(summary.CostNanoUsd), summary.UnknownPriceAttempts, Serve = LedgerDemo.ServeLine(options),
    };

    // Progress<T> would report from another thread, after the end too.
    private sealed class Told<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
