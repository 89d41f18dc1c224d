using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Control.Laboratory;

/// <summary>What the models of a policy cost in a scenario: the policy's own prices, times a factor.</summary>
internal sealed class LabPrices
{
    private readonly PricePeriod?[] byTokens;
    private readonly HourlyPrice?[] byHour;
    private readonly int baseline;

    public LabPrices(PolicySnapshot policy, double factor, DateTimeOffset at)
    {
        byTokens = [.. policy.Models.Select(model => model.Price?.At(at) is { } period ? Scaled(period, factor) : null)];
        byHour = [.. policy.Models.Select(model => model.Hourly is { } hourly ? hourly with { NanoUsdPerHour = (long)Math.Round(hourly.NanoUsdPerHour * factor) } : null)];
        baseline = policy.BaselineModel.Index;
    }

    /// <summary>What an attempt costs, nano-USD; null when the price is unknown.</summary>
    public long? Of(int model, in TokenUsage usage, DateTimeOffset at, long busyMicros) =>
        byTokens[model] is { } period ? Cost.OfTokens(usage, period, at) : byHour[model] is { } hourly ? Cost.OfTime(hourly.NanoUsdPerHour, hourly.Slots, busyMicros) : null;

    /// <summary>What it would cost at the reference tier, nano-USD; null when that price is unknown.</summary>
    public long? Baseline(in TokenUsage usage, DateTimeOffset at, long busyMicros) => Of(baseline, usage, at, busyMicros);

    private static PricePeriod Scaled(PricePeriod period, double factor) => factor == 1 ? period : period with
    {
        Rates = Scaled(period.Rates, factor),
        Tiers = [.. period.Tiers.Select(tier => tier with { Rates = Scaled(tier.Rates, factor) })],
    };

    private static PriceRates Scaled(PriceRates rates, double factor)
    {
        return rates with
        {
            Input = Times(rates.Input), Output = Times(rates.Output),
            CacheRead = rates.CacheRead is { } read ? Times(read) : null,
            CacheWrite = rates.CacheWrite is { } write ? Times(write) : null,
            CacheWriteLong = rates.CacheWriteLong is { } written ? Times(written) : null,
            AudioInput = rates.AudioInput is { } heard ? Times(heard) : null,
            AudioOutput = rates.AudioOutput is { } spoken ? Times(spoken) : null,
        };

        long Times(long rate) => (long)Math.Round(rate * factor);
    }
}
