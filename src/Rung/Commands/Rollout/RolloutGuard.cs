using Rung.Commands.Policy;
using Rung.Control.Rollouts;

namespace Rung.Commands.Rollout;

/// <summary>What goes wrong with rollouts, as messages with their fixes.</summary>
internal static class RolloutGuard
{
    /// <summary>Runs a command's work. What cannot be used is exit code 2; a rollout that says no (it has ended, somebody was faster) is exit code 1.</summary>
    public static Task<int> RunAsync(TextWriter error, Func<Task<int>> work) => PolicyCommand.GuardAsync(error, async () =>
    {
        try
        {
            return await work();
        }
        catch (RolloutException e)
        {
            Output.Fail(error, e.Problem, e.Fix);
            return e.Fault == RolloutFault.Conflict ? ExitCode.Faults : ExitCode.Usage;
        }
    });
}
