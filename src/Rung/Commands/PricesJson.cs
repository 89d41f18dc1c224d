using Rung.Core.Prices;

namespace Rung.Commands;

/// <summary>Prices in the shape of <c>--json</c>: USD per million tokens, exact; null where unknown.</summary>
internal static class PricesJson
{
    public static object Model(PriceSchedule entry, PricePeriod? period) => new
    {
        entry.Provider,
        entry.Model,
        entry.Kind,
        entry.Status,
        entry.Aliases,
        entry.Context,
        entry.MaxOutput,
        entry.Capabilities,
        entry.Temperature,
        entry.Note,
        Price = period is null ? null : Period(period),
    };

    public static object Period(PricePeriod period) => new
    {
        From = Day(period.From),
        To = Day(period.To),
        Rates = Rates(period.Rates),
        Tiers = period.Tiers.Select(tier => new { tier.AboveInput, Rates = Rates(tier.Rates) }),
        FlexTimes = period.FlexPermille / 1000m,
        PriorityTimes = period.PriorityPermille / 1000m,
        Peak = period.Peak is { } peak ? new { Times = peak.Permille / 1000m, Utc = peak.Windows.Select(PricesTable.Window) } : null,
        period.PromotionUntil,
        Source = period.Source.Split(','),
        period.Confidence,
    };

    private static object Rates(PriceRates rates) => new
    {
        Input = Usd(rates.Input),
        Output = Usd(rates.Output),
        CacheRead = Usd(rates.CacheRead),
        CacheWrite = Usd(rates.CacheWrite),
        CacheWriteLong = Usd(rates.CacheWriteLong),
        AudioInput = Usd(rates.AudioInput),
        AudioOutput = Usd(rates.AudioOutput),
    };

    private static decimal? Usd(long? pico) => pico is { } known ? PriceUnits.ToUsdPerMillion(known) : null;

    private static DateOnly? Day(DateTimeOffset? instant) => instant is { } known ? DateOnly.FromDateTime(known.UtcDateTime) : null;
}
