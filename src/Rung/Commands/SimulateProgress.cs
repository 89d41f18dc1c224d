using Rung.Control.Laboratory;

namespace Rung.Commands;

/// <summary>Says on standard error how far the runs are, every few seconds. Safe from several threads.</summary>
internal sealed class SimulateProgress(TextWriter error, TimeProvider clock, LabScenario scenario, int runs)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private long said = clock.GetTimestamp();
    private int done;

    /// <summary>Counts one run more.</summary>
    public void Done()
    {
        lock (gate)
        {
            done++;
            if (done == runs || clock.GetElapsedTime(said) < s_pause) return;
            said = clock.GetTimestamp();
            error.WriteLine($"rung: {scenario.Words}: {done:N0} of {runs:N0} runs");
        }
    }
}
