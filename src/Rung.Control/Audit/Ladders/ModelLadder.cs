using System.Collections.Immutable;
using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>Up to three models, cheapest first, that the audited jobs could be spread over.</summary>
/// <remarks>
/// The rule, all of it: the <b>frontier</b> is the dearest chat model that carries at least <see cref="RealPartPermille"/> of the priced spend. <b>mid</b> costs
/// <see cref="MidFromPermille"/> to <see cref="MidToPermille"/> of it, <b>small</b> at most <see cref="SmallToPermille"/> and at most
/// <see cref="SmallOfMidPermille"/> of mid. Prices are compared for the audited mix of tokens. A model in use (at least <see cref="InUsePermille"/> of the
/// calls) is taken before one of the book, among several the dearest; of the book the newest current chat model of the same provider that can do what the
/// frontier can (tools, vision, JSON Schema) and whose price is well supported.
/// </remarks>
public sealed record ModelLadder
{
    /// <summary>Least part of the spend that makes the dearest model the reference, in thousandths.</summary>
    public const int RealPartPermille = 50;
    /// <summary>Least part of the calls with which a model counts as in use, in thousandths.</summary>
    public const int InUsePermille = 10;
    /// <summary>Least price of mid, in thousandths of the reference's.</summary>
    public const int MidFromPermille = 150;
    /// <summary>Most of it.</summary>
    public const int MidToPermille = 600;
    /// <summary>Most that small costs, in thousandths of the reference's price.</summary>
    public const int SmallToPermille = 200;
    /// <summary>Most that small costs, in thousandths of mid's price.</summary>
    public const int SmallOfMidPermille = 600;

    /// <summary>The names of tiers, cheapest first.</summary>
    public static ImmutableArray<string> Names { get; } = ["small", "mid", "frontier"];

    /// <summary>The rungs, cheapest first; empty when there is no reference.</summary>
    public ImmutableArray<LadderTier> Tiers { get; init; } = [];
    /// <summary>Name of the tier that savings are measured against; null when nothing is priced.</summary>
    public string? ReferenceTier { get; init; }
    /// <summary>Why there is no ladder; null when there is one.</summary>
    public string? CannotBeSaid { get; init; }
    /// <summary>The day of its prices.</summary>
    public required DateTimeOffset PriceDate { get; init; }
    /// <summary>Where the prices come from.</summary>
    public required PriceBook Prices { get; init; }

    /// <summary>The reference tier; null when there is none.</summary>
    public LadderTier? Reference => Tiers.FirstOrDefault(tier => tier.Name == ReferenceTier);

    internal TokenMix Mix { get; init; } = TokenMix.Common;

    /// <summary>Proposes one.</summary>
    /// <param name="sites">What was audited.</param>
    /// <param name="prices">The price book.</param>
    /// <param name="priceDate">The day whose prices are compared.</param>
    /// <param name="overrides">Rungs that the user names; they may break the rule, but must rise in price.</param>
    /// <exception cref="LadderException">An override cannot be used; the message says why and what to do.</exception>
    public static ModelLadder Propose(IReadOnlyList<CallSite> sites, PriceBook prices, DateTimeOffset priceDate, IReadOnlyList<TierOverride> overrides)
    {
        ArgumentNullException.ThrowIfNull(sites);
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(overrides);
        return new LadderChoice(sites, prices, priceDate, overrides).Choose();
    }

    /// <summary>A tier by name; null when the ladder has none of that name.</summary>
    public LadderTier? Tier(string? name) => Tiers.FirstOrDefault(tier => tier.Name == name);

    /// <summary>The rung above a tier; null at the top.</summary>
    public LadderTier? Above(LadderTier tier)
    {
        var at = Tiers.IndexOf(tier);
        return at >= 0 && at + 1 < Tiers.Length ? Tiers[at + 1] : null;
    }

    /// <summary>The tier whose model this is; null when it is none of the ladder's.</summary>
    public LadderTier? TierWith(string provider, string model)
    {
        var price = Find(provider, model);
        return price is null ? null : Tiers.FirstOrDefault(tier => tier.Provider == provider && tier.Model == price.Model);
    }

    /// <summary>
    /// The tier at which a model stands: its own; else, for a chat model of the reference's provider, the one whose price is nearest (by ratio, the upper one
    /// when two are equally near). Null for models of other providers and for those without a known price: of them it cannot be said.
    /// </summary>
    public LadderTier? TierOf(string provider, string model)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(model);
        if (TierWith(provider, model) is { } own) return own;
        if (Reference is not { } reference || provider != reference.Provider || Find(provider, model) is not { Kind: "chat" } price) return null;
        if (Blended(price) is not { } blended) return null;
        var at = Math.Log(Math.Max(1, blended));
        return Tiers.Reverse().MinBy(tier => Math.Abs(Math.Log(Math.Max(1, tier.BlendedPicoPerToken)) - at));
    }

    /// <summary>The price of a model; null when unknown.</summary>
    internal PriceSchedule? Find(string provider, string model) => new ModelsInUse(Prices).Find(provider, model);

    /// <summary>Price by the audited mix, in pico-USD per token; null when there is none on the day.</summary>
    internal long? Blended(PriceSchedule price) => Blended(price, Mix, PriceDate);

    internal static long? Blended(PriceSchedule price, TokenMix mix, DateTimeOffset priceDate)
    {
        if (price.At(priceDate) is not { } period) return null;
        if (mix.Total == 0) mix = TokenMix.Common;
        return (long)Int128.Min(long.MaxValue, mix.At(period.Rates) / mix.Total);
    }
}
