using Rung.Core.Decisions;
using Rung.Core.Policies;

namespace Rung.Gateway;

/// <summary>Whether a call may climb, and where to.</summary>
internal static class Climbing
{
    /// <summary>Whether there is a rung to climb to, and time, money and attempts left for it.</summary>
    /// <param name="call">The call, on the rung where its last answer came from.</param>
    /// <param name="causes">What speaks against that answer.</param>
    /// <param name="tier">The rung to climb to; the present one when there is none.</param>
    /// <param name="candidates">Its models that may take the call.</param>
    public static bool May(Call call, ClimbCause causes, out Tier tier, out ModelSet candidates)
    {
        (tier, candidates) = (call.Rung, ModelSet.Empty);
        if (call.Route.Escalation is not { } up) return false;
        if (call.Record.Attempts.Count >= call.Limits.Attempts || call.Remaining <= TimeSpan.Zero || call.ClientGone) return false;
        if (up.MaxTime is { } time && call.Elapsed >= time || up.MaxCostNanoUsd is { } cost && call.CostSoFar >= cost) return false;
        return Decider.MayClimb(call.Snapshot, call.Decision, causes, call.Climbs, call.Rung, out tier, out candidates);
    }

    /// <summary>
    /// Whether a doomed answer may be given up before its end: a model above can be tried now, or the route has an error rather than a failed answer.
    /// An answer that would be served all the same is waited for.
    /// </summary>
    /// <param name="call">The call, with what the doomed answer cost so far already booked.</param>
    /// <param name="to">Where to climb to; null for nowhere.</param>
    public static bool MayGiveUp(Call call, out (Tier Tier, ModelSet Candidates)? to)
    {
        to = null;
        if (May(call, ClimbCause.CheckFailed, out var tier, out var candidates))
        {
            foreach (var index in candidates)
            {
                var upstream = call.Policy.Upstreams[index];
                if (upstream.MissingKey || !upstream.Health.MayTry()) continue;
                to = (tier, candidates);
                return true;
            }
        }
        return call.Route.Escalation?.Exhausted == Exhausted.Error;
    }

    /// <summary>
    /// Whether it is worth asking anyone about an answer: it decides whether the call climbs or what the client gets. An answer that came by the
    /// last climb is served whatever is said of it, so nothing is spent on it; the first answer of a call is always asked about.
    /// </summary>
    public static bool VerdictMatters(Call call) =>
        call.Climbs == 0
        || call.Route.Escalation?.Exhausted == Exhausted.Error
        || May(call, ClimbCause.CheckFailed, out _, out _);

    /// <summary>How many more attempts may be spent on finding things out: one is kept for the climb, where there may be one.</summary>
    public static int AttemptsToSpare(Call call) =>
        call.Limits.Attempts - call.Record.Attempts.Count - (May(call, ClimbCause.CheckFailed, out _, out _) ? 1 : 0);
}
