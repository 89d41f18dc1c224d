using System.CommandLine;
using Rung.Core.Prices;
using Rung.Serving;
using Rung.Storage;

namespace Rung.Commands.Policy;

/// <summary><c>rung policy</c>: what a policy says, whether it is sound, what changed, and the way back.</summary>
internal static class PolicyCommand
{
    /// <summary>The group.</summary>
    /// <param name="clock">The clock: prices are judged by its day.</param>
    /// <param name="terminal">Where a person answers questions; null when nobody is there to ask.</param>
    public static Command Create(TimeProvider clock, TextReader? terminal) => new("policy", "Check, explain, compare, show and roll back the policy.")
    {
        LintCommand.Create(clock),
        ExplainCommand.Create(clock),
        DiffCommand.Create(clock),
        HistoryCommand.Create(clock),
        ShowCommand.Create(clock),
        RollbackCommand.Create(clock, terminal),
        StatusCommand.Create(),
    };

    internal static Option<string> PolicyOption(string description) => new("--policy")
    {
        Description = description, HelpName = "FILE", DefaultValueFactory = _ => PolicyFile.DefaultPath,
    };

    internal static Option<string> DataOption() => new("--data")
    {
        Description = "The data directory, which holds the revisions.", HelpName = "DIR", DefaultValueFactory = _ => ServeCommand.DefaultData,
    };

    internal static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };

    /// <summary>Runs a command's work; input that cannot be used becomes a message with its fix and <see cref="ExitCode.Usage"/>.</summary>
    internal static async Task<int> GuardAsync(TextWriter error, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (PolicyUnusableException e)
        {
            foreach (var line in e.Details) await error.WriteLineAsync(line);
            return Output.Fail(error, e.Message, e.Fix);
        }
        catch (LedgerException e)
        {
            return Output.Fail(error, $"{e.Path}: {e.Problem}", e.Fix);
        }
        catch (PriceBookException e)
        {
            return Output.Fail(error, e.Message, "Correct your price book, or move it away; see: rung prices check");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Output.Fail(error, e.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Faults; // Stopped from outside: nothing was decided.
        }
    }
}
