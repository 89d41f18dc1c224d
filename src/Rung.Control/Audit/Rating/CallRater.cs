using Rung.Control.Imports;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Control.Audit;

/// <summary>What imported calls cost: tokens × the price in force when the call began. Runs once a call; one thread.</summary>
/// <remarks>
/// A failure without tokens and an answer from a gateway's cache cost nothing, which is known. An answer without tokens, a model without a price, and a
/// model whose last price has ended have an unknown cost, never zero; there, and only there, the provider's own bill counts (docs/decisions/0009).
/// Providers are those of <see cref="ProviderNames"/>: a vendor's model at a cloud is already the vendor's.
/// </remarks>
public sealed class CallRater
{
    // A log names few models. One that names a new one in every line is rated, too, only slower.
    private const int MostKept = 4096;

    private readonly DateTimeOffset? _fixedDate;
    private readonly PriceBook _book;
    private readonly Dictionary<(string Provider, string Model), PriceSchedule?> _known = [];
    private readonly Dictionary<(PricePeriod Period, PriceRates Rates), PricePeriod> _flat = [];

    /// <summary>A rater.</summary>
    /// <param name="book">The prices.</param>
    /// <param name="fixedDate">The instant whose prices hold for every call; null: each call's own.</param>
    public CallRater(PriceBook book, DateTimeOffset? fixedDate)
    {
        ArgumentNullException.ThrowIfNull(book);
        _book = book;
        _fixedDate = fixedDate;
    }

    /// <summary>Whether a call without a known price costs what the log says of it, whoever worked that out. The provider's own bill counts in any case.</summary>
    public bool TakesLoggedCosts { get; init; }

    /// <summary>What the call, or the sum of calls, cost.</summary>
    public CallRating Rate(ImportedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Status == ImportedStatus.ServedFromCache) return new CallRating(0);
        if (!HasTokens(call)) return IsFree(call) ? new CallRating(0) : Logged(call);
        return AtList(call) is { } cost ? new CallRating(cost) : Logged(call);
    }

    /// <summary>What the tokens of the call cost at its price, whatever became of it; null when there is no price.</summary>
    /// <returns>Nano-USD.</returns>
    public long? AtList(ImportedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return AtPrice(call, call.Usage, call.PricePermille);
    }

    /// <summary>The same without what a batch takes off or a fast lane puts on.</summary>
    /// <inheritdoc cref="AtList" path="/returns"/>
    public long? AtStandard(ImportedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return AtPrice(call, call.Usage with { Tier = ServiceTier.Standard }, permille: 1000);
    }

    /// <summary>Why the cost of a call is unknown; null when it is known.</summary>
    public UnknownCost? WhyUnknown(ImportedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (Rate(call).CostNanoUsd is not null) return null;
        if (!HasTokens(call)) return UnknownCost.NoTokens;
        return ScheduleOf(call.Provider, call.Model) is null ? UnknownCost.NoPrice : UnknownCost.PriceEnded;
    }

    /// <summary>The prices that hold for a model; null when it has none.</summary>
    public PriceSchedule? ScheduleOf(string provider, string model)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(model);
        if (_known.TryGetValue((provider, model), out var schedule)) return schedule;
        schedule = _book.Find(provider, model);
        if (_known.Count < MostKept) _known[(provider, model)] = schedule;
        return schedule;
    }

    private long? AtPrice(ImportedCall call, in TokenUsage usage, int permille)
    {
        if (ScheduleOf(call.Provider, call.Model)?.At(_fixedDate ?? call.StartedAt) is not { } period) return null;
        if (call.Granularity == ImportGranularity.Bucket) period = OfAverageRequest(call, period);
        return Times(Cost.OfTokens(usage, period, call.StartedAt), permille);
    }

    /// <summary>
    /// A sum of many requests must not be taken for one long request, so the tier is that of its average request, and from there the cost is exactly
    /// linear in the tokens. Hours of the day mean nothing to a sum either.
    /// </summary>
    private PricePeriod OfAverageRequest(ImportedCall sum, PricePeriod period)
    {
        if (period.Tiers.IsEmpty && period.Peak is null) return period;
        var rates = Cost.RatesFor(sum.Requests > 0 ? sum.Usage.Input / sum.Requests : 0, period);
        if (_flat.TryGetValue((period, rates), out var flat)) return flat;
        return _flat[(period, rates)] = period with { Rates = rates, Tiers = [], Peak = null };
    }

    private CallRating Logged(ImportedCall call) =>
        new(NotNegative(call.Usage.ReportedCostNanoUsd) ?? (TakesLoggedCosts ? NotNegative(call.ReportedCostNanoUsd) : null));

    private static long? NotNegative(long? amount) => amount is >= 0 ? amount : null;

    private static bool HasTokens(ImportedCall call) => call.Usage.Input > 0 || call.Usage.Output > 0;

    private static bool IsFree(ImportedCall call) =>
        call.Status == ImportedStatus.Failed || (call.Granularity == ImportGranularity.Bucket && call.Requests == 0 && call.ReportedCostNanoUsd is null or 0);

    /// <summary>Half up, saturating.</summary>
    private static long Times(long nanoUsd, int permille)
    {
        if (permille == 1000) return nanoUsd;
        var product = ((Int128)nanoUsd * Math.Max(0, permille) + 500) / 1000;
        return product > long.MaxValue ? long.MaxValue : (long)product;
    }
}

/// <summary>Why the cost of a call is unknown.</summary>
public enum UnknownCost : byte
{
    /// <summary>The price book does not know the model.</summary>
    NoPrice = 1,
    /// <summary>It does, but its last price had ended when the call was made.</summary>
    PriceEnded = 2,
    /// <summary>The log does not say how many tokens an answered call used.</summary>
    NoTokens = 3,
}
