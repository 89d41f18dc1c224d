using Rung.Core.Spans;

namespace Rung.Control.Calls;

/// <summary>Sums over some calls of a session. Money is exact; what has no known price is counted beside it.</summary>
public sealed record SessionSums
{
    /// <summary>Calls.</summary>
    public required int Calls { get; init; }
    /// <summary>Of these, calls whose client got a whole answer, verified or not.</summary>
    public required int Answered { get; init; }
    /// <summary>Of these, calls that climbed.</summary>
    public required int Escalated { get; init; }
    /// <summary>Attempts.</summary>
    public required int Attempts { get; init; }
    /// <summary>Input tokens of all attempts.</summary>
    public required long InputTokens { get; init; }
    /// <summary>Output tokens of all attempts.</summary>
    public required long OutputTokens { get; init; }
    /// <summary>Known cost of all attempts, in nano-USD.</summary>
    public required long CostNanoUsd { get; init; }
    /// <summary>Attempts whose price is not known: they are in no amount.</summary>
    public required int UnknownPriceAttempts { get; init; }
    /// <summary>Baseline less cost over <see cref="SavingCalls"/>, in nano-USD; null when there are none.</summary>
    public required long? SavingNanoUsd { get; init; }
    /// <summary>Calls whose baseline and cost are both known.</summary>
    public required int SavingCalls { get; init; }
    /// <summary>Latencies added up, in microseconds; calls that ran side by side count each.</summary>
    public required long LatencyMicros { get; init; }

    internal static SessionSums Of(IReadOnlyCollection<CallRecord> calls)
    {
        var saved = calls.Select(CallReading.SavingOf).OfType<long>().ToList();
        return new SessionSums
        {
            Calls = calls.Count,
            Answered = calls.Count(call => call.Status is CallStatus.Answered or CallStatus.AnsweredUnverified),
            Escalated = calls.Count(call => call.Attempts.Exists(attempt => attempt.Kind == AttemptKind.Escalation)),
            Attempts = calls.Sum(call => call.Attempts.Count),
            InputTokens = calls.Sum(call => call.Attempts.Sum(attempt => attempt.Usage.Input)),
            OutputTokens = calls.Sum(call => call.Attempts.Sum(attempt => attempt.Usage.Output)),
            CostNanoUsd = calls.Sum(call => call.CostNanoUsd),
            UnknownPriceAttempts = calls.Sum(call => call.UnknownPriceAttempts),
            SavingNanoUsd = saved.Count > 0 ? saved.Sum() : null,
            SavingCalls = saved.Count,
            LatencyMicros = calls.Sum(call => call.LatencyMicros),
        };
    }
}
