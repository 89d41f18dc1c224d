using Rung.Core.Spans;

namespace Rung.Demo;

/// <summary>Calls of one phase added up, by the ledger report's own definitions.</summary>
internal sealed class DemoTally(IReadOnlyCollection<CallRecord> calls)
{
    private readonly long[] _latencies = [.. calls.Select(call => call.LatencyMicros).Order()];

    public int Calls => calls.Count;
    public int Attempts => calls.Sum(call => call.Attempts.Count);
    public int Escalations => calls.Sum(call => call.Attempts.Count(attempt => attempt.Kind == AttemptKind.Escalation));
    public int EscalatedCalls => calls.Count(call => call.Attempts.Any(attempt => attempt.Kind == AttemptKind.Escalation));
    public int Errors => calls.Count(call => call.Status is CallStatus.Failed or CallStatus.Rejected or CallStatus.CutShort);
    public int Unverified => calls.Count(call => call.Status == CallStatus.AnsweredUnverified);
    public long CostNanoUsd => calls.Sum(call => call.CostNanoUsd);
    public long? BaselineNanoUsd => calls.Any(call => call.BaselineNanoUsd is not null) ? calls.Sum(call => call.BaselineNanoUsd ?? 0) : null;
    public double? P50Ms => AtRank(50);
    public double? P95Ms => AtRank(95);

    /// <summary>Share of a cost that another one saves, percent; null when there is nothing to compare.</summary>
    public static double? SavedPct(DemoTally before, DemoTally after) =>
        after.Calls == 0 || before.CostNanoUsd == 0 ? null : Math.Round(100.0 * (before.CostNanoUsd - after.CostNanoUsd) / before.CostNanoUsd, 2);

    // Nearest rank, as in the ledger's reports.
    private double? AtRank(int percent) => _latencies.Length == 0 ? null : Math.Round(_latencies[(((_latencies.Length * percent) + 99) / 100) - 1] / 1000.0, 1);
}
