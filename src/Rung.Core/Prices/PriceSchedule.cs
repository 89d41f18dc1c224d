using System.Collections.Immutable;

namespace Rung.Core.Prices;

/// <summary>Rates that replace the base rates for the whole request once its input exceeds a threshold.</summary>
/// <param name="AboveInput">Input tokens (cached ones included) above which the rates apply.</param>
/// <param name="Rates">The rates.</param>
public sealed record PriceTier(long AboveInput, PriceRates Rates);

/// <summary>What a model costs from one instant to another.</summary>
public sealed record PricePeriod
{
    /// <summary>First instant of the period, UTC; null: since ever.</summary>
    public DateTimeOffset? From { get; init; }
    /// <summary>First instant after the period, UTC; null: still in force.</summary>
    public DateTimeOffset? To { get; init; }
    /// <summary>Base rates.</summary>
    public required PriceRates Rates { get; init; }
    /// <summary>Context tiers, lowest threshold first.</summary>
    public ImmutableArray<PriceTier> Tiers { get; init; } = [];
    /// <summary>Multiplier of the flex service tier, in thousandths (500 = half price); null when not offered.</summary>
    public int? FlexPermille { get; init; }
    /// <summary>Multiplier of the priority service tier, in thousandths; null when not offered.</summary>
    public int? PriorityPermille { get; init; }
    /// <summary>Hours of the day at which another multiplier holds; null for prices that do not depend on the clock.</summary>
    public PeakHours? Peak { get; init; }
    /// <summary>Last day on which a promotional rate is promised, UTC; null when the rate is not promotional.</summary>
    public DateOnly? PromotionUntil { get; init; }
    /// <summary>
    /// Where the price was read, in short: keys of sources of the book joined by <c>,</c>; <c>policy</c>; <c>user</c>, which no import
    /// overrides; or the importer (<c>litellm</c>, <c>models.dev</c>).
    /// </summary>
    public required string Source { get; init; }
    /// <summary>How far the source is trusted: high, medium or low.</summary>
    public string Confidence { get; init; } = "high";
}

/// <summary>Hours (UTC, Monday to Friday) at which a multiplier holds.</summary>
/// <param name="Windows">Half-open windows of minutes since midnight UTC.</param>
/// <param name="Permille">Multiplier in thousandths (2000 = double).</param>
public sealed record PeakHours(ImmutableArray<(int FromMinute, int ToMinute)> Windows, int Permille);

/// <summary>All that is known of one model's price, and of its limits, by provider and id.</summary>
public sealed record PriceSchedule
{
    /// <summary>Provider, as policies name it: openai, anthropic, google, azure, openrouter…</summary>
    public required string Provider { get; init; }
    /// <summary>The provider's model id.</summary>
    public required string Model { get; init; }
    /// <summary>Other ids of the same model.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];
    /// <summary>Periods in order of time, contiguous, at least one.</summary>
    public required ImmutableArray<PricePeriod> Periods { get; init; }
    /// <summary>Context window in tokens; null when unknown.</summary>
    public int? Context { get; init; }
    /// <summary>Most output tokens; null when unknown.</summary>
    public int? MaxOutput { get; init; }
    /// <summary>Known capabilities, in the words of the policy: tools, vision, json_schema, audio, files, reasoning…</summary>
    public ImmutableArray<string> Capabilities { get; init; } = [];
    /// <summary>Whether the model accepts <c>temperature</c>: yes, no, effort_none, or fixed_N.</summary>
    public string Temperature { get; init; } = "yes";
    /// <summary>What it does: chat or embedding. An embedding model has no output to price.</summary>
    public string Kind { get; init; } = "chat";
    /// <summary>Where it is in its life: current, preview, announced, legacy or retired (kept so that old calls can be priced).</summary>
    public string Status { get; init; } = "current";
    /// <summary>What to know about its price or limits, for people; null when nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The period in force at an instant; the first one for anything older; null when the last one has ended.</summary>
    public PricePeriod? At(DateTimeOffset instant)
    {
        foreach (var period in Periods)
        {
            if (period.To is null || instant < period.To) return period;
        }
        return null;
    }
}
