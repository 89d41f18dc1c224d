namespace Rung.Demo.Control;

/// <summary>Time that runs faster than that of the machine, from now on: clock, timestamps and timers alike. What is built on it need not know.</summary>
/// <param name="real">The clock of the machine.</param>
/// <param name="factor">How many seconds go by in one, at least 1.</param>
internal sealed class FasterTime(TimeProvider real, int factor) : TimeProvider
{
    private readonly DateTimeOffset _epoch = real.GetUtcNow();
    private readonly long _began = real.GetTimestamp();

    public override long TimestampFrequency => real.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => _epoch + (real.GetElapsedTime(_began) * factor);

    public override long GetTimestamp() => _began + ((real.GetTimestamp() - _began) * factor);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Faster(real.CreateTimer(callback, state, Sooner(dueTime), Sooner(period)), this);

    // Rounded up: a timer that fires before its time has come would have to wait again.
    private TimeSpan Sooner(TimeSpan span) =>
        span == Timeout.InfiniteTimeSpan || span == TimeSpan.Zero ? span : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(span.TotalMilliseconds / factor)));

    private sealed class Faster(ITimer timer, FasterTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(time.Sooner(dueTime), time.Sooner(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
