using Rung.Control.Imports;

namespace Rung.Control.Audit;

/// <summary>Sums over every call of an audit. Tokens: parts are inside their whole.</summary>
/// <param name="Calls">Calls; a sum of calls counts as many as it stands for.</param>
/// <param name="CostNanoUsd">Cost of those with a known price, in nano-USD.</param>
/// <param name="UnknownPriceCalls">Those without one.</param>
/// <param name="InputTokens">All input.</param>
/// <param name="CacheReadTokens">Of it read from a cache.</param>
/// <param name="CacheWriteTokens">Of it written to a cache, for short or long.</param>
/// <param name="OutputTokens">All output.</param>
/// <param name="ReasoningTokens">Of it reasoning.</param>
public readonly record struct AuditTotals(
    long Calls, long CostNanoUsd, long UnknownPriceCalls, long InputTokens, long CacheReadTokens, long CacheWriteTokens, long OutputTokens, long ReasoningTokens)
{
    /// <summary>With one more call.</summary>
    public AuditTotals Plus(ImportedCall call, CallRating rating)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new AuditTotals(
            Calls + call.Requests, CostNanoUsd + (rating.CostNanoUsd ?? 0), UnknownPriceCalls + (rating.CostNanoUsd is null ? call.Requests : 0),
            InputTokens + call.Usage.Input, CacheReadTokens + call.Usage.CacheRead, CacheWriteTokens + call.Usage.CacheWrite + call.Usage.CacheWriteLong,
            OutputTokens + call.Usage.Output, ReasoningTokens + call.Usage.Reasoning);
    }

    /// <summary>With everything that a site spent at one model.</summary>
    public AuditTotals Plus(ModelUse use)
    {
        ArgumentNullException.ThrowIfNull(use);
        return new AuditTotals(
            Calls + use.Calls, CostNanoUsd + use.CostNanoUsd, UnknownPriceCalls + use.UnknownPriceCalls, InputTokens + use.InputTokens,
            CacheReadTokens + use.CacheReadTokens, CacheWriteTokens + use.CacheWriteTokens, OutputTokens + use.OutputTokens, ReasoningTokens + use.ReasoningTokens);
    }
}

/// <summary>One day's spend.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Calls">Its calls.</param>
/// <param name="CostNanoUsd">Their cost where it is known, in nano-USD.</param>
public readonly record struct DaySpend(DateOnly Day, long Calls, long CostNanoUsd);

/// <summary>Calls and an amount that belongs to them.</summary>
/// <param name="Calls">Calls.</param>
/// <param name="NanoUsd">The amount, in nano-USD.</param>
public readonly record struct CountedAmount(long Calls, long NanoUsd)
{
    /// <summary>With more of it.</summary>
    public CountedAmount Plus(long calls, long nanoUsd) => new(Calls + calls, NanoUsd + nanoUsd);
}

/// <summary>Calls that a provider's bill may see differently.</summary>
/// <param name="FromCache">Answered by a gateway's cache, counted as zero; the amount is what their tokens would cost at a model.</param>
/// <param name="FailedWithTokens">Failed, and the log has tokens for them; the amount is what they are counted with.</param>
/// <param name="Discounted">At a batch's or a slow lane's price; the amount is what that takes off.</param>
/// <param name="Surcharged">At a fast lane's price; the amount is what that puts on.</param>
public readonly record struct BilledApart(CountedAmount FromCache, CountedAmount FailedWithTokens, CountedAmount Discounted, CountedAmount Surcharged);

/// <summary>Calls of one model whose cost is unknown, for one reason.</summary>
public sealed record UnknownPrice
{
    /// <summary>The provider; empty when the log tells none.</summary>
    public required string Provider { get; init; }
    /// <summary>The model; empty when the log tells none.</summary>
    public required string Model { get; init; }
    /// <summary>The reason.</summary>
    public required UnknownCost Why { get; init; }
    /// <summary>Calls.</summary>
    public required long Calls { get; init; }
    /// <summary>Their input tokens.</summary>
    public required long InputTokens { get; init; }
    /// <summary>Their output tokens.</summary>
    public required long OutputTokens { get; init; }
    /// <summary>Of the calls those for which the log itself states a cost.</summary>
    public required long ReportedCalls { get; init; }
    /// <summary>Sum of what it states, in nano-USD.</summary>
    public required long ReportedNanoUsd { get; init; }
}

/// <summary>What one format of log says of one provider.</summary>
public readonly record struct SourceSpend
{
    /// <summary>The format.</summary>
    public required string Source { get; init; }
    /// <summary>The provider; empty when the log tells none.</summary>
    public required string Provider { get; init; }
    /// <summary>Whether single calls are among it, not only sums.</summary>
    public bool HasCalls { get; init; }
    /// <summary>Calls.</summary>
    public long Calls { get; init; }
    /// <summary>Of them those whose cost is unknown.</summary>
    public long UnknownPriceCalls { get; init; }
    /// <summary>Cost of the others, in nano-USD.</summary>
    public long CostNanoUsd { get; init; }
    /// <summary>What the log itself states, in nano-USD, over <see cref="ReportedCalls"/>.</summary>
    public long ReportedNanoUsd { get; init; }
    /// <summary>Calls for which it states a cost.</summary>
    public long ReportedCalls { get; init; }
    /// <summary>Input tokens.</summary>
    public long InputTokens { get; init; }
    /// <summary>Of them read from a cache.</summary>
    public long CacheReadTokens { get; init; }
    /// <summary>Output tokens.</summary>
    public long OutputTokens { get; init; }
    /// <summary>Start of the first call, UTC.</summary>
    public required DateTimeOffset First { get; init; }
    /// <summary>Start of the last call, UTC.</summary>
    public required DateTimeOffset Last { get; init; }

    /// <summary>With one more call, or sum of calls.</summary>
    internal SourceSpend Plus(ImportedCall call, CallRating rating) => this with
    {
        HasCalls = HasCalls || call.Granularity == ImportGranularity.Call,
        Calls = Calls + call.Requests,
        UnknownPriceCalls = UnknownPriceCalls + (rating.CostNanoUsd is null ? call.Requests : 0),
        CostNanoUsd = CostNanoUsd + (rating.CostNanoUsd ?? 0),
        ReportedNanoUsd = ReportedNanoUsd + (call.ReportedCostNanoUsd ?? 0),
        ReportedCalls = ReportedCalls + (call.ReportedCostNanoUsd is null ? 0 : call.Requests),
        InputTokens = InputTokens + call.Usage.Input,
        CacheReadTokens = CacheReadTokens + call.Usage.CacheRead,
        OutputTokens = OutputTokens + call.Usage.Output,
        First = call.StartedAt < First ? call.StartedAt : First,
        Last = call.StartedAt > Last ? call.StartedAt : Last,
    };
}
