using System.CommandLine;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval</c>: what proves that a cheaper model is good enough.</summary>
internal static class EvalCommand
{
    /// <summary>The group, as it runs in the executable.</summary>
    public static Command Create(TimeProvider clock) => Create(clock, Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In, ReferenceAsker.Open, Console.OpenStandardInput);

    /// <summary>The group.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="terminal">Where a person answers questions; null when nobody is there to ask.</param>
    /// <param name="openAsker">Opens what asks models for references.</param>
    /// <param name="openInput">Opens standard input.</param>
    internal static Command Create(TimeProvider clock, TextReader? terminal, OpenAsker openAsker, Func<Stream> openInput) => new("eval", "Build sets of questions from the team's own traffic, and prove with them which models are good enough.")
    {
        EvalBuildCommand.Create(clock, terminal, openAsker, openInput),
        EvalListCommand.Create(clock),
        EvalShowCommand.Create(clock),
        EvalDiffCommand.Create(clock),
        EvalExportCommand.Create(clock),
        EvalJudgeCommand.Create(clock),
        EvalRunCommand.Create(clock),
        EvalReportCommand.Create(clock),
    };
}
