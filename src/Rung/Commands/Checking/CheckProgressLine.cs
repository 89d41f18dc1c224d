namespace Rung.Commands.Checking;

/// <summary>Says every two seconds on standard error how far a long check is.</summary>
internal sealed class CheckProgressLine(TextWriter error, TimeProvider clock)
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);

    private long _last = clock.GetTimestamp();

    /// <summary>Called after every document; cheap unless a line is due.</summary>
    public void Report(long documents, long invalid)
    {
        if (documents % 64 != 0 || clock.GetElapsedTime(_last) < s_pace) return;
        _last = clock.GetTimestamp();
        error.WriteLine($"rung: {documents:N0} documents, {invalid:N0} invalid");
    }
}
