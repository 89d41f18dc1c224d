using Rung.Core.Learning;

namespace Rung.Commands;

/// <summary>Shows how far a training is: a line that redraws itself on a terminal, a line every ten seconds elsewhere.</summary>
/// <param name="error">Where to.</param>
/// <param name="isTerminal">Whether a person watches.</param>
/// <param name="clock">For the pace of it.</param>
internal sealed class TrainProgressLine(TextWriter error, bool isTerminal, TimeProvider clock)
{
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new(); // Fits end on several threads.
    private long _last = clock.GetTimestamp();
    private bool _isDrawn;

    /// <summary>A fit has ended.</summary>
    public void Report(TrainingProgress progress)
    {
        lock (_lock)
        {
            if (isTerminal)
            {
                error.Write($"\rfit {progress.Done} of {progress.Total}\u001b[K");
                _isDrawn = true;
                return;
            }
            if (clock.GetElapsedTime(_last) < s_line) return;
            _last = clock.GetTimestamp();
            error.WriteLine($"rung: fit {progress.Done} of {progress.Total}");
        }
    }

    /// <summary>Takes the line away, so that what follows starts on a clean one.</summary>
    public void Clear()
    {
        if (_isDrawn) error.Write("\r\u001b[K");
        _isDrawn = false;
    }
}
