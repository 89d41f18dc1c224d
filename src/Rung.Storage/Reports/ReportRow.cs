namespace Rung.Storage.Reports;

/// <summary>
/// One row of a report. By tag, role, session, day and route it is about calls: everything that their attempts took is in it. By model and
/// tier it is about attempts: tokens, cost, errors and times are those of the attempts that reached it, whoever answered in the end;
/// baseline and saving are those of the calls that it answered.
/// </summary>
public sealed record ReportRow
{
    /// <summary>The tag, role, tier, model, session, day or route; null for calls that have none (by model and tier: calls that nobody answered).</summary>
    public required string? Key { get; init; }
    /// <summary>Calls; by model and tier: calls of which at least one attempt reached it (key null: calls without an attempt).</summary>
    public required long Calls { get; init; }
    /// <summary>Calls that got an answer; by model and tier: from it.</summary>
    public required long Answered { get; init; }
    /// <summary>Attempts.</summary>
    public required long Attempts { get; init; }
    /// <summary>Attempts that climbed a rung; by model and tier: that climbed to it.</summary>
    public required long Escalations { get; init; }
    /// <summary>Calls with at least one of <see cref="Escalations"/>.</summary>
    public required long EscalatedCalls { get; init; }
    /// <summary>Calls that ended in an error (failed, rejected, cut short); by model and tier: attempts that brought no whole answer. A client that left is no error.</summary>
    public required long Errors { get; init; }
    /// <summary>How many ended otherwise than well, by how: call status (by model and tier: attempt outcome) in snake_case.</summary>
    public required IReadOnlyDictionary<string, long> Failures { get; init; }
    /// <summary>Input tokens, cached ones included.</summary>
    public required long TokensIn { get; init; }
    /// <summary>Part of <see cref="TokensIn"/> that was read from a cache.</summary>
    public required long TokensCached { get; init; }
    /// <summary>Output tokens, reasoning included.</summary>
    public required long TokensOut { get; init; }
    /// <summary>Known cost of all attempts, nano-USD.</summary>
    public required long CostNanoUsd { get; init; }
    /// <summary>Attempts whose price is unknown: they are not in <see cref="CostNanoUsd"/>.</summary>
    public required long UnknownPriceAttempts { get; init; }
    /// <summary>Streams that were abandoned, because no continuation of them could have passed the checks.</summary>
    public required long DoomedAttempts { get; init; }
    /// <summary>Those of <see cref="DoomedAttempts"/> of which it is estimated what they saved.</summary>
    public required long DoomedMeasured { get; init; }
    /// <summary>Output tokens that were not waited for, estimated, over <see cref="DoomedMeasured"/>.</summary>
    public required long SavedTokens { get; init; }
    /// <summary>Time that was not waited, estimated, over <see cref="DoomedMeasured"/>, microseconds.</summary>
    public required long SavedMicros { get; init; }
    /// <summary>What the calls that have a baseline would have cost at the reference tier, nano-USD; null when none has one.</summary>
    public required long? BaselineNanoUsd { get; init; }
    /// <summary>Calls that have a baseline.</summary>
    public required long CallsWithBaseline { get; init; }
    /// <summary>Calls that have none.</summary>
    public required long CallsWithoutBaseline { get; init; }
    /// <summary>
    /// Baseline minus cost, all attempts included, over the calls that have a baseline and no attempt of unknown price; nano-USD, negative for a
    /// loss; null when there is no such call.
    /// </summary>
    public required long? SavingNanoUsd { get; init; }
    /// <summary>Calls that <see cref="SavingNanoUsd"/> covers.</summary>
    public required long CallsInSaving { get; init; }
    /// <summary>Saving as a share of the baseline of the same calls, at most 1; null when that baseline is 0 or there is none.</summary>
    public required double? SavedShare { get; init; }
    /// <summary>Median latency, microseconds; null when there is nothing to measure.</summary>
    public required long? LatencyP50Micros { get; init; }
    /// <summary>95th percentile of the latency, microseconds.</summary>
    public required long? LatencyP95Micros { get; init; }
    /// <summary>Median time to the first byte of content, microseconds, over those that have one.</summary>
    public required long? FirstByteP50Micros { get; init; }
    /// <summary>95th percentile of the time to the first byte, microseconds.</summary>
    public required long? FirstByteP95Micros { get; init; }

    /// <summary>Share of the calls that climbed at least one rung, 0 to 1; 0 when there is no call.</summary>
    public double EscalationRate => Calls == 0 ? 0 : (double)EscalatedCalls / Calls;
}
