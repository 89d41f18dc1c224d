namespace Rung.Gateway.Dispatch;

/// <summary>
/// Cancels attempts whose time is up. One timer for all of them, instead of one a call: an attempt moves its own deadline by a plain write,
/// once per chunk of a stream.
/// </summary>
public sealed class DeadlineWatch : IDisposable
{
    /// <summary>How often deadlines are looked at: a timeout may come this much late.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Lock watching = new();
    private readonly List<Deadline> deadlines = [];
    private readonly TimeProvider clock;
    private readonly ITimer timer;

    /// <summary>Starts watching.</summary>
    public DeadlineWatch(TimeProvider clock)
    {
        this.clock = clock;
        timer = clock.CreateTimer(static state => ((DeadlineWatch)state!).Look(), this, Tick, Tick);
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    internal Deadline Start(TimeSpan limit, CancellationToken clientGone)
    {
        var deadline = new Deadline(this, clock, clientGone);
        deadline.Move(limit);
        lock (watching)
        {
            deadline.Slot = deadlines.Count;
            deadlines.Add(deadline);
        }
        return deadline;
    }

    internal void Stop(Deadline deadline)
    {
        lock (watching)
        {
            if (deadline.Slot < 0) return;
            var last = deadlines[^1];
            deadlines[deadline.Slot] = last;
            last.Slot = deadline.Slot;
            deadlines.RemoveAt(deadlines.Count - 1);
            deadline.Slot = -1;
        }
    }

    private void Look()
    {
        var now = clock.GetTimestamp();
        List<Deadline>? due = null;
        lock (watching)
        {
            foreach (var deadline in deadlines)
            {
                if (deadline.At <= now) (due ??= []).Add(deadline);
            }
        }
        // Outside the lock: cancelling runs the continuations of the call.
        if (due is null) return;
        foreach (var deadline in due) deadline.Expire();
    }
}

/// <summary>The time limit of one attempt, joined with the client's going away. Belongs to one call.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly DeadlineWatch watch;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource source = new();
    private readonly CancellationTokenRegistration clientGone;
    private long at;
    private volatile bool expired;

    internal Deadline(DeadlineWatch watch, TimeProvider clock, CancellationToken clientGone)
    {
        this.watch = watch;
        this.clock = clock;
        this.clientGone = clientGone.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }

    /// <summary>Place in the watch's list; written under its lock.</summary>
    internal int Slot { get; set; }

    internal long At => Volatile.Read(ref at);

    public CancellationToken Token => source.Token;

    /// <summary>Whether time ran out, as opposed to the client going away.</summary>
    public bool Expired => expired;

    /// <summary>Sets the deadline anew, from now.</summary>
    public void Move(TimeSpan limit) => Volatile.Write(ref at, clock.GetTimestamp() + (long)(limit.TotalSeconds * clock.TimestampFrequency));

    internal void Expire()
    {
        expired = true;
        Cancel();
    }

    /// <summary>Ends what is under way, before its time.</summary>
    public void Cancel()
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended in the meantime.
        }
    }

    public void Dispose()
    {
        watch.Stop(this);
        clientGone.Dispose();
        source.Dispose();
    }
}
