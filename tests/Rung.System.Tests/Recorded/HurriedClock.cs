namespace Rung.Tests.Recorded;

/// <summary>A clock on which short waits (up to two seconds: the pauses between tries) are over at once, and limits stay what they are.</summary>
internal sealed class HurriedClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(2) ? TimeSpan.Zero : dueTime, period);
}
