using Rung.Core.Measurement;

namespace Rung.Core.Rollouts;

/// <summary>The open bursts of all units. A burst that closes is handed on and forgotten.</summary>
/// <param name="each">Whether every call is a unit by itself: nothing is kept open.</param>
/// <param name="closed">Takes what is closed.</param>
internal sealed class BurstTable(bool each, Action<Burst> closed)
{
    private readonly Dictionary<string, Burst> open = new(StringComparer.Ordinal);
    private readonly Queue<(Burst Burst, long DueTicks)> due = new();

    public void Add(string unit, bool candidate, DateTimeOffset at, in ObservedCall call)
    {
        var burst = Take(unit, candidate, at.UtcTicks);
        if (call.Escalated) burst.Escalated++;
        if (call.Failed || call.Unverified) burst.Failed++;
        if (call.Checked)
        {
            burst.Checked++;
            if (call.CheckFailed) burst.CheckFailed++;
        }
        if (call.CostNanoUsd is { } cost)
        {
            burst.Priced++;
            burst.Cost += cost;
        }
        if (call.VerifierScore is { } score)
        {
            burst.Scored++;
            burst.Score += score;
        }
        CloseIfFull(burst);
    }

    public void Add(string unit, bool candidate, DateTimeOffset at, double score)
    {
        var burst = Take(unit, candidate, at.UtcTicks);
        burst.Scored++;
        burst.Score += score;
        CloseIfFull(burst);
    }

    /// <summary>Closes the bursts that were idle.</summary>
    public void Settle(DateTimeOffset now)
    {
        var ticks = now.UtcTicks;
        while (due.TryPeek(out var next) && next.DueTicks <= ticks)
        {
            due.Dequeue();
            if (next.Burst.Closed) continue;
            var last = next.Burst.LastTicks + GuardBook.BurstIdle.Ticks;
            if (last <= ticks) Close(next.Burst);
            else due.Enqueue((next.Burst, last)); // It went on; looked at again when it may be over.
        }
    }

    private Burst Take(string unit, bool candidate, long ticks)
    {
        if (!each && open.TryGetValue(unit, out var burst))
        {
            if (burst.Candidate == candidate && ticks - burst.LastTicks < GuardBook.BurstIdle.Ticks)
            {
                burst.LastTicks = Math.Max(burst.LastTicks, ticks);
                burst.Count++;
                return burst;
            }
            Close(burst); // It was idle, or the ramp has moved it.
        }
        var begun = new Burst { Unit = unit, Candidate = candidate, LastTicks = ticks, Count = 1 };
        if (!each)
        {
            open.Add(unit, begun);
            due.Enqueue((begun, ticks + GuardBook.BurstIdle.Ticks));
        }
        return begun;
    }

    private void CloseIfFull(Burst burst)
    {
        if (each || burst.Count >= GuardBook.BurstCalls) Close(burst);
    }

    private void Close(Burst burst)
    {
        burst.Closed = true;
        if (!each) open.Remove(burst.Unit);
        closed(burst);
    }
}
