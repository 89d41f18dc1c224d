using System.Collections.Immutable;
using Rung.Core.Spans;
using Rung.Replay;
using Rung.Storage.Imports;

namespace Rung.Tests.Replay;

/// <summary>Logged calls of tag <c>t</c>: 1,000 tokens in, 100 out.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    public static TokenUsage Usage => new() { Input = 1000, Output = 100, Source = UsageSource.Provider };

    /// <summary>A call that one model answered.</summary>
    public static CallRecord Call(string model, long? paid, string? user = null, bool? passed = null, string id = "1", DateTimeOffset? at = null, string? session = null) => Record(id, model, user, at ?? Noon, session,
        [Attempt(0, AttemptKind.First, model, paid, passed is { } verdict ? [new CheckVerdict("regex", verdict, null)] : [])]);

    /// <summary>A call whose cheap answer failed its check.</summary>
    public static CallRecord Climbed(long paidLow, long paidHigh) => Record("1", "large", user: null, Noon, session: null,
    [
        Attempt(0, AttemptKind.First, "small", paidLow, [new CheckVerdict("regex", Passed: false, "no x")]),
        Attempt(1, AttemptKind.Escalation, "large", paidHigh, [new CheckVerdict("regex", Passed: true, null)]),
    ]);

    public static LoggedCall Logged(string id, int session, string model, double? verdict, double? propensity, long cacheRead = 0, int permille = 1000) => new()
    {
        Id = id, StartedAt = Noon, Tag = "t", Session = $"s{session}", Answer = 0, Verdict = verdict, CostNanoUsd = 1,
        Attempts = [new LoggedAttempt { Kind = AttemptKind.First, Provider = "openai-compatible", Model = model, StartedAt = Noon, Usage = Usage with { CacheRead = cacheRead }, CostNanoUsd = 1, Propensity = propensity, PricePermille = permille }],
    };

    public static ImportedRecord Imported(string model, string? site, string provider = "somebody", int granularity = 1, int status = 1) => new()
    {
        Source = "litellm", Key = model, StartedAt = Noon, Granularity = granularity, Requests = 1, Provider = provider, Model = model, Usage = Usage with { Source = UsageSource.None },
        CostNanoUsd = 25_000_000, Status = status, Tag = "other", SiteTag = site,
    };

    private static CallRecord Record(string id, string model, string? user, DateTimeOffset at, string? session, List<AttemptRecord> attempts) => new()
    {
        Id = id, StartedAt = at, Tag = "t", Route = "t", User = user, Session = session, PolicyRevision = 1, PolicyHash = new string('0', 64), Status = CallStatus.Answered, HttpStatus = 200,
        Model = model, Tier = model == "small" ? "low" : "high", CostNanoUsd = attempts.Sum(attempt => attempt.CostNanoUsd ?? 0), UnknownPriceAttempts = attempts.Count(attempt => attempt.CostNanoUsd is null), Attempts = attempts,
    };

    private static AttemptRecord Attempt(int ordinal, AttemptKind kind, string model, long? paid, ImmutableArray<CheckVerdict> checks) => new()
    {
        Ordinal = ordinal, Kind = kind, Model = model, Provider = "openai-compatible", Tier = model == "small" ? "low" : "high", Propensity = 1, StartedAt = Noon, Usage = Usage, CostNanoUsd = paid,
        Outcome = checks.Any(check => !check.Passed) ? AttemptOutcome.CheckFailed : AttemptOutcome.Completed, Checks = checks, FinishReason = "stop", HttpStatus = 200,
    };
}
