namespace Rung.Core.Spans;

/// <summary>Where the token counts of an attempt come from.</summary>
public enum UsageSource : byte
{
    /// <summary>No answer was made, so nothing was used.</summary>
    None = 0,
    /// <summary>The provider's own usage block.</summary>
    Provider = 1,
    /// <summary>A whole answer without a usage block: characters divided by 4.</summary>
    Estimated = 2,
    /// <summary>A stream that was cut before its usage block came: estimated from what arrived.</summary>
    EstimatedPartial = 3,
}

/// <summary>Token counts of one attempt, in tokens. Details are parts of <see cref="Input"/> and <see cref="Output"/>, never beside them.</summary>
public readonly record struct TokenUsage
{
    /// <summary>All input tokens: uncached, read from a cache and written to one.</summary>
    public long Input { get; init; }
    /// <summary>Part of <see cref="Input"/> that was read from a prompt cache.</summary>
    public long CacheRead { get; init; }
    /// <summary>Part of <see cref="Input"/> that was written to a cache with the short lifetime (5 minutes; OpenAI's only class).</summary>
    public long CacheWrite { get; init; }
    /// <summary>Part of <see cref="Input"/> that was written to a cache with the long lifetime (1 hour).</summary>
    public long CacheWriteLong { get; init; }
    /// <summary>Part of <see cref="Input"/> that was audio.</summary>
    public long AudioInput { get; init; }
    /// <summary>All output tokens, reasoning included.</summary>
    public long Output { get; init; }
    /// <summary>Part of <see cref="Output"/> that was hidden reasoning; billed as output.</summary>
    public long Reasoning { get; init; }
    /// <summary>Part of <see cref="Output"/> that was audio.</summary>
    public long AudioOutput { get; init; }
    /// <summary>Where the counts come from.</summary>
    public UsageSource Source { get; init; }
    /// <summary>What the provider itself says the attempt cost, in nano-USD (OpenRouter's <c>usage.cost</c>); null when it does not say.</summary>
    public long? ReportedCostNanoUsd { get; init; }
    /// <summary>The service tier the provider says it billed.</summary>
    public ServiceTier Tier { get; init; }
}

/// <summary>Service tier that a provider billed: it multiplies the price.</summary>
public enum ServiceTier : byte
{
    /// <summary>List price.</summary>
    Standard = 0,
    /// <summary>Slower and cheaper.</summary>
    Flex = 1,
    /// <summary>Faster and dearer.</summary>
    Priority = 2,
}
