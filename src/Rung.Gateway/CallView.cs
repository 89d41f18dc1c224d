using Rung.Core.Requests;
using Rung.Core.Spans;

namespace Rung.Gateway;

/// <summary>A call as <c>GET /rung/calls/{id}</c> shows it: money in US dollars, times in milliseconds.</summary>
internal sealed record CallView(
    string Id, DateTimeOffset StartedAt, CallStatus Status, int HttpStatus, string? Tag, TagSource TagSource, string? Role, string? Session, string? User,
    string Route, string? Arm, long PolicyRevision, string PolicyHash, string? Reason, bool Streamed, string? Tier, string? Model, decimal CostUsd,
    int UnknownPriceAttempts, decimal? BaselineUsd, string? BaselineModel, decimal? SavingUsd, double LatencyMs, double? FirstByteMs, IReadOnlyList<AttemptView> Attempts)
{
    public static CallView Of(CallRecord call) => new(
        call.Id, call.StartedAt, call.Status, call.HttpStatus, call.Tag, call.TagSource, call.Role, call.Session, call.User,
        call.Route, call.Arm, call.PolicyRevision, call.PolicyHash, call.Reason, call.Streamed, call.Tier, call.Model, Usd(call.CostNanoUsd),
        call.UnknownPriceAttempts, call.BaselineNanoUsd is { } baseline ? Usd(baseline) : null, call.BaselineModel,
        call is { BaselineNanoUsd: { } known, UnknownPriceAttempts: 0 } ? Usd(known - call.CostNanoUsd) : null,
        call.LatencyMicros / 1000.0, call.FirstByteMicros / 1000.0, [.. call.Attempts.Select(AttemptView.Of)]);

    internal static decimal Usd(long nanoUsd) => nanoUsd / 1_000_000_000m;
}

/// <summary>An attempt as the page of a call shows it.</summary>
internal sealed record AttemptView(
    int Ordinal, AttemptKind Kind, string Model, string Provider, string Tier, double Propensity, AttemptOutcome Outcome, int HttpStatus, string? Error,
    string? UpstreamModel, string? FinishReason, UsageSource UsageSource, long InputTokens, long CachedTokens, long OutputTokens, long ReasoningTokens,
    decimal? CostUsd, double LatencyMs, double? FirstByteMs, long? SavedTokens, double? SavedMs,
    IReadOnlyList<CheckVerdict> Checks)
{
    public static AttemptView Of(AttemptRecord attempt) => new(
        attempt.Ordinal, attempt.Kind, attempt.Model, attempt.Provider, attempt.Tier, attempt.Propensity, attempt.Outcome, attempt.HttpStatus, attempt.Error,
        attempt.UpstreamModel, attempt.FinishReason, attempt.Usage.Source, attempt.Usage.Input, attempt.Usage.CacheRead, attempt.Usage.Output,
        attempt.Usage.Reasoning, attempt.CostNanoUsd is { } nano ? CallView.Usd(nano) : null, attempt.LatencyMicros / 1000.0,
        attempt.FirstByteMicros / 1000.0, attempt.SavedTokens, attempt.SavedMicros / 1000.0, attempt.Checks);
}
