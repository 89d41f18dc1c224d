namespace Rung.Gateway.Tests.Support;

/// <summary>A clock that a test moves by hand. Timers run on the thread that moves it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly Lock moving = new();
    private readonly List<ManualTimer> timers = [];
    private long ticks = TimeSpan.TicksPerHour; // Not zero: zero is a word of its own in some places.

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref ticks);

    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (moving) timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves time; every timer that comes due runs, in order of its time.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetTimestamp() + by.Ticks;
        while (true)
        {
            ManualTimer? next;
            lock (moving)
            {
                next = timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
                if (next is null)
                {
                    Volatile.Write(ref ticks, end);
                    return;
                }
                Volatile.Write(ref ticks, Math.Max(GetTimestamp(), next.DueAt));
                next.Took();
            }
            next.Run();
        }
    }

    /// <summary>Moves time in small steps until something has ended, whenever its own timers were set.</summary>
    public async Task<T> UntilAsync<T>(Task<T> task, TimeSpan step)
    {
        for (var i = 0; !task.IsCompleted; i++)
        {
            Assert.True(i < 20_000, "It never ended, however far the clock was moved.");
            Advance(step);
            await Task.WhenAny(task, Task.Delay(1));
        }
        return await task;
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long period = -1;

        public long DueAt { get; private set; } = long.MaxValue;

        public void Took() => DueAt = period > 0 ? DueAt + period : long.MaxValue;

        public void Run() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.moving)
            {
                period = newPeriod == Timeout.InfiniteTimeSpan ? -1 : newPeriod.Ticks;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock.GetTimestamp() + dueTime.Ticks;
            }
            return true;
        }

        public void Dispose()
        {
            lock (clock.moving) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
