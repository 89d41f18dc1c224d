using Rung.Core.Rollouts;
using Rung.Core.Spans;

namespace Rung.Core.Measurement;

/// <summary>What records of the ledger say to those who measure.</summary>
public static class ObservedCalls
{
    /// <summary>A finished call as an observation.</summary>
    /// <param name="call">The call with its attempts.</param>
    /// <param name="unit">What the rollout of its arm assigns by; null outside rollouts: its session, else the call itself.</param>
    public static ObservedCall Of(CallRecord call, RolloutUnit? unit = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        AttemptRecord? first = null, judged = null, answer = null;
        var (failed, isJudged, climbed, failedOver) = (false, false, false, false);
        foreach (var attempt in call.Attempts)
        {
            climbed |= attempt.Kind == AttemptKind.Escalation;
            failedOver |= attempt.Kind == AttemptKind.Failover;
            // Further samples, verifiers and copies are no answers of the call.
            if (attempt.Kind is not (AttemptKind.First or AttemptKind.Retry or AttemptKind.Failover or AttemptKind.Escalation)) continue;
            first ??= attempt;
            if (attempt.Outcome is AttemptOutcome.Completed or AttemptOutcome.CheckFailed or AttemptOutcome.Doomed && !attempt.Checks.IsEmpty)
            {
                if (!isJudged) (isJudged, failed) = (true, IsFailed(attempt));
                judged = attempt;
            }
            if (attempt.Model == call.Model && attempt.Outcome is AttemptOutcome.Completed or AttemptOutcome.CheckFailed or AttemptOutcome.CutShort or AttemptOutcome.ClientGone) answer = attempt;
        }
        return new ObservedCall
        {
            Id = call.Id, At = call.StartedAt, Tag = call.Tag, Arm = call.Arm, Unit = UnitOf(call, unit), Session = call.Session, Revision = call.PolicyRevision,
            Tier = first?.Tier ?? call.Tier, Model = call.Model, UpstreamModel = answer?.UpstreamModel,
            CostNanoUsd = call.UnknownPriceAttempts > 0 ? null : call.CostNanoUsd, BaselineNanoUsd = call.BaselineNanoUsd,
            LatencyMicros = call.LatencyMicros, FirstByteMicros = call.FirstByteMicros,
            Checked = isJudged, CheckFailed = failed, Escalated = climbed, FailedOver = failedOver,
            Failed = call.Status is CallStatus.Failed or CallStatus.CutShort, Unverified = call.Status == CallStatus.AnsweredUnverified,
            VerifierScore = call.Status is CallStatus.Answered or CallStatus.AnsweredUnverified ? ScoreOf(judged) : null,
        };
    }

    /// <summary>A verdict as an observation; null for one that is no quality (a length) or is only recorded (weight 0).</summary>
    /// <param name="verdict">The verdict.</param>
    /// <param name="call">The call that it judges; null for a verdict about a session, or when the call is not known.</param>
    public static ObservedVerdict? Of(VerdictRecord verdict, in ObservedCall? call)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (SignalOf(verdict.Kind) is not { } signal || verdict.Weight <= 0) return null;
        return new ObservedVerdict
        {
            At = verdict.At, Signal = signal, Score = Math.Clamp(verdict.Score, 0, 1), CallId = verdict.CallId, Tag = verdict.Tag ?? call?.Tag, Arm = call?.Arm,
            Unit = call?.Unit ?? verdict.Session ?? verdict.CallId ?? verdict.Id, Tier = call?.Tier, Revision = call?.Revision ?? 0, VerifierScore = call?.VerifierScore,
        };
    }

    /// <summary>The signal of a kind of verdict; null for one that is no quality.</summary>
    public static QualitySignal? SignalOf(VerdictKind kind) => kind switch
    {
        VerdictKind.Judge or VerdictKind.Review => QualitySignal.Judge, // A judge stands in for people: where they spoke themselves, they count too.
        VerdictKind.Override => QualitySignal.Override,
        VerdictKind.Thumbs or VerdictKind.Score or VerdictKind.TaskCompleted or VerdictKind.Escalated or VerdictKind.Evaluation => QualitySignal.Feedback,
        _ => null,
    };

    // The ledger does not hold keys, not even hashed: a rollout by key is measured by session, which is the smaller unit.
    private static string UnitOf(CallRecord call, RolloutUnit? unit) => unit switch
    {
        RolloutUnit.User => call.User ?? call.Session ?? call.Id,
        RolloutUnit.Call => call.Id,
        _ => call.Session ?? call.Id,
    };

    private static bool IsFailed(AttemptRecord attempt)
    {
        if (attempt.Outcome is AttemptOutcome.CheckFailed or AttemptOutcome.Doomed) return true;
        foreach (var check in attempt.Checks)
        {
            if (!check.Passed) return true;
        }
        return false;
    }

    private static double? ScoreOf(AttemptRecord? attempt)
    {
        if (attempt is null) return null;
        var (sum, count) = (0.0, 0);
        foreach (var check in attempt.Checks)
        {
            if (check.Score is not { } score) continue;
            sum += score;
            count++;
        }
        return count > 0 ? Math.Clamp(sum / count, 0, 1) : null;
    }
}
