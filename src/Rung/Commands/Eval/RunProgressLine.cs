using Rung.Control.Evals.Runs;

namespace Rung.Commands.Eval;

/// <summary>Says how far a run is, what it has cost and when it ends: a bar that redraws itself on a terminal, a line every five seconds elsewhere.</summary>
/// <param name="error">Where to.</param>
/// <param name="isTerminal">Whether a person watches.</param>
/// <param name="clock">Measures.</param>
internal sealed class RunProgressLine(TextWriter error, bool isTerminal, TimeProvider clock)
{
    private const int BarWidth = 30;
    private static readonly TimeSpan s_redraw = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(5);

    private readonly long _began = clock.GetTimestamp();
    private long _last = clock.GetTimestamp(); // Written by the thread that reports, one at a time.
    private bool _isDrawn;

    /// <summary>Takes how far it is.</summary>
    public void Report(RunProgress value)
    {
        if (clock.GetElapsedTime(_last) < (isTerminal ? s_redraw : s_line)) return;
        _last = clock.GetTimestamp();
        var text = $"{value.Done:N0} of {value.Total:N0} answers, {Output.Usd(value.SpentNanoUsd)} so far{Left(value)}";
        if (!isTerminal)
        {
            error.WriteLine($"rung: {text}");
            return;
        }
        var filled = value.Total > 0 ? (int)((double)value.Done / value.Total * BarWidth) : 0;
        error.Write($"\r[{new string('#', filled)}{new string('.', BarWidth - filled)}] {text}\u001b[K");
        _isDrawn = true;
    }

    /// <summary>Takes the bar away, so that what follows starts on a clean line.</summary>
    public void Clear()
    {
        if (_isDrawn) error.Write("\r\u001b[K");
        _isDrawn = false;
    }

    private string Left(RunProgress value)
    {
        var now = value.Done - value.Before;
        if (now < 5) return "";
        var left = clock.GetElapsedTime(_began) / now * (value.Total - value.Done);
        return left.TotalMinutes < 1 ? $", about {left.TotalSeconds:0} s left" : left.TotalHours < 1 ? $", about {left.TotalMinutes:0} min left" : $", about {left.TotalHours:0.0} h left";
    }
}
