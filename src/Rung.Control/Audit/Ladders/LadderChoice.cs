using System.Collections.Immutable;
using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>Chooses the rungs of a <see cref="ModelLadder"/> by the rule that is written there.</summary>
internal sealed class LadderChoice
{
    private readonly ModelsInUse _models;
    private readonly List<ModelInUse> _inUse;
    private readonly PriceBook _prices;
    private readonly DateTimeOffset _priceDate;
    private readonly IReadOnlyList<TierOverride> _overrides;
    private readonly TokenMix _mix;
    private readonly IReadOnlyList<CallSite> _sites;

    public LadderChoice(IReadOnlyList<CallSite> sites, PriceBook prices, DateTimeOffset priceDate, IReadOnlyList<TierOverride> overrides)
    {
        (_sites, _prices, _priceDate, _overrides) = (sites, prices, priceDate, overrides);
        _models = new ModelsInUse(prices);
        _inUse = _models.Of(sites, priceDate);
        var mix = TokenMix.Of(_inUse.SelectMany(model => model.Uses));
        _mix = mix.Total == 0 ? TokenMix.Common : mix;
    }

    public ModelLadder Choose()
    {
        var empty = new ModelLadder { PriceDate = _priceDate, Prices = _prices, Mix = _mix };
        if (_overrides.GroupBy(one => one.Tier).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new LadderException($"The tier {twice.Key} is named {twice.Count()} times. Name it once.");
        var reference = Named("frontier") ?? DearestInUse();
        if (reference is null)
        {
            return empty with
            {
                CannotBeSaid = _sites.Count == 0
                    ? "There are no calls, so there is no ladder to propose."
                    : "No chat model of these calls has a known price, so there is no reference and no ladder. Import prices (rung prices import), or name one: --tier frontier=PROVIDER/MODEL.",
            };
        }
        var mid = Named("mid") ?? Pick("mid", reference, Permille(reference, ModelLadder.MidFromPermille), Permille(reference, ModelLadder.MidToPermille));
        var smallTo = Permille(reference, ModelLadder.SmallToPermille);
        if (mid is not null) smallTo = Math.Min(smallTo, Permille(mid, ModelLadder.SmallOfMidPermille));
        var small = Named("small") ?? Pick("small", reference, 0, smallTo);
        ImmutableArray<LadderTier> tiers = [.. new[] { small, mid, reference }.OfType<LadderTier>()];
        for (var i = 1; i < tiers.Length; i++)
        {
            if (tiers[i].BlendedPicoPerToken <= tiers[i - 1].BlendedPicoPerToken)
                throw new LadderException($"{tiers[i - 1].Model} as {tiers[i - 1].Name} is not cheaper than {tiers[i].Model} as {tiers[i].Name} for these calls. Name a cheaper one with --tier {tiers[i - 1].Name}=PROVIDER/MODEL.");
        }
        return empty with { Tiers = tiers, ReferenceTier = reference.Name };
    }

    private LadderTier? Named(string tier)
    {
        if (_overrides.FirstOrDefault(one => one.Tier == tier) is not { } named) return null;
        if (_models.Find(named.Provider, named.Model) is not { Kind: "chat" } price)
            throw new LadderException($"The price book has no chat model {named.Provider}/{named.Model} for the tier {tier}. See rung prices list --provider {named.Provider}.");
        return Tier(tier, named.Provider, price, "named on the command line") ?? throw new LadderException($"The price of {named.Provider}/{named.Model} has ended. See rung prices list --provider {named.Provider}.");
    }

    private LadderTier? DearestInUse()
    {
        var total = _inUse.Aggregate(Int128.Zero, (sum, model) => sum + model.CostNanoUsd);
        if (total == 0) return null;
        return _inUse
            .Where(model => (Int128)model.CostNanoUsd * 1000 >= total * ModelLadder.RealPartPermille)
            .Select(model => (Model: model, Blended: ModelLadder.Blended(model.Price, _mix, _priceDate)!.Value))
            .OrderByDescending(pair => pair.Blended).ThenByDescending(pair => pair.Model.CostNanoUsd)
            .ThenBy(pair => pair.Model.Provider, StringComparer.Ordinal).ThenBy(pair => pair.Model.Price.Model, StringComparer.Ordinal)
            .Select(pair => Tier("frontier", pair.Model.Provider, pair.Model.Price,
                $"the dearest model in use: {Figures.Percent((double)((Int128)pair.Model.CostNanoUsd * 1_000_000 / total) / 1_000_000)} of the priced spend{(pair.Model.Price.Status == "retired" ? ", and retired by its provider" : "")}"))
            .FirstOrDefault();
    }

    /// <summary>A model whose price lies within bounds, in pico-USD per token, both included.</summary>
    private LadderTier? Pick(string tier, LadderTier reference, long from, long to)
    {
        var calls = _inUse.Sum(model => model.Calls);
        var used = _inUse
            .Where(model => model.Provider == reference.Provider && model.Price.Model != reference.Model && model.Price.Status != "retired"
                && model.Calls * 1000 >= calls * ModelLadder.InUsePermille)
            .Select(model => Tier(tier, model.Provider, model.Price, $"in use already, {Figures.Number(model.Calls)} calls")!)
            .Where(Fits)
            .OrderByDescending(candidate => candidate.BlendedPicoPerToken).ThenBy(candidate => candidate.Model, StringComparer.Ordinal)
            .FirstOrDefault();
        if (used is not null) return WithShare(used, reference);

        string[] wanted = [.. reference.Price.Capabilities.Intersect(["tools", "vision", "json_schema"], StringComparer.Ordinal)];
        var priced = reference.Price.Provider; // Azure's deployments are priced by OpenAI's list.
        return _prices.Entries
            .Where(entry => entry.Provider == priced && entry is { Kind: "chat", Status: "current" } && entry.Model != reference.Model
                && wanted.All(word => entry.Capabilities.Contains(word, StringComparer.Ordinal))
                && entry.At(_priceDate) is { Confidence: not "low" })
            .OrderByDescending(entry => entry.Periods[0].From ?? DateTimeOffset.MinValue)
            .Select(entry => Tier(tier, reference.Provider, entry, $"the newest of {priced} in its range of price")!)
            .Where(Fits)
            .GroupBy(candidate => candidate.Price.Periods[0].From)
            .Select(newest => newest.OrderByDescending(candidate => candidate.BlendedPicoPerToken).ThenBy(candidate => candidate.Model, StringComparer.Ordinal).First())
            .Select(candidate => WithShare(candidate, reference))
            .FirstOrDefault();

        bool Fits(LadderTier candidate) => candidate.BlendedPicoPerToken >= from && candidate.BlendedPicoPerToken <= to && candidate.BlendedPicoPerToken < reference.BlendedPicoPerToken;
    }

    private static LadderTier WithShare(LadderTier tier, LadderTier reference) =>
        tier with { Why = $"{tier.Why}; {Figures.Percent((double)tier.BlendedPicoPerToken / reference.BlendedPicoPerToken)} of the price of {reference.Model} for these tokens" };

    private LadderTier? Tier(string name, string provider, PriceSchedule price, string why)
    {
        if (ModelLadder.Blended(price, _mix, _priceDate) is not { } blended) return null;
        return new LadderTier
        {
            Name = name, Provider = provider, Model = price.Model, Price = price, BlendedPicoPerToken = blended,
            IsInUse = _inUse.Any(model => model.Provider == provider && model.Price.Model == price.Model),
            Why = why,
        };
    }

    // Rounded up, so that a price of exactly that share lies within.
    private static long Permille(LadderTier tier, int permille) => (long)((((Int128)tier.BlendedPicoPerToken * permille) + 999) / 1000);
}
