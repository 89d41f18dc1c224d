using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Core.Prices;

namespace Rung.Serving;

/// <summary>What a received call cost: its tokens at the price in force when it began. An unknown price is unknown, never zero.</summary>
internal static class TraceRating
{
    /// <summary>Rates one call.</summary>
    public static CallRating Of(ImportedCall call, PriceBook prices)
    {
        if (call.Status == ImportedStatus.ServedFromCache) return new CallRating(0);
        var usage = call.Usage;
        if (usage.Input == 0 && usage.Output == 0) return new CallRating(call.Status == ImportedStatus.Failed ? 0 : usage.ReportedCostNanoUsd);
        if (prices.Find(call.Provider, call.Model)?.At(call.StartedAt) is not { } period) return new CallRating(usage.ReportedCostNanoUsd);
        var cost = (Int128)Cost.OfTokens(usage, period, call.StartedAt);
        return new CallRating((long)Int128.Min(long.MaxValue, ((cost * call.PricePermille) + 500) / 1000));
    }
}
