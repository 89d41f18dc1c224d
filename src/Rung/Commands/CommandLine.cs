using System.CommandLine;
using System.CommandLine.Invocation;

namespace Rung.Commands;

/// <summary>Runs a command line. A wrong one is exit code 2, not the library's 1: 1 says that a command worked and says no.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args, InvocationConfiguration? configuration)
    {
        configuration ??= new InvocationConfiguration();
        var parsed = root.Parse(args);
        // The gateway hears signals itself: the library would end the process after 2 s, with calls under way.
        if (parsed.CommandResult.Command.Name == "serve") configuration.ProcessTerminationTimeout = null;
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(configuration, CancellationToken.None);

        // A group without a command (`rung`, `rung policy`) gets its help; a wrong command line gets the reason and where the help is.
        var isGroup = parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0;
        if (parsed.Action is ParseErrorAction report) report.ShowHelp = isGroup;
        await parsed.InvokeAsync(configuration, CancellationToken.None);
        if (!isGroup) await configuration.Error.WriteLineAsync($"See: {PathOf(parsed.CommandResult.Command)} --help");
        return ExitCode.Usage;
    }

    private static string PathOf(Command command)
    {
        var names = new List<string>();
        for (Command? at = command; at is not null and not RootCommand; at = at.Parents.OfType<Command>().FirstOrDefault()) names.Insert(0, at.Name);
        return string.Join(' ', names.Prepend("rung"));
    }
}
