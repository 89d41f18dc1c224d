using Rung.Core.Measurement;

namespace Rung.Core.Rollouts;

/// <summary>The open bursts of all units. A burst that closes is handed on and forgotten.</summary>
/// <param name="each">Whether every call is a unit by itself: nothing is kept open.</param>
/// <param name="idle">A burst ends when its unit was idle for so long.</param>
/// <param name="closed">Takes what is closed.</param>
/// <param name="most">A burst ends with so many calls or verdicts.</param>
internal sealed class BurstTable(bool each, TimeSpan idle, Action<Burst> closed, int most = GuardBook.BurstCalls)
{
    private readonly Dictionary<string, Burst> open = new(StringComparer.Ordinal);
    private readonly Queue<(Burst Burst, long DueTicks)> due = new();

    /// <param name="call">The call.</param>
    /// <param name="candidate">Its side.</param>
    /// <param name="slow">Whether its time to the last byte lies in the tail; null when it has none.</param>
    /// <param name="firstSlow">The same of the first byte.</param>
    public void Add(in ObservedCall call, bool candidate, bool? slow, bool? firstSlow)
    {
        var burst = Take(call.Unit, candidate, call.At.UtcTicks);
        Time(burst, slow, firstSlow);
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

    /// <summary>Adds what is known of a call's times, and nothing else of it.</summary>
    public void AddTimes(in ObservedCall call, bool candidate, bool? slow, bool? firstSlow)
    {
        var burst = Take(call.Unit, candidate, call.At.UtcTicks);
        Time(burst, slow, firstSlow);
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
            var last = next.Burst.LastTicks + idle.Ticks;
            if (last <= ticks) Close(next.Burst);
            else due.Enqueue((next.Burst, last)); // It went on; looked at again when it may be over.
        }
    }

    private static void Time(Burst burst, bool? slow, bool? firstSlow)
    {
        if (slow is { } last)
        {
            burst.Timed++;
            if (last) burst.Slow++;
        }
        if (firstSlow is { } first)
        {
            burst.FirstTimed++;
            if (first) burst.FirstSlow++;
        }
    }

    private Burst Take(string unit, bool candidate, long ticks)
    {
        if (!each && open.TryGetValue(unit, out var burst))
        {
            if (burst.Candidate == candidate && ticks - burst.LastTicks < idle.Ticks)
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
            due.Enqueue((begun, ticks + idle.Ticks));
        }
        return begun;
    }

    private void CloseIfFull(Burst burst)
    {
        if (each || burst.Count >= most) Close(burst);
    }

    private void Close(Burst burst)
    {
        burst.Closed = true;
        if (!each) open.Remove(burst.Unit);
        closed(burst);
    }
}
