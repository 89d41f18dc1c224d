using System.Globalization;
using Rung.Core.Requests;
using Rung.Core.Spans;

namespace Rung.Control.Calls;

/// <summary>What the codes of calls and attempts mean, in words for people.</summary>
public static class CallWords
{
    /// <summary>How a call ended, in one or two words.</summary>
    public static string Of(CallStatus status) => status switch
    {
        CallStatus.Answered => "answered",
        CallStatus.AnsweredUnverified => "answered, not verified",
        CallStatus.Failed => "failed",
        CallStatus.Rejected => "rejected",
        CallStatus.ClientGone => "client gone",
        CallStatus.CutShort => "cut short",
        _ => "unknown",
    };

    /// <summary>What that means for the client, in one sentence.</summary>
    public static string Meaning(CallStatus status) => status switch
    {
        CallStatus.Answered => "The client got a whole answer that no check failed.",
        CallStatus.AnsweredUnverified => "The client got an answer that a check failed, marked as such, because no rung remained.",
        CallStatus.Failed => "The client got an error, because every attempt failed.",
        CallStatus.Rejected => "The client got an error before any attempt: a bad request, or a pin that nothing satisfies.",
        CallStatus.ClientGone => "The client went away before it had its answer.",
        CallStatus.CutShort => "A stream broke off after its first byte had reached the client.",
        _ => "This program does not know the code.",
    };

    /// <summary>What an attempt was made for, in one or two words.</summary>
    public static string Of(AttemptKind kind) => kind switch
    {
        AttemptKind.First => "first",
        AttemptKind.Retry => "retry",
        AttemptKind.Failover => "failover",
        AttemptKind.Escalation => "escalation",
        AttemptKind.Sample => "sample",
        AttemptKind.Verifier => "verifier",
        AttemptKind.Shadow => "shadow",
        _ => "unknown",
    };

    /// <summary>How an attempt ended, in a few words.</summary>
    public static string Of(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Completed => "completed",
        AttemptOutcome.CheckFailed => "check failed",
        AttemptOutcome.Unreachable => "unreachable",
        AttemptOutcome.TimedOut => "timed out",
        AttemptOutcome.RateLimited => "rate limited",
        AttemptOutcome.UpstreamError => "upstream error",
        AttemptOutcome.RequestRejected => "request rejected",
        AttemptOutcome.Malformed => "no readable answer",
        AttemptOutcome.CutShort => "cut short",
        AttemptOutcome.ClientGone => "client gone",
        AttemptOutcome.Doomed => "given up early",
        _ => "unknown",
    };

    /// <summary>Where the token counts come from, in a few words.</summary>
    public static string Of(UsageSource source) => source switch
    {
        UsageSource.None => "nothing was used",
        UsageSource.Provider => "counted by the provider",
        UsageSource.Estimated => "estimated: the provider sent no counts",
        UsageSource.EstimatedPartial => "estimated: the stream was cut",
        _ => "unknown",
    };

    /// <summary>Where the tag was found, in a few words.</summary>
    public static string Of(TagSource source) => source switch
    {
        TagSource.None => "the client gave none",
        TagSource.Header => "from the header",
        TagSource.Metadata => "from the body's metadata",
        TagSource.Model => "from the model's name",
        TagSource.Convention => "from another tool's field",
        TagSource.Baggage => "from the baggage header",
        _ => "unknown",
    };

    /// <summary>What a quality signal says, in one or two words.</summary>
    public static string Of(VerdictKind kind) => kind switch
    {
        VerdictKind.Judge => "judge",
        VerdictKind.Review => "review",
        VerdictKind.Thumbs => "thumbs",
        VerdictKind.Score => "score",
        VerdictKind.Override => "override",
        VerdictKind.TaskCompleted => "task completed",
        VerdictKind.Escalated => "handed to a person",
        VerdictKind.ConversationLength => "conversation length",
        VerdictKind.Evaluation => "evaluation",
        _ => "unknown",
    };

    /// <summary>The value of a signal in words: turns for a length, yes and no where it is one, else the score.</summary>
    public static string Value(VerdictRecord verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return (verdict.Kind, verdict.Score) switch
        {
            (VerdictKind.ConversationLength, var turns) => string.Create(CultureInfo.InvariantCulture, $"{turns:0} turns"),
            (VerdictKind.Thumbs, >= 0.5) => "up (1)",
            (VerdictKind.Thumbs, _) => "down (0)",
            (VerdictKind.TaskCompleted, >= 0.5) => "yes (1)",
            (VerdictKind.TaskCompleted, _) => "no (0)",
            (VerdictKind.Escalated, >= 0.5) => "no (1)",
            (VerdictKind.Escalated, _) => "yes (0)",
            (_, var score) => string.Create(CultureInfo.InvariantCulture, $"{score:0.###} of 1"),
        };
    }
}
