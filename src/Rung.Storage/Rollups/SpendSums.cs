using Rung.Core.Spans;

namespace Rung.Storage.Rollups;

/// <summary>
/// Amounts of some calls and attempts, exact; one that exceeds 64 bits is the largest number there is. What is of calls stands with the tier and model that answered, what is of attempts
/// with those of the attempt: added up over tiers and models, they are those of the same calls. They mean what they mean in <see cref="Reports.ReportRow"/>. Not safe for several threads.
/// </summary>
public sealed class SpendSums
{
    // The columns of rollup_spend, in order.
    internal const int StatusCount = 6, Escalated = 6, FailedOver = 7, UnknownCalls = 8, CallCost = 9, WithBaseline = 10, Baseline = 11, InSaving = 12, SavingBaseline = 13, SavingCost = 14,
        AttemptCount = 15, EscalationCount = 16, ErrorCount = 17, In = 18, Cached = 19, Out = 20, Cost = 21, UnknownAttempts = 22, Doomed = 23, Measured = 24, SavedOut = 25, SavedTime = 26;

    internal static readonly string[] Columns =
    [
        "answered", "unverified", "failed", "rejected", "client_gone", "cut_short", "escalated", "failed_over", "unknown_price_calls", "call_cost_nano_usd", "baseline_calls",
        "baseline_nano_usd", "saving_calls", "saving_baseline_nano_usd", "saving_cost_nano_usd", "attempts", "escalations", "attempt_errors", "tokens_in", "tokens_cached", "tokens_out",
        "cost_nano_usd", "unknown_price_attempts", "doomed", "doomed_measured", "saved_tokens", "saved_us",
    ];

    private readonly long[] _sums = new long[Columns.Length];

    /// <summary>Calls.</summary>
    public long Calls => _sums[0] + _sums[1] + _sums[2] + _sums[3] + _sums[4] + _sums[5];
    /// <summary>Calls that got an answer, verified or not.</summary>
    public long Answered => _sums[0] + _sums[1];
    /// <summary>Calls that failed, were rejected or were cut short. A client that left is no error.</summary>
    public long Errors => Count(CallStatus.Failed) + Count(CallStatus.Rejected) + Count(CallStatus.CutShort);
    /// <summary>Calls that climbed at least one rung.</summary>
    public long EscalatedCalls => _sums[Escalated];
    /// <summary>Calls for which another model of the rung stood in.</summary>
    public long FailedOverCalls => _sums[FailedOver];
    /// <summary>Calls with an attempt of unknown price.</summary>
    public long UnknownPriceCalls => _sums[UnknownCalls];
    /// <summary>Known cost of all attempts of the calls that this tier and model answered, nano-USD.</summary>
    public long CallCostNanoUsd => _sums[CallCost];
    /// <summary>What the calls that have a baseline would have cost at the reference tier, nano-USD.</summary>
    public long BaselineNanoUsd => _sums[Baseline];
    /// <summary>Calls that have one.</summary>
    public long CallsWithBaseline => _sums[WithBaseline];
    /// <summary>Calls that have one and only known prices: those of <see cref="SavingNanoUsd"/>.</summary>
    public long CallsInSaving => _sums[InSaving];
    /// <summary>Baseline minus cost over <see cref="CallsInSaving"/>, nano-USD, negative for a loss; null when there is no such call.</summary>
    public long? SavingNanoUsd => CallsInSaving > 0 ? _sums[SavingBaseline] - _sums[SavingCost] : null;
    /// <summary>Saving as a share of the baseline of the same calls, at most 1; null when that is 0 or there is none.</summary>
    public double? SavedShare => _sums[SavingBaseline] > 0 ? (double)(_sums[SavingBaseline] - _sums[SavingCost]) / _sums[SavingBaseline] : null;
    /// <summary>Attempts.</summary>
    public long Attempts => _sums[AttemptCount];
    /// <summary>Attempts that climbed a rung.</summary>
    public long Escalations => _sums[EscalationCount];
    /// <summary>Attempts that brought no whole answer, for another reason than that the client left or the gateway gave them up as doomed.</summary>
    public long AttemptErrors => _sums[ErrorCount];
    /// <summary>Input tokens, cached ones included.</summary>
    public long TokensIn => _sums[In];
    /// <summary>Part of <see cref="TokensIn"/> that was read from a cache.</summary>
    public long TokensCached => _sums[Cached];
    /// <summary>Output tokens, reasoning included.</summary>
    public long TokensOut => _sums[Out];
    /// <summary>Known cost of the attempts, nano-USD: the cost of every page.</summary>
    public long CostNanoUsd => _sums[Cost];
    /// <summary>Attempts whose price is unknown: they are not in <see cref="CostNanoUsd"/>.</summary>
    public long UnknownPriceAttempts => _sums[UnknownAttempts];
    /// <summary>Streams that were given up.</summary>
    public long DoomedAttempts => _sums[Doomed];
    /// <summary>Those of which it is estimated what they saved.</summary>
    public long DoomedMeasured => _sums[Measured];
    /// <summary>Output tokens that were not waited for, estimated.</summary>
    public long SavedTokens => _sums[SavedOut];
    /// <summary>Time that was not waited, estimated, microseconds.</summary>
    public long SavedMicros => _sums[SavedTime];

    /// <summary>Calls that ended like this.</summary>
    public long Count(CallStatus status) => status is >= CallStatus.Answered and <= CallStatus.CutShort ? _sums[(int)status - 1] : 0;

    /// <summary>Adds others.</summary>
    public void Merge(SpendSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _sums.Length; i++) Add(i, other._sums[i]);
    }

    internal long this[int column] => _sums[column];

    internal void Add(int column, long amount)
    {
        ref var sum = ref _sums[column];
        var added = unchecked(sum + amount);
        // Overflow shows in the signs: both have the same one, and the sum has the other.
        sum = ((sum ^ added) & (amount ^ added)) < 0 ? amount < 0 ? long.MinValue : long.MaxValue : added;
    }
}
