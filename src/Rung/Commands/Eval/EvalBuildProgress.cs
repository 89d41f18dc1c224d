namespace Rung.Commands.Eval;

/// <summary>How far it is: a line that redraws itself where a person watches, a line every ten seconds elsewhere. Several threads.</summary>
internal sealed class EvalBuildProgress(TextWriter error, bool isTerminal, TimeProvider clock)
{
    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _last = clock.GetTimestamp();
    private bool _isDrawn;

    /// <summary>Says how far.</summary>
    public void Report(string text)
    {
        lock (_lock)
        {
            if (isTerminal)
            {
                error.Write($"\r{text}\u001b[K");
                _isDrawn = true;
                return;
            }
            if (clock.GetElapsedTime(_last) < s_line) return;
            _last = clock.GetTimestamp();
            error.WriteLine($"rung: {text}");
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_isDrawn) error.Write("\r\u001b[K");
        _isDrawn = false;
    }
}
