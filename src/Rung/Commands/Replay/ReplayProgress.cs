namespace Rung.Commands.Replay;

/// <summary>Says on standard error how many calls have been read, when that takes longer than a few seconds.</summary>
/// <param name="error">Where it is said.</param>
/// <param name="clock">Measures.</param>
internal sealed class ReplayProgress(TextWriter error, TimeProvider clock)
{
    private const int Look = 4096; // Calls between two looks at the clock.
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly long began = clock.GetTimestamp();
    private long said = clock.GetTimestamp();

    /// <summary>Takes how many calls have been read.</summary>
    public void Report(int calls)
    {
        if (calls % Look != 0 || clock.GetElapsedTime(said) < s_pause) return;
        said = clock.GetTimestamp();
        error.WriteLine($"rung: {calls:N0} calls read, {calls / Math.Max(0.001, clock.GetElapsedTime(began).TotalSeconds):N0} a second");
    }
}
