using Spectre.Console;

namespace Rung.Commands.Review.Terminal;

/// <summary>Where a person sits.</summary>
/// <param name="Keys">What they press.</param>
/// <param name="Console">What they see.</param>
internal sealed record ReviewTerminal(IConsoleKeys Keys, IAnsiConsole Console)
{
    /// <summary>The terminal of this process; null when input or output is none.</summary>
    public static ReviewTerminal? OfProcess() =>
        System.Console.IsInputRedirected || System.Console.IsOutputRedirected ? null : new ReviewTerminal(new TerminalKeys(), AnsiConsole.Console);
}
