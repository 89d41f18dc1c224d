using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Gateway.Recording;

/// <summary>Puts money on attempts and calls. Every attempt is booked: failed, repeated, climbed, cancelled.</summary>
internal static class Bookkeeper
{
    /// <summary>Books an attempt that has ended: its cost at the price in force when it began.</summary>
    public static void Book(AttemptRecord attempt, Model model) =>
        attempt.CostNanoUsd = attempt.Usage.Source == UsageSource.None && model.Hourly is null
            ? 0
            : CostAt(model, attempt.Usage, attempt.StartedAt, attempt.LatencyMicros);

    /// <summary>Sums a call's attempts, and works out its baseline: the tokens of the served answer at the reference model's price.</summary>
    public static void Close(CallRecord call, PolicySnapshot policy, AttemptRecord? served)
    {
        long cost = 0;
        var unknown = 0;
        foreach (var attempt in call.Attempts)
        {
            if (attempt.CostNanoUsd is { } known) cost = cost > long.MaxValue - known ? long.MaxValue : cost + known;
            else unknown++;
        }
        call.CostNanoUsd = cost;
        call.UnknownPriceAttempts = unknown;
        if (served is null) return;

        call.Model = served.Model;
        call.Tier = served.Tier;
        var reference = policy.BaselineModel;
        call.BaselineNanoUsd = served.Model == reference.Name
            ? served.CostNanoUsd
            : CostAt(reference, served.Usage with { ReportedCostNanoUsd = null }, served.StartedAt, served.LatencyMicros);
        if (call.BaselineNanoUsd is not null) call.BaselineModel = reference.Name;
    }

    private static long? CostAt(Model model, in TokenUsage usage, DateTimeOffset startedAt, long busyMicros)
    {
        if (model.Hourly is { } hourly) return Cost.OfTime(hourly.NanoUsdPerHour, hourly.Slots, busyMicros);
        if (model.Price?.At(startedAt) is { } period) return Cost.OfTokens(usage, period, startedAt);
        // A price list that does not know the model is no reason to doubt the provider's own bill (OpenRouter, xAI).
        return usage.ReportedCostNanoUsd;
    }
}
