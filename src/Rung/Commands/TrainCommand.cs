using System.CommandLine;

namespace Rung.Commands;

/// <summary><c>rung train</c>: learns from graded answers.</summary>
internal static class TrainCommand
{
    public static Command Create(TimeProvider clock) => new("train", "Learn from graded answers.") { TrainVerifierCommand.Create(clock) };
}
