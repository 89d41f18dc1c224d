using Rung.Core.Spans;

namespace Rung.Core.Prices;

/// <summary>Cost arithmetic. Integers only: pico-USD per token in, nano-USD per attempt out.</summary>
public static class Cost
{
    private const int One = 1000; // A multiplier of 1, in thousandths.

    /// <summary>Cost of one attempt at a period's rates.</summary>
    /// <param name="usage">Tokens used. Negative counts are taken as zero; parts that exceed their whole are cut to what is left of it, in the
    /// order read, written, written for long, audio.</param>
    /// <param name="period">The period in force when the attempt began.</param>
    /// <param name="startedAt">When the attempt began, UTC: decides peak hours.</param>
    /// <returns>Nano-USD, rounded half up once at the end, saturating at <see cref="long.MaxValue"/>; never negative.</returns>
    /// <remarks>
    /// A context tier applies to the whole request, output included, as soon as the input (cached parts too) exceeds its threshold. A service
    /// tier whose multiplier the period does not know costs the list price. <see cref="TokenUsage.ReportedCostNanoUsd"/> is not used here.
    /// </remarks>
    public static long OfTokens(in TokenUsage usage, PricePeriod period, DateTimeOffset startedAt)
    {
        ArgumentNullException.ThrowIfNull(period);

        var input = Math.Max(0, usage.Input);
        var output = Math.Max(0, usage.Output);
        var rates = RatesFor(input, period);

        // Every part is taken out of what the parts before it left, so the parts never exceed the whole.
        var plainInput = input;
        var read = Take(ref plainInput, usage.CacheRead);
        var written = Take(ref plainInput, usage.CacheWrite);
        var writtenLong = Take(ref plainInput, usage.CacheWriteLong);
        var audioInput = Take(ref plainInput, usage.AudioInput);
        var plainOutput = output;
        var audioOutput = Take(ref plainOutput, usage.AudioOutput);

        // Below 2^127: the input parts sum to at most 2^63 tokens, the output parts too, and no rate exceeds 2^63.
        var pico =
            Price(plainInput, rates.Input)
            + Price(read, rates.CacheRead ?? rates.Input)
            + Price(written, rates.CacheWrite ?? rates.Input)
            + Price(writtenLong, rates.CacheWriteLong ?? rates.CacheWrite ?? rates.Input)
            + Price(audioInput, rates.AudioInput ?? rates.Input)
            + Price(plainOutput, rates.Output)
            + Price(audioOutput, rates.AudioOutput ?? rates.Output);

        var multiplier = (ulong)ServicePermille(usage.Tier, period) * (ulong)PeakPermille(period.Peak, startedAt);
        return Divide(pico, multiplier, divisor: 1000UL * One * One); // 1000 pico-USD are a nano-USD.
    }

    /// <summary>Amortised share of a model that costs by the hour: busy time × hourly price ÷ slots.</summary>
    /// <param name="usdPerHourNano">Hourly price in nano-USD; a negative one is taken as zero.</param>
    /// <param name="slots">How many calls it serves at once, at least 1.</param>
    /// <param name="busyMicros">How long the attempt held a slot, in microseconds; a negative time is taken as zero.</param>
    /// <returns>Nano-USD, rounded half up, saturating at <see cref="long.MaxValue"/>.</returns>
    public static long OfTime(long usdPerHourNano, int slots, long busyMicros)
    {
        const ulong MicrosPerHour = 3_600_000_000;
        return Divide((UInt128)Math.Max(0, usdPerHourNano), (ulong)Math.Max(0, busyMicros), divisor: MicrosPerHour * (ulong)Math.Max(1, slots));
    }

    /// <summary>The rates that hold for a request of this size: those of the highest tier whose threshold it exceeds, else the base rates.</summary>
    /// <param name="inputTokens">All input tokens of the request, cached ones included.</param>
    /// <param name="period">The period.</param>
    public static PriceRates RatesFor(long inputTokens, PricePeriod period)
    {
        ArgumentNullException.ThrowIfNull(period);
        var rates = period.Rates;
        foreach (var tier in period.Tiers)
        {
            if (inputTokens <= tier.AboveInput) break;
            rates = tier.Rates;
        }
        return rates;
    }

    private static long Take(ref long whole, long part)
    {
        var taken = Math.Clamp(part, 0, whole);
        whole -= taken;
        return taken;
    }

    private static UInt128 Price(long tokens, long rate) => (UInt128)(ulong)tokens * (ulong)Math.Max(0, rate);

    private static int ServicePermille(ServiceTier tier, PricePeriod period) => Math.Max(0, tier switch
    {
        ServiceTier.Flex => period.FlexPermille ?? One,
        ServiceTier.Priority => period.PriorityPermille ?? One,
        _ => One,
    });

    private static int PeakPermille(PeakHours? peak, DateTimeOffset startedAt)
    {
        if (peak is null) return One;

        var utc = startedAt.UtcDateTime;
        if (utc.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) return One;

        var minute = utc.Hour * 60 + utc.Minute;
        foreach (var (from, to) in peak.Windows)
        {
            if (minute >= from && minute < to) return Math.Max(0, peak.Permille);
        }
        return One;
    }

    /// <summary>amount × multiplier ÷ divisor, rounded half up; the divisor is far below 2^64, so what overflows 128 bits is far above the largest result.</summary>
    private static long Divide(UInt128 amount, ulong multiplier, ulong divisor)
    {
        if (multiplier == 0 || amount == UInt128.Zero) return 0;
        if (amount > (UInt128.MaxValue - divisor) / multiplier) return long.MaxValue;

        var quotient = (amount * multiplier + divisor / 2) / divisor;
        return quotient > (UInt128)long.MaxValue ? long.MaxValue : (long)quotient;
    }
}
