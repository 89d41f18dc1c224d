using System.Collections.Immutable;
using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>
/// The rates of one model that sums of calls may have been billed at: by every price in force while they were made, and by the price for long inputs for as
/// many tokens as may have been above its threshold.
/// </summary>
internal sealed class RateSet
{
    private readonly ImmutableArray<PricePeriod> _periods;
    private readonly PricePeriod _now;
    private readonly SiteStatistics _site;

    private RateSet(ImmutableArray<PricePeriod> periods, PricePeriod now, SiteStatistics site) => (_periods, _now, _site) = (periods, now, site);

    /// <summary>The rates for a site's calls; null when the model has no price on the day.</summary>
    public static RateSet? Of(PriceSchedule schedule, DateTimeOffset priceDate, SiteStatistics site)
    {
        if (schedule.At(priceDate) is not { } now) return null;
        var during = schedule.Periods.Where(period => (period.From is null || period.From <= site.Period.Last) && (period.To is null || period.To > site.Period.First));
        // A call older than the first period is billed at the first one.
        return new RateSet([.. during.Append(now).Concat(schedule.At(site.Period.First) is { } first ? [first] : []).Distinct()], now, site);
    }

    /// <summary>What tokens cost in a case, in millionths of a pico-USD, as the tokens are in millionths.</summary>
    public Int128 Price(in ScaledTokens tokens, ProjectionCase which)
    {
        if (which == ProjectionCase.Middle) return At(_now, tokens, which);
        var best = Int128.MaxValue;
        var worst = Int128.Zero;
        foreach (var period in _periods)
        {
            var price = At(period, tokens, which);
            best = Int128.Min(best, price);
            worst = Int128.Max(worst, price);
        }
        return which == ProjectionCase.Best ? best : worst;
    }

    private Int128 At(PricePeriod period, in ScaledTokens tokens, ProjectionCase which)
    {
        var plain = Sum(period.Rates, tokens, which);
        if (period.Tiers.IsEmpty) return Peak(period, plain, which);
        var share = LongShare(period.Tiers[0].AboveInput).At(which);
        if (share == 0) return Peak(period, plain, which);
        // Of several thresholds the middle takes the first that is passed, the worst the last that may have been.
        var longest = _site.LongestInput ?? (long)Math.Ceiling(_site.Input.P95);
        var tier = which == ProjectionCase.Worst ? period.Tiers.LastOrDefault(row => row.AboveInput < longest) ?? period.Tiers[0] : period.Tiers[0];
        return Peak(period, ((plain * (1000 - share)) + (Sum(tier.Rates, tokens, which) * share)) / 1000, which);
    }

    /// <summary>The part of the tokens, in thousandths, that may have been in calls above a threshold.</summary>
    private AssumedRange LongShare(long threshold)
    {
        // Half of the calls are above the median, and they hold at least half of the tokens.
        if (_site.Input.P50 > threshold) return new AssumedRange(500, 1000, 1000);
        if (_site.Input.P95 > threshold) return new AssumedRange(0, 500, 1000);
        if (_site.LongestInput is not { } longest || longest <= threshold) return AssumedRange.None;
        // At most one call in twenty is above it, but how many tokens that one held is not in the sums.
        return new AssumedRange(0, 200, 1000);
    }

    // Hours of the day are not in the sums: whether they applied is open.
    private static Int128 Peak(PricePeriod period, Int128 price, ProjectionCase which)
    {
        if (period.Peak is not { } peak) return price;
        var other = price * Math.Max(0, peak.Permille) / 1000;
        return which switch { ProjectionCase.Best => Int128.Min(price, other), ProjectionCase.Worst => Int128.Max(price, other), _ => price };
    }

    // The sums do not tell caches of long and short life apart: the worst case takes the dearer.
    private static Int128 Sum(PriceRates rates, in ScaledTokens tokens, ProjectionCase which)
    {
        var write = rates.CacheWrite ?? rates.Input;
        if (which == ProjectionCase.Worst) write = Math.Max(write, rates.CacheWriteLong ?? write);
        return (tokens.Plain * rates.Input)
            + (tokens.CacheRead * (rates.CacheRead ?? rates.Input))
            + (tokens.CacheWrite * write)
            + (tokens.CacheLost * Math.Max(rates.Input, write))
            + (tokens.Output * rates.Output);
    }
}
