using Rung.Core.Policies;
using Rung.Core.Spans;

namespace Rung.Gateway.Dispatch;

/// <summary>How the attempts on one rung ended.</summary>
internal enum RungEnded : byte
{
    /// <summary>A whole answer, or a stream that has begun.</summary>
    Answered,
    /// <summary>The upstream refused the request itself; another model would refuse it too.</summary>
    Rejected,
    /// <summary>No model of the rung could answer.</summary>
    Unavailable,
    /// <summary>The client went away.</summary>
    ClientGone,
    /// <summary>A stream that no continuation could have saved was given up.</summary>
    Doomed,
}

/// <summary>The end of the attempts on one rung.</summary>
/// <param name="Ended">How it ended.</param>
/// <param name="Reply">The last reply; null when no attempt could be made. The receiver disposes it.</param>
/// <param name="RetryAfter">When a model of the rung may be tried again; null when unknown.</param>
internal readonly record struct RungEnd(RungEnded Ended, AttemptReply? Reply, TimeSpan? RetryAfter = null)
{
    public bool IsAnswer => Ended == RungEnded.Answered;
}

/// <summary>
/// Tries the models of one rung until one answers: failover to the others, then one more round after a short wait. All attempts of a call,
/// on all rungs, share one budget, so that an outage cannot multiply traffic.
/// </summary>
internal sealed class RungAttempts(Dispatcher dispatcher, Chance chance, TimeProvider clock)
{
    /// <summary>Longest wait for a model that asked for it, when the call could otherwise climb.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for a model that asked for it, when there is nowhere else to go.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(10);

    /// <summary>Least wait before the second round.</summary>
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(200);

    /// <summary>Tries a rung.</summary>
    /// <param name="call">The call.</param>
    /// <param name="tier">The rung.</param>
    /// <param name="candidates">Its models that may take the call.</param>
    /// <param name="kind">Why the first attempt here is made.</param>
    public async Task<RungEnd> TryRungAsync(Call call, Tier tier, ModelSet candidates, AttemptKind kind)
    {
        var untried = candidates;
        var secondRound = false;
        AttemptReply? last = null;
        while (call.Record.Attempts.Count < call.Limits.Attempts && call.Remaining > TimeSpan.Zero)
        {
            if (ModelChoice.From(call.Policy.Upstreams, untried, chance, out var propensity) is not { } upstream)
            {
                if (secondRound || Wait(call, candidates, last) is not { } wait) break;
                if (!await WaitedAsync(call, wait)) return new(RungEnded.ClientGone, last);
                (secondRound, untried) = (true, candidates);
                continue;
            }
            untried = untried.Without(upstream.Model.Index);
            if (upstream.Health.TryStart() is not { } passage) continue; // Another call was quicker to the one probe.
            last?.Dispose();
            last = await dispatcher.TryAsync(call, upstream, tier.Pool.Contains(upstream.Model.Index) ? tier.Name : "pinned", kind, propensity, passage);
            switch (last.Record.Outcome)
            {
                case AttemptOutcome.Completed: return new(RungEnded.Answered, last);
                case AttemptOutcome.Doomed: return new(RungEnded.Doomed, last);
                case AttemptOutcome.ClientGone: return new(RungEnded.ClientGone, last);
                case AttemptOutcome.RequestRejected when !last.MayFailOver: return new(RungEnded.Rejected, last);
            }
            if (!last.MayFailOver) break;
            kind = secondRound || untried.IsEmpty ? AttemptKind.Retry : AttemptKind.Failover;
        }
        if (last?.Record.Outcome == AttemptOutcome.RequestRejected) return new(RungEnded.Rejected, last);
        return new(RungEnded.Unavailable, last, Soonest(call, candidates));
    }

    /// <inheritdoc cref="Dispatcher.Close"/>
    public void Close(Call call, AttemptReply reply) => dispatcher.Close(call, reply);

    /// <inheritdoc cref="Dispatcher.Settle"/>
    public void Settle(Call call, AttemptReply reply) => dispatcher.Settle(call, reply);

    /// <summary>How long to wait for a second round; null for not at all. An open circuit fails fast: nobody waits for it.</summary>
    private TimeSpan? Wait(Call call, ModelSet candidates, AttemptReply? last)
    {
        if (last?.Record.Outcome == AttemptOutcome.RequestRejected) return null;
        var longest = call.Route.Escalation?.On.HasFlag(ClimbCause.Unavailable) == true ? ShortWait : LongWait;
        TimeSpan? shortest = null;
        foreach (var index in candidates)
        {
            var upstream = call.Policy.Upstreams[index];
            if (upstream.MissingKey || upstream.Health.IsOpen) continue;
            var rest = upstream.Health.RestLeft();
            if (shortest is null || rest < shortest) shortest = rest;
        }
        if (shortest is not { } wait) return null;
        if (wait < Backoff) wait = Backoff + Backoff * chance() / 2;
        return wait <= longest && wait < call.Remaining ? wait : null;
    }

    private async Task<bool> WaitedAsync(Call call, TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, clock, call.Http.RequestAborted);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TimeSpan? Soonest(Call call, ModelSet candidates)
    {
        TimeSpan? soonest = null;
        foreach (var index in candidates)
        {
            var until = call.Policy.Upstreams[index].Health.UntilTry();
            if (until > TimeSpan.Zero && (soonest is null || until < soonest)) soonest = until;
        }
        return soonest;
    }
}
