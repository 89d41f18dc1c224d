namespace Rung.Control.Evals.Runs;

/// <summary>Keeps the questions to each candidate apart: at most so many a minute, evenly. Safe to use from several threads.</summary>
internal sealed class ModelPace(int? perMinute, TimeProvider clock)
{
    private readonly Lock _turn = new();
    private readonly Dictionary<string, long> _next = new(StringComparer.Ordinal); // Timestamps; used under _turn.

    /// <summary>Waits until a candidate may be asked.</summary>
    public Task WaitAsync(string model, CancellationToken cancellationToken)
    {
        if (perMinute is not { } rate) return Task.CompletedTask;
        var step = clock.TimestampFrequency * 60 / rate;
        var now = clock.GetTimestamp();
        long at;
        lock (_turn)
        {
            at = Math.Max(now, _next.GetValueOrDefault(model));
            _next[model] = at + step;
        }
        return at <= now ? Task.CompletedTask : Task.Delay(clock.GetElapsedTime(now, at), clock, cancellationToken);
    }
}
