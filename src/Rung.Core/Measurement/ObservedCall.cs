namespace Rung.Core.Measurement;

/// <summary>What a finished call says to those who measure: rollouts, floors and ceilings, drift. It holds no content.</summary>
public readonly record struct ObservedCall
{
    /// <summary>The call's id; empty for a call that was simulated without a ledger.</summary>
    public required string Id { get; init; }
    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The tag as the client gave it; null when none.</summary>
    public string? Tag { get; init; }
    /// <summary>Rollout arm as <see cref="Rollouts.ArmName"/> writes it; null outside rollouts.</summary>
    public string? Arm { get; init; }
    /// <summary>What the rollout assigned by: a session, a user, a key's hash or the call itself; else the session, else the call.</summary>
    public required string Unit { get; init; }
    /// <summary>Its session; null when none.</summary>
    public string? Session { get; init; }
    /// <summary>Number of the policy revision that decided.</summary>
    public long Revision { get; init; }
    /// <summary>The rung that it started on; null when it was refused before any attempt.</summary>
    public string? Tier { get; init; }
    /// <summary>The model whose answer the client got; null when none.</summary>
    public string? Model { get; init; }
    /// <summary>The model name which the upstream of that answer reported; null when none.</summary>
    public string? UpstreamModel { get; init; }
    /// <summary>Cost of all attempts, nano-USD; null when a price is unknown.</summary>
    public long? CostNanoUsd { get; init; }
    /// <summary>What it would have cost at the reference tier, nano-USD; null when unknown.</summary>
    public long? BaselineNanoUsd { get; init; }
    /// <summary>From the request read to the last byte handed over, microseconds.</summary>
    public long LatencyMicros { get; init; }
    /// <summary>From the request read to the first byte of content, microseconds; null when there was none.</summary>
    public long? FirstByteMicros { get; init; }
    /// <summary>Whether any answer was judged by a check.</summary>
    public bool Checked { get; init; }
    /// <summary>Whether the first answer that was judged failed a check.</summary>
    public bool CheckFailed { get; init; }
    /// <summary>Whether it climbed at least one rung.</summary>
    public bool Escalated { get; init; }
    /// <summary>Whether another model of the same rung stood in.</summary>
    public bool FailedOver { get; init; }
    /// <summary>Whether the client got no whole answer through no fault of its own: failed or cut short.</summary>
    public bool Failed { get; init; }
    /// <summary>Whether the client got an answer that a check had failed.</summary>
    public bool Unverified { get; init; }
    /// <summary>Mean score of the verifiers on the answer that the client got, 0 to 1; null when there was none.</summary>
    public double? VerifierScore { get; init; }
}
