using System.CommandLine;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval</c>: proof that a cheaper model is good enough, from one's own traffic.</summary>
internal static class EvalCommand
{
    public static Command Create(TimeProvider clock) => new("eval", "Prove on one's own calls that a cheaper model is good enough.")
    {
        EvalJudgeCommand.Create(clock),
        EvalRunCommand.Create(clock),
        EvalReportCommand.Create(clock),
    };
}
