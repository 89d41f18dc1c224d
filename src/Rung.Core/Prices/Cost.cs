using Rung.Core.Spans;

namespace Rung.Core.Prices;

/// <summary>Cost arithmetic. Integers only: pico-USD per token in, nano-USD per attempt out.</summary>
public static class Cost
{
    /// <summary>Cost of one attempt at a period's rates.</summary>
    /// <param name="usage">Tokens used.</param>
    /// <param name="period">The period in force when the attempt began.</param>
    /// <param name="startedAt">When the attempt began, UTC: decides peak hours.</param>
    /// <returns>Nano-USD, rounded half up once at the end, saturating at <see cref="long.MaxValue"/>; never negative.</returns>
    public static long OfTokens(in TokenUsage usage, PricePeriod period, DateTimeOffset startedAt) => throw new NotSupportedException("Being built.");

    /// <summary>Amortised share of a model that costs by the hour: busy time × hourly price ÷ slots.</summary>
    /// <param name="usdPerHourNano">Hourly price in nano-USD.</param>
    /// <param name="slots">How many calls it serves at once, at least 1.</param>
    /// <param name="busyMicros">How long the attempt held a slot, in microseconds.</param>
    /// <returns>Nano-USD, rounded half up.</returns>
    public static long OfTime(long usdPerHourNano, int slots, long busyMicros) => throw new NotSupportedException("Being built.");
}
