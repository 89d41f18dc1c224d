using Rung.Core.Spans;

namespace Rung.Control.Tests.Calls;

/// <summary>Calls to be read.</summary>
internal static class SampleCalls
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static string Id(int number) => $"01900000000070008000{number:x12}";

    public static CallRecord Call(int number, double atSeconds, double seconds, string? role, string? tag, long costNanoUsd, params AttemptRecord[] attempts) => new()
    {
        Id = Id(number), StartedAt = Noon.AddSeconds(atSeconds), Tag = tag, Role = role, Session = "s1", Route = tag ?? "default", PolicyRevision = 3, PolicyHash = new string('a', 64),
        Status = CallStatus.Answered, HttpStatus = 200, LatencyMicros = (long)(seconds * 1e6), Tier = attempts.LastOrDefault()?.Tier, Model = attempts.LastOrDefault()?.Model,
        CostNanoUsd = costNanoUsd, BaselineNanoUsd = 10 * costNanoUsd, BaselineModel = "opus", Attempts = [.. attempts],
    };

    public static AttemptRecord Attempt(
        int ordinal, AttemptKind kind, string model, string tier, AttemptOutcome outcome, double atSeconds = 0, double seconds = 1, TokenUsage usage = default, params CheckVerdict[] checks) => new()
    {
        Ordinal = ordinal, Kind = kind, Model = model, Provider = "p", Tier = tier, Propensity = 1, StartedAt = Noon.AddSeconds(atSeconds), Outcome = outcome,
        HttpStatus = outcome == AttemptOutcome.RateLimited ? 429 : 200, LatencyMicros = (long)(seconds * 1e6), Usage = usage, CostNanoUsd = 1, Checks = [.. checks],
    };
}
