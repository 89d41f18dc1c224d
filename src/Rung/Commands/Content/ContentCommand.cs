using System.CommandLine;
using Rung.Storage.Reports;

namespace Rung.Commands.Content;

/// <summary><c>rung content</c>: what is kept of what was said, and the way to be rid of it.</summary>
internal static class ContentCommand
{
    /// <summary>The group.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="terminal">Where a person answers questions; null when nobody is there to ask.</param>
    public static Command Create(TimeProvider clock, TextReader? terminal) => new("content", "List, show and delete what the policy's captures keep of prompts and answers.")
    {
        ContentListCommand.Create(clock),
        ContentShowCommand.Create(clock),
        ContentForgetCommand.Create(clock, terminal),
        ContentCompactCommand.Create(clock),
    };

    internal static Option<string> DataOption() => new("--data") { Description = "The data directory.", HelpName = "DIR", DefaultValueFactory = _ => ServeCommand.DefaultData };

    internal static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };

    /// <summary>Reads an instant as people write it.</summary>
    /// <returns>False when the text is none.</returns>
    internal static bool TryInstant(TextWriter error, string option, string? text, DateTimeOffset now, out DateTimeOffset? instant)
    {
        instant = null;
        if (text is null) return true;
        if (ReportQuery.TryParseInstant(text, now, out var parsed))
        {
            instant = parsed;
            return true;
        }
        Output.Fail(error, $"{option} \"{text}\" is no time.", "Write a span back from now (7d, 24h, 90m, 2w) or an ISO date or time (2026-11-22, 2026-11-22T08:00Z).");
        return false;
    }

    /// <summary>A size for people: 512 B, 1.5 KiB, 12.0 MiB.</summary>
    internal static string Size(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{bytes / 1024.0:0.0} KiB",
        _ => $"{bytes / (1024.0 * 1024.0):#,0.0} MiB",
    };
}
