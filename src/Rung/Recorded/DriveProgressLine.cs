namespace Rung.Recorded;

/// <summary>Shows a drive's progress: a bar that redraws itself on a terminal, a line every five seconds elsewhere.</summary>
/// <param name="error">Where to.</param>
/// <param name="isTerminal">Whether a person watches.</param>
/// <param name="clock">For the pace of it.</param>
internal sealed class DriveProgressLine(TextWriter error, bool isTerminal, TimeProvider clock) : IProgress<DriveProgress>
{
    private const int BarWidth = 40;
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(5);

    private long _last = clock.GetTimestamp(); // Written by the thread that reports: the drive reports under a lock.
    private bool _isDrawn;

    /// <inheritdoc/>
    public void Report(DriveProgress value)
    {
        if (clock.GetElapsedTime(_last) < (isTerminal ? s_redraw : s_line)) return;
        _last = clock.GetTimestamp();
        var share = value.Total > 0 ? (double)value.Done / value.Total : 0;
        var text = $"{value.Done}/{value.Total} calls, {value.Errors} errors, {(value.Done > 0 ? 100 * value.Correct / value.Done : 0):0.0} % right";
        if (!isTerminal)
        {
            error.WriteLine($"rung: {text}");
            return;
        }
        var filled = (int)(share * BarWidth);
        error.Write($"\r[{new string('#', filled)}{new string('.', BarWidth - filled)}] {text}\u001b[K");
        _isDrawn = true;
    }

    /// <summary>Takes the bar away, so that what follows starts on a clean line.</summary>
    public void Clear()
    {
        if (_isDrawn) error.Write("\r\u001b[K");
        _isDrawn = false;
    }
}
