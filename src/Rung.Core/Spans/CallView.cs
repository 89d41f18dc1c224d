using Rung.Core.Requests;

namespace Rung.Core.Spans;

/// <summary>
/// A call as <c>GET /rung/calls/{id}</c>, <c>GET /rung/calls</c> and the files of pages have it: money in US dollars, exact to the nano-dollar, times in milliseconds. What the members
/// mean stands at <see cref="CallRecord"/>.
/// </summary>
public sealed record CallView
{
    private CallView(CallRecord call)
    {
        (Id, StartedAt, Status, HttpStatus) = (call.Id, call.StartedAt, call.Status, call.HttpStatus);
        (Tag, TagSource, Role, Session, User) = (call.Tag, call.TagSource, call.Role, call.Session, call.User);
        (Route, Arm, PolicyRevision, PolicyHash, Reason, Streamed) = (call.Route, call.Arm, call.PolicyRevision, call.PolicyHash, call.Reason, call.Streamed);
        (Tier, Model) = (call.Tier, call.Model);
        CostUsd = Usd(call.CostNanoUsd);
        UnknownPriceAttempts = call.UnknownPriceAttempts;
        BaselineUsd = call.BaselineNanoUsd is { } baseline ? Usd(baseline) : null;
        BaselineModel = call.BaselineModel;
        SavingUsd = call is { BaselineNanoUsd: { } known, UnknownPriceAttempts: 0 } ? Usd(known - call.CostNanoUsd) : null;
        LatencyMs = call.LatencyMicros / 1000.0;
        FirstByteMs = call.FirstByteMicros / 1000.0;
        Attempts = [.. call.Attempts.Select(AttemptView.Of)];
    }

    /// <summary>Its id.</summary>
    public string Id { get; }
    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; }
    /// <summary>How it ended.</summary>
    public CallStatus Status { get; }
    /// <summary>What the client got.</summary>
    public int HttpStatus { get; }
    /// <summary>Its tag.</summary>
    public string? Tag { get; }
    /// <summary>Where the tag was found.</summary>
    public TagSource TagSource { get; }
    /// <summary>Its role.</summary>
    public string? Role { get; }
    /// <summary>Its session.</summary>
    public string? Session { get; }
    /// <summary>Its end user.</summary>
    public string? User { get; }
    /// <summary>The route that served it.</summary>
    public string Route { get; }
    /// <summary>Its arm of a rollout.</summary>
    public string? Arm { get; }
    /// <summary>The revision that decided.</summary>
    public long PolicyRevision { get; }
    /// <summary>Its content hash.</summary>
    public string PolicyHash { get; }
    /// <summary>Why it went where it went.</summary>
    public string? Reason { get; }
    /// <summary>Whether a stream was asked for.</summary>
    public bool Streamed { get; }
    /// <summary>Rung of the answer.</summary>
    public string? Tier { get; }
    /// <summary>Model of the answer.</summary>
    public string? Model { get; }
    /// <summary>Known cost of all attempts, US dollars.</summary>
    public decimal CostUsd { get; }
    /// <summary>Attempts that are not in the cost.</summary>
    public int UnknownPriceAttempts { get; }
    /// <summary>The baseline, US dollars; null when it is not known.</summary>
    public decimal? BaselineUsd { get; }
    /// <summary>The model that the baseline assumes.</summary>
    public string? BaselineModel { get; }
    /// <summary>Baseline less cost, US dollars; null when either is not known.</summary>
    public decimal? SavingUsd { get; }
    /// <summary>To the last byte, milliseconds.</summary>
    public double LatencyMs { get; }
    /// <summary>To the first byte, milliseconds.</summary>
    public double? FirstByteMs { get; }
    /// <summary>Every attempt, in order.</summary>
    public IReadOnlyList<AttemptView> Attempts { get; }

    /// <summary>The view of a call.</summary>
    public static CallView Of(CallRecord call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new CallView(call);
    }

    internal static decimal Usd(long nanoUsd) => nanoUsd / 1_000_000_000m;
}
