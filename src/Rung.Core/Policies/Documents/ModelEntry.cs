using System.Collections.Immutable;

namespace Rung.Core.Policies.Documents;

/// <summary>A model as written; null: not stated.</summary>
internal sealed record ModelEntry
{
    public required string Name { get; init; }
    public string? Provider { get; init; }
    public string? Id { get; init; }
    public string? Url { get; init; }
    public SecretReference? Key { get; init; }
    public string? KeyHeader { get; init; }
    public string? ApiVersion { get; init; }
    public PriceEntry? Price { get; init; }
    public HourlyEntry? Cost { get; init; }
    public string? Region { get; init; }
    public int? Context { get; init; }
    public int? MaxOutput { get; init; }
    /// <summary>Null: not stated. Empty: plain text only.</summary>
    public ImmutableArray<string>? Can { get; init; }
    public bool? Temperature { get; init; }
    public bool? StreamOptions { get; init; }
    public string? CapField { get; init; }
    public int? Priority { get; init; }
    public int? Weight { get; init; }
}

/// <summary>A price as written, in USD per million tokens.</summary>
internal sealed record PriceEntry
{
    public decimal Input { get; init; }
    public decimal Output { get; init; }
    public decimal? CachedInput { get; init; }
    public decimal? CacheWrite { get; init; }
    public decimal? CacheWriteLong { get; init; }
    public decimal? AudioInput { get; init; }
    public decimal? AudioOutput { get; init; }
    public ImmutableArray<PriceTierEntry> Tiers { get; init; } = [];
}

/// <summary>Rates above a number of input tokens, in USD per million tokens.</summary>
internal sealed record PriceTierEntry(long AboveInput, decimal Input, decimal Output, decimal? CachedInput, decimal? CacheWrite);

/// <summary>A price by the hour, in USD.</summary>
internal sealed record HourlyEntry(decimal UsdPerHour, int Slots);
