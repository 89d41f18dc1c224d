using Rung.Control.Evals;

namespace Rung.Commands.Eval;

/// <summary>One process at a time goes on with a run: two would pay for the same answers. The system gives it back when a process dies.</summary>
internal sealed class RunTurn : IDisposable
{
    private readonly FileStream _held;

    private RunTurn(FileStream held) => _held = held;

    /// <summary>Takes it.</summary>
    /// <exception cref="EvalException">Another process has it.</exception>
    public static RunTurn Take(string data, string run)
    {
        try
        {
            return new RunTurn(new FileStream(Path.Combine(data, $"eval-{run}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose));
        }
        catch (IOException)
        {
            throw new EvalException($"Run {run} is under way in another process.", "Wait for it, or stop it: it can go on from where it was.");
        }
    }

    public void Dispose() => _held.Dispose();
}
