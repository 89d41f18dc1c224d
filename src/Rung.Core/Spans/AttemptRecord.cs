using System.Collections.Immutable;

namespace Rung.Core.Spans;

/// <summary>Why an attempt was made. Stored in the ledger: add at the end, never renumber.</summary>
public enum AttemptKind : byte
{
    /// <summary>The first request of the call.</summary>
    First = 1,
    /// <summary>The same model again after it was unavailable.</summary>
    Retry = 2,
    /// <summary>Another model of the same rung, because one was unavailable.</summary>
    Failover = 3,
    /// <summary>A higher rung, because a check failed or the rung was unavailable.</summary>
    Escalation = 4,
    /// <summary>A further answer of the same model, to compare with the first (<c>agrees</c>).</summary>
    Sample = 5,
    /// <summary>A model that scores another model's answer.</summary>
    Verifier = 6,
    /// <summary>A copy of a call, which the candidate of a rollout answers and nobody sees.</summary>
    Shadow = 7,
}

/// <summary>How an attempt ended. Stored in the ledger: add at the end, never renumber.</summary>
public enum AttemptOutcome : byte
{
    /// <summary>A whole answer came, and no check failed it.</summary>
    Completed = 1,
    /// <summary>A whole answer came, and a check failed it.</summary>
    CheckFailed = 2,
    /// <summary>No connection could be made.</summary>
    Unreachable = 3,
    /// <summary>The model was silent for too long, or the call ran out of time.</summary>
    TimedOut = 4,
    /// <summary>The upstream said 429.</summary>
    RateLimited = 5,
    /// <summary>The upstream answered 408, 409 or 5xx, or an error inside a 200.</summary>
    UpstreamError = 6,
    /// <summary>The upstream refused the request itself (other 4xx): another model would not help.</summary>
    RequestRejected = 7,
    /// <summary>What came was no answer: not JSON, no choices, or not the promised stream.</summary>
    Malformed = 8,
    /// <summary>The stream broke off before its end.</summary>
    CutShort = 9,
    /// <summary>The client went away; the attempt was cancelled.</summary>
    ClientGone = 10,
    /// <summary>The stream was abandoned: no continuation of it could have passed the checks.</summary>
    Doomed = 11,
}

/// <summary>Result of one check on one attempt.</summary>
/// <param name="Check">Name of the check, as the policy shows it.</param>
/// <param name="Passed">Whether the answer passed.</param>
/// <param name="Detail">For a failed check, what was wrong, without content of the answer beyond a short excerpt; else null.</param>
public sealed record CheckVerdict(string Check, bool Passed, string? Detail)
{
    /// <summary>How good the answer is by this check, 0 to 1; null for a check that only says yes or no.</summary>
    public double? Score { get; init; }
}

/// <summary>One request to one model on behalf of a call: who was asked, why, how it ended, what it cost.</summary>
public sealed class AttemptRecord
{
    /// <summary>Order within the call, from 0.</summary>
    public required int Ordinal { get; init; }
    /// <summary>Why it was made.</summary>
    public required AttemptKind Kind { get; init; }
    /// <summary>The policy's name of the model.</summary>
    public required string Model { get; init; }
    /// <summary>The provider of the model, as the policy names it.</summary>
    public required string Provider { get; init; }
    /// <summary>The name of the rung the model stood on for this attempt.</summary>
    public required string Tier { get; init; }
    /// <summary>Probability with which this model was chosen, in (0, 1]; 1 for a deterministic choice.</summary>
    public required double Propensity { get; init; }
    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>How it ended.</summary>
    public AttemptOutcome Outcome { get; set; }
    /// <summary>HTTP status of the upstream; 0 when none came.</summary>
    public int HttpStatus { get; set; }
    /// <summary>From start to end, in microseconds.</summary>
    public long LatencyMicros { get; set; }
    /// <summary>From start to the first byte of content, in microseconds; null when none came or the reply was not streamed.</summary>
    public long? FirstByteMicros { get; set; }
    /// <summary>Tokens used.</summary>
    public TokenUsage Usage { get; set; }
    /// <summary>Cost in nano-USD at the price in force when the attempt began; null when the price is unknown. Zero when nothing was used.</summary>
    public long? CostNanoUsd { get; set; }
    /// <summary>The model name the upstream reported; null when it reported none.</summary>
    public string? UpstreamModel { get; set; }
    /// <summary>Finish reason of the first choice as the upstream gave it; null when none came.</summary>
    public string? FinishReason { get; set; }
    /// <summary>For a failure, a short text without prompt, answer or key: status text, exception kind.</summary>
    public string? Error { get; set; }
    /// <summary>For an abandoned stream, the output tokens that were not waited for, estimated; else null.</summary>
    public long? SavedTokens { get; set; }
    /// <summary>For an abandoned stream, the time that was not waited, estimated, in microseconds; else null.</summary>
    public long? SavedMicros { get; set; }
    /// <summary>Results of the checks that ran on it, in order.</summary>
    public ImmutableArray<CheckVerdict> Checks { get; set; } = [];
}
