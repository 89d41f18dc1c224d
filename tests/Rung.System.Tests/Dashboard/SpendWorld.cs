using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;
using Rung.Storage;

namespace Rung.Tests.Dashboard;

/// <summary>Calls of a few days with odd amounts, an unknown price, a climb, a failover, and a tag that is meant to do harm.</summary>
internal static class SpendWorld
{
    public const string HostileTag = "=HYPERLINK(\"http://evil.example\",\"<script>alert(1)</script>\")";

    /// <summary>What the clock of the tests shows.</summary>
    public static readonly DateTimeOffset Now = new ManualClock().GetUtcNow();

    public static Task FillAsync(Ledger ledger) => FillAsync(ledger, Now);

    /// <summary>The same calls, the newest at another time.</summary>
    public static async Task FillAsync(Ledger ledger, DateTimeOffset newest)
    {
        var calls = new List<CallRecord>();
        for (var i = 0; i < 600; i++)
        {
            var at = newest.AddMinutes(-11 * i).AddSeconds(-i);
            var tag = (i % 5) switch { 0 => "answer", 1 or 2 => "sort", 3 => HostileTag, _ => null };
            var climbs = tag == "sort" && i % 7 == 0;
            var unknown = i % 97 == 3;
            var cost = 1_234_567L + (i * 7_919);
            var first = Attempt(at, 0, AttemptKind.First, tag == "answer" ? "frontier" : "small", tag == "answer" ? "big" : "little", climbs ? AttemptOutcome.CheckFailed : AttemptOutcome.Completed, unknown ? null : cost);
            AttemptRecord[] attempts = climbs ? [first, Attempt(at, 1, AttemptKind.Escalation, "frontier", "big", AttemptOutcome.Completed, 11 * cost)] : [first];
            calls.Add(new CallRecord
            {
                Id = $"{at.ToUnixTimeMilliseconds():x12}7{i:x19}", StartedAt = at, Tag = tag, Role = tag == "sort" ? "worker" : null, Session = $"s{i / 3}", Route = tag is "sort" or "answer" ? tag : "default",
                Tier = climbs || tag == "answer" ? "frontier" : "small", Model = climbs || tag == "answer" ? "big" : "little", Status = CallStatus.Answered, HttpStatus = 200, PolicyRevision = 1, PolicyHash = "x",
                LatencyMicros = 250_000 + (i * 100), CostNanoUsd = attempts.Sum(attempt => attempt.CostNanoUsd ?? 0), UnknownPriceAttempts = unknown ? 1 : 0, BaselineNanoUsd = 13 * cost, BaselineModel = "big", Attempts = [.. attempts],
            });
        }
        await ledger.AppendAsync(calls, CancellationToken.None);
    }

    private static AttemptRecord Attempt(DateTimeOffset at, int ordinal, AttemptKind kind, string tier, string model, AttemptOutcome outcome, long? cost) => new()
    {
        Ordinal = ordinal, Kind = kind, Model = model, Provider = "openai-compatible", Tier = tier, Propensity = 1, StartedAt = at, Outcome = outcome, HttpStatus = 200, LatencyMicros = 200_000, CostNanoUsd = cost,
        Checks = outcome == AttemptOutcome.CheckFailed ? [new CheckVerdict("max_chars", false, "too long")] : [],
    };
}
