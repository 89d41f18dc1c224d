using Rung.Core.Measurement;

namespace Rung.Core.Rollouts;

/// <summary>
/// Whether calls are replaced by a person: a call counts 1 when its answer was replaced within the wait for verdicts, else 0, and not before the wait is over. Only then is the silence of
/// the last hour not taken for satisfaction.
/// </summary>
internal sealed class OverrideQueue(TimeSpan lag, bool each, GuardTrack track)
{
    /// <summary>Calls that wait at one time. Beyond it the oldest is left out and counted.</summary>
    private const int MostWaiting = 500_000;

    /// <summary>Verdicts that came before their call, at one time.</summary>
    private const int MostEarly = 10_000;

    private readonly Queue<Waiting> waiting = new();
    private readonly Dictionary<string, Waiting> byCall = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Waiting> latestOfUnit = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> early = new(StringComparer.Ordinal);
    private readonly BurstTable bursts = new(each, GuardBook.BurstIdle, burst => track.Observe(burst.Candidate, burst.Mean));

    /// <summary>Calls that were left out for want of room.</summary>
    public long Dropped { get; private set; }

    public void Add(in ObservedCall call, bool candidate)
    {
        if (call.Failed) return; // There was no answer to replace.
        var one = new Waiting { Unit = call.Unit, CallId = call.Id, At = call.At, Candidate = candidate };
        if (call.Id.Length > 0)
        {
            if (early.Remove(call.Id, out var replacedAt)) one.Replaced = replacedAt <= call.At + lag;
            byCall[call.Id] = one;
        }
        else
        {
            latestOfUnit[call.Unit] = one;
        }
        waiting.Enqueue(one);
        if (waiting.Count <= MostWaiting) return;
        Forget(waiting.Dequeue());
        Dropped++;
    }

    public void Replace(in ObservedVerdict verdict)
    {
        if (verdict.CallId is { Length: > 0 } id)
        {
            if (byCall.TryGetValue(id, out var call)) call.Replaced |= verdict.At <= call.At + lag;
            else if (early.Count < MostEarly) early[id] = verdict.At; // Its call is still being written, or its wait is over.
        }
        else if (latestOfUnit.TryGetValue(verdict.Unit, out var latest))
        {
            latest.Replaced |= verdict.At <= latest.At + lag;
        }
    }

    public void Settle(DateTimeOffset now)
    {
        while (waiting.TryPeek(out var oldest) && oldest.At + lag <= now)
        {
            waiting.Dequeue();
            Forget(oldest);
            bursts.Add(oldest.Unit, oldest.Candidate, oldest.At + lag, oldest.Replaced ? 1.0 : 0.0);
        }
        bursts.Settle(now);
        if (early.Count == 0) return;
        foreach (var (id, at) in early)
        {
            if (at + lag <= now) early.Remove(id);
        }
    }

    private void Forget(Waiting one)
    {
        if (one.CallId.Length > 0) byCall.Remove(one.CallId);
        else if (latestOfUnit.TryGetValue(one.Unit, out var latest) && ReferenceEquals(latest, one)) latestOfUnit.Remove(one.Unit);
    }

    private sealed class Waiting
    {
        public required string Unit { get; init; }
        public required string CallId { get; init; }
        public required DateTimeOffset At { get; init; }
        public required bool Candidate { get; init; }
        public bool Replaced { get; set; }
    }
}
