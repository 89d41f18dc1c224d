using Rung.Core.Policies;
using Rung.Core.Spans;

namespace Rung.Replay;

/// <summary>Brings what the ledger keeps of a call to what a replay needs.</summary>
internal static class LoggedTraffic
{
    /// <summary>A call that the gateway served; null when no model was asked.</summary>
    public static LoggedCall? Of(CallRecord record)
    {
        if (record.Attempts.Count == 0) return null;
        LoggedAttempt[] attempts = [.. record.Attempts.Select(attempt => new LoggedAttempt
        {
            Kind = attempt.Kind,
            Provider = attempt.Provider,
            Model = attempt.Model,
            UpstreamModel = attempt.UpstreamModel,
            StartedAt = attempt.StartedAt,
            Usage = attempt.Usage,
            CostNanoUsd = attempt.CostNanoUsd,
            Propensity = attempt.Propensity,
            Pool = (record.PolicyHash, attempt.Tier),
            Against = Against(attempt),
            Checks = attempt.Checks.IsEmpty ? [] : [.. attempt.Checks.Select(check => check.Check)],
        })];
        return new LoggedCall
        {
            Id = record.Id,
            StartedAt = record.StartedAt,
            Tag = record.Tag,
            Role = record.Role,
            User = record.User,
            Session = record.Session,
            Attempts = attempts,
            Answer = Answer(record),
            Tier = record.Tier,
            Error = record.Status switch { CallStatus.Failed => "failed", CallStatus.CutShort => "cut_short", CallStatus.Rejected => "rejected", _ => null },
            CostNanoUsd = record.UnknownPriceAttempts > 0 ? null : record.CostNanoUsd,
            BaselineNanoUsd = record.BaselineNanoUsd,
            Verdict = record.Attempts[0].Checks is { IsDefaultOrEmpty: false } checks ? checks.All(check => check.Passed) ? 1 : 0 : null,
        };
    }

    private static int? Answer(CallRecord record)
    {
        if (record.Model is null) return null;
        var last = record.Attempts.FindLastIndex(attempt =>
            attempt.Kind is not (AttemptKind.Verifier or AttemptKind.Sample) && attempt.Model == record.Model && attempt.Tier == record.Tier && attempt.Outcome is AttemptOutcome.Completed or AttemptOutcome.CheckFailed);
        return last >= 0 ? last : null;
    }

    // The ledger keeps that a check failed, and how the answer ended; that the model refused is what remains when neither explains a climb.
    private static ClimbCause Against(AttemptRecord attempt) => attempt.Outcome switch
    {
        AttemptOutcome.CheckFailed or AttemptOutcome.Doomed => ClimbCause.CheckFailed | Ending(attempt.FinishReason),
        AttemptOutcome.Completed => Ending(attempt.FinishReason) is var ending && ending == ClimbCause.None ? ClimbCause.Refused : ending,
        _ => ClimbCause.Unavailable,
    };

    private static ClimbCause Ending(string? finishReason) => finishReason switch
    {
        "length" or "model_length" or "max_tokens" => ClimbCause.Truncated,
        "content_filter" => ClimbCause.Filtered,
        _ => ClimbCause.None,
    };
}
