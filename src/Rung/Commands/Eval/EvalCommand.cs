using System.CommandLine;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval</c>: proof that a cheaper model is good enough, from one's own traffic.</summary>
internal static class EvalCommand
{
    /// <summary>The group, as it runs in the executable.</summary>
    public static Command Create(TimeProvider clock) => Create(clock, Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In, ReferenceAsker.Open, Console.OpenStandardInput);

    /// <summary>The group.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="terminal">Where a person answers questions of <c>build</c>; null when nobody is there to ask.</param>
    /// <param name="openAsker">Opens what asks models for references.</param>
    /// <param name="openInput">Opens standard input.</param>
    internal static Command Create(TimeProvider clock, TextReader? terminal, OpenAsker openAsker, Func<Stream> openInput) => new("eval", "Prove on one's own calls that a cheaper model is good enough.")
    {
        EvalBuildCommand.Create(clock, terminal, openAsker, openInput),
        EvalListCommand.Create(clock),
        EvalShowCommand.Create(clock),
        EvalDiffCommand.Create(clock),
        EvalExportCommand.Create(clock),
        EvalJudgeCommand.Create(clock),
        EvalRunCommand.Create(clock),
        EvalReportCommand.Create(clock),
        EvalPowerCommand.Create(),
    };
}
