namespace Rung.Core.Prices;

/// <summary>Rates of one model in one period and context tier, in pico-USD per token (1 USD per million tokens = 1,000,000).</summary>
public sealed record PriceRates
{
    /// <summary>Uncached input.</summary>
    public required long Input { get; init; }
    /// <summary>Output, reasoning included.</summary>
    public required long Output { get; init; }
    /// <summary>Input read from a cache; null when the provider publishes no such rate (then <see cref="Input"/> applies).</summary>
    public long? CacheRead { get; init; }
    /// <summary>Input written to a short-lived cache; null: <see cref="Input"/> applies.</summary>
    public long? CacheWrite { get; init; }
    /// <summary>Input written to a long-lived cache; null: <see cref="CacheWrite"/>, else <see cref="Input"/> applies.</summary>
    public long? CacheWriteLong { get; init; }
    /// <summary>Audio input; null: <see cref="Input"/> applies.</summary>
    public long? AudioInput { get; init; }
    /// <summary>Audio output; null: <see cref="Output"/> applies.</summary>
    public long? AudioOutput { get; init; }
}
