using Rung.Core.Measurement;

namespace Rung.Core.Rollouts;

/// <summary>What sessions cost in sum, each one observation when it has been idle for half an hour.</summary>
internal sealed class SessionSums(GuardTrack track)
{
    private readonly Dictionary<string, Sum> open = new(StringComparer.Ordinal);
    private readonly Queue<(Sum Sum, long DueTicks)> due = new();

    /// <summary>Sessions with a call whose price is unknown.</summary>
    public long Unknown { get; private set; }

    /// <summary>Sessions that the ramp moved while they lasted: they belong to no side.</summary>
    public long Dropped { get; private set; }

    public void Add(in ObservedCall call, bool candidate)
    {
        var ticks = call.At.UtcTicks;
        if (open.TryGetValue(call.Session!, out var sum) && ticks - sum.LastTicks >= GuardBook.SessionIdle.Ticks)
        {
            Close(sum);
            sum = null;
        }
        if (sum is null)
        {
            sum = new Sum { Session = call.Session!, Candidate = candidate, LastTicks = ticks };
            open.Add(sum.Session, sum);
            due.Enqueue((sum, ticks + GuardBook.SessionIdle.Ticks));
        }
        sum.LastTicks = Math.Max(sum.LastTicks, ticks);
        if (sum.Candidate != candidate) sum.Mixed = true;
        if (call.CostNanoUsd is { } cost) sum.NanoUsd += cost;
        else sum.IsUnknown = true;
    }

    public void Settle(DateTimeOffset now)
    {
        var ticks = now.UtcTicks;
        while (due.TryPeek(out var next) && next.DueTicks <= ticks)
        {
            due.Dequeue();
            if (next.Sum.Closed) continue;
            var last = next.Sum.LastTicks + GuardBook.SessionIdle.Ticks;
            if (last <= ticks) Close(next.Sum);
            else due.Enqueue((next.Sum, last));
        }
    }

    private void Close(Sum sum)
    {
        sum.Closed = true;
        open.Remove(sum.Session);
        if (sum.Mixed) Dropped++;
        else if (sum.IsUnknown) Unknown++;
        else track.Observe(sum.Candidate, sum.NanoUsd);
    }

    private sealed class Sum
    {
        public required string Session { get; init; }
        public required bool Candidate { get; init; }
        public long LastTicks { get; set; }
        public double NanoUsd { get; set; }
        public bool IsUnknown { get; set; }
        public bool Mixed { get; set; }
        public bool Closed { get; set; }
    }
}
