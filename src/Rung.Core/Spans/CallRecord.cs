using Rung.Core.Requests;

namespace Rung.Core.Spans;

/// <summary>How a call ended. Stored in the ledger: add at the end, never renumber.</summary>
public enum CallStatus : byte
{
    /// <summary>The client got a whole answer that no check failed.</summary>
    Answered = 1,
    /// <summary>The client got an answer that a check failed, marked as such, because no rung remained.</summary>
    AnsweredUnverified = 2,
    /// <summary>The client got an error, because every attempt failed.</summary>
    Failed = 3,
    /// <summary>The client got an error before any attempt: a bad request, or a pin that nothing satisfies.</summary>
    Rejected = 4,
    /// <summary>The client went away.</summary>
    ClientGone = 5,
    /// <summary>A stream broke off after its first byte had reached the client.</summary>
    CutShort = 6,
}

/// <summary>One call from a client and all that it took to answer it.</summary>
public sealed class CallRecord
{
    /// <summary>Time-ordered unique id: a UUID version 7 as 32 hexadecimal digits.</summary>
    public required string Id { get; init; }
    /// <summary>When the request had been read, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>The tag that the client gave, known to the policy or not; null when none.</summary>
    public string? Tag { get; init; }
    /// <summary>Where the tag was found.</summary>
    public TagSource TagSource { get; init; }
    /// <summary>The role: the client's, else the one the policy gives the tag; null when none.</summary>
    public string? Role { get; init; }
    /// <summary>The client's session or conversation; null when none.</summary>
    public string? Session { get; init; }
    /// <summary>The client's end user; null when none.</summary>
    public string? User { get; init; }
    /// <summary>Name of the route that served the call: the tag, <c>role:&lt;role&gt;</c> or <c>default</c>; empty when rejected before routing.</summary>
    public required string Route { get; init; }
    /// <summary>Rollout arm; null outside rollouts.</summary>
    public string? Arm { get; init; }
    /// <summary>Number of the policy revision that decided; 0 when it was never stored.</summary>
    public required long PolicyRevision { get; init; }
    /// <summary>Content hash of that revision, 64 hexadecimal digits.</summary>
    public required string PolicyHash { get; init; }
    /// <summary>Whether the client asked for a stream.</summary>
    public bool Streamed { get; init; }
    /// <summary>How it ended.</summary>
    public CallStatus Status { get; set; }
    /// <summary>HTTP status that the client got; 499 when it went away.</summary>
    public int HttpStatus { get; set; }
    /// <summary>From the request read to the last byte handed over, in microseconds.</summary>
    public long LatencyMicros { get; set; }
    /// <summary>From the request read to the first byte of content handed over, in microseconds; null when none was.</summary>
    public long? FirstByteMicros { get; set; }
    /// <summary>Rung of the model whose answer the client got; null when none.</summary>
    public string? Tier { get; set; }
    /// <summary>Model whose answer the client got; null when none.</summary>
    public string? Model { get; set; }
    /// <summary>Sum of the known costs of all attempts, in nano-USD.</summary>
    public long CostNanoUsd { get; set; }
    /// <summary>Attempts whose price is unknown: they are not in <see cref="CostNanoUsd"/>.</summary>
    public int UnknownPriceAttempts { get; set; }
    /// <summary>What the call would have cost at the reference tier, in nano-USD; null when that price is unknown or nothing was answered.</summary>
    public long? BaselineNanoUsd { get; set; }
    /// <summary>The model of the reference tier that the baseline assumes; null when there is no baseline.</summary>
    public string? BaselineModel { get; set; }
    /// <summary>Why the call went where it went, in words.</summary>
    public string? Reason { get; set; }
    /// <summary>Every attempt, in order.</summary>
    public List<AttemptRecord> Attempts { get; init; } = [];
}
