using System.Threading.Channels;

namespace Rung.Control.Tests.Alerts;

/// <summary>A clock that stands still; whoever waits on it is seen, and waits until the test lets time pass.</summary>
internal sealed class WaitClock : TimeProvider
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly Lock gate = new();
    private readonly List<WaitTimer> timers = [];
    private readonly Channel<TimeSpan> waits = Channel.CreateUnbounded<TimeSpan>();
    private long ticks = TimeSpan.TicksPerHour;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref ticks);

    public override DateTimeOffset GetUtcNow() => s_noon.AddTicks(GetTimestamp() - TimeSpan.TicksPerHour);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WaitTimer(this, callback, state);
        lock (gate) timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The next wait that somebody begins, the limit of a try left out.</summary>
    public async Task<TimeSpan> NextWaitAsync(TimeSpan? leaveOut)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var wait = await waits.Reader.ReadAsync(limit.Token);
            if (wait != leaveOut) return wait;
        }
    }

    public void Advance(TimeSpan by)
    {
        List<WaitTimer> due;
        lock (gate)
        {
            Volatile.Write(ref ticks, ticks + by.Ticks);
            due = [.. timers.Where(timer => timer.DueAt <= ticks)];
        }
        foreach (var timer in due) timer.Run();
    }

    private sealed class WaitTimer(WaitClock clock, TimerCallback callback, object? state) : ITimer
    {
        public long DueAt { get; private set; } = long.MaxValue;

        public void Run()
        {
            DueAt = long.MaxValue;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate) DueAt = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.ticks + dueTime.Ticks;
            if (dueTime != Timeout.InfiniteTimeSpan) clock.waits.Writer.TryWrite(dueTime);
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
