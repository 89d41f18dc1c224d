using Rung.Control.Audit.Running;
using Rung.Control.Imports;

namespace Rung.Commands.Audit;

/// <summary>Shows how far the reading is: a bar that redraws itself on a terminal, a line every five seconds elsewhere.</summary>
/// <param name="error">Where to.</param>
/// <param name="isTerminal">Whether a person watches.</param>
/// <param name="clock">For the pace of it.</param>
internal sealed class AuditProgressLine(TextWriter error, bool isTerminal, TimeProvider clock) : IAuditProgress
{
    private const int BarWidth = 24;
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(5);

    private readonly long _start = clock.GetTimestamp();
    private long _last = clock.GetTimestamp(); // Written by the thread that reads.
    private bool _isDrawn;

    /// <summary>So much has been read.</summary>
    public void Report(ImportProgress progress)
    {
        if (clock.GetElapsedTime(_last) < (isTerminal ? s_redraw : s_line)) return;
        _last = clock.GetTimestamp();
        var text = Text(progress, clock.GetElapsedTime(_start));
        if (!isTerminal)
        {
            error.WriteLine($"rung: {text}");
            return;
        }
        var filled = progress.BytesTotal is > 0 and { } total ? (int)(BarWidth * Math.Min(1, (double)progress.BytesRead / total)) : 0;
        var bar = progress.BytesTotal is null ? "" : $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] ";
        error.Write($"\r{bar}{text}\u001b[K");
        _isDrawn = true;
    }

    /// <summary>Says what goes on after the reading, when that takes long enough to be noticed.</summary>
    public void Say(string what)
    {
        if (!isTerminal) return;
        error.Write($"\r{what}\u001b[K");
        _isDrawn = true;
    }

    /// <summary>Takes the bar away, so that what follows starts on a clean line.</summary>
    public void Clear()
    {
        if (_isDrawn) error.Write("\r\u001b[K");
        _isDrawn = false;
    }

    /// <summary>Share, rate, calls and the time left at the mean rate so far.</summary>
    internal static string Text(ImportProgress progress, TimeSpan elapsed)
    {
        var seconds = Math.Max(0.001, elapsed.TotalSeconds);
        var rate = progress.BytesRead / seconds;
        var share = progress.BytesTotal is > 0 and { } total ? $"{100.0 * Math.Min(1, (double)progress.BytesRead / total):0} %, " : "";
        var left = progress.BytesTotal is { } whole && rate > 0 && whole > progress.BytesRead ? $", {Left((whole - progress.BytesRead) / rate)} left" : "";
        return $"{share}{rate / 1e6:0.0} MB/s, {progress.Calls:#,0} calls{left}";
    }

    private static string Left(double seconds) => seconds switch
    {
        < 90 => $"{Math.Ceiling(seconds):0} s",
        < 5400 => $"{Math.Ceiling(seconds / 60):0} min",
        _ => $"{seconds / 3600:0.0} h",
    };
}
