using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>What a proposal will say: rungs, tags, and what it leaves out.</summary>
internal sealed class ProposalPlan
{
    // A policy has at most 16 tiers; three are the ladder's.
    private const int MostKept = 13;

    private readonly ModelLadder _ladder;
    private readonly UniqueNames _tierNames = new(["default"]);
    private readonly UniqueNames _aliases = new([]);
    private readonly UniqueNames _tagNames = new(["default"]);
    private readonly Dictionary<string, ProposedRung> _rungs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Provider, string Model), ProposedRung> _kept = [];
    private readonly List<ProposedTag> _tags = [];
    private readonly List<(SiteReview Review, string Why)> _leftOut = [];
    private readonly List<SiteReview> _unlisted = [];

    private ProposalPlan(ModelLadder ladder)
    {
        _ladder = ladder;
        foreach (var tier in ladder.Tiers)
        {
            _rungs[tier.Name] = new ProposedRung
            {
                Tier = _tierNames.Take(tier.Name), Alias = _aliases.Take(tier.Model), Provider = tier.Provider, Price = tier.Price, IsKept = false,
                Order = tier.BlendedPicoPerToken, Why = tier.Why,
            };
        }
    }

    /// <summary>The rungs that are needed, in the order of the ladder; those of other providers come last.</summary>
    public IReadOnlyList<ProposedRung> Rungs =>
    [
        .. _tags.SelectMany(tag => new[] { tag.Rung, tag.ClimbTo }).OfType<ProposedRung>().Append(Reference).Distinct()
            .OrderBy(rung => rung.Order ?? long.MaxValue).ThenBy(rung => rung.IsKept).ThenBy(rung => rung.Tier, StringComparer.Ordinal),
    ];
    /// <summary>The tags, the dearest first.</summary>
    public IReadOnlyList<ProposedTag> Tags => _tags;
    /// <summary>Sites that cannot be in a policy, and why.</summary>
    public IReadOnlyList<(SiteReview Review, string Why)> LeftOut => _leftOut;
    /// <summary>Sites beyond the most tags.</summary>
    public IReadOnlyList<SiteReview> Unlisted => _unlisted;
    /// <summary>The rung that savings are measured against.</summary>
    public ProposedRung Reference => _rungs[_ladder.ReferenceTier!];

    public static ProposalPlan Of(IReadOnlyList<SiteReview> reviews, ModelLadder ladder)
    {
        var plan = new ProposalPlan(ladder);
        var chosen = plan.Chosen(reviews);
        // A name that calls carry must stay as it is, so it comes before one that only becomes the same.
        foreach (var review in chosen.OrderBy(review => !UniqueNames.IsAllowed(review.Site.Tag))) plan.Add(review);
        plan._tags.Sort((left, right) => left.CostNanoUsd != right.CostNanoUsd ? right.CostNanoUsd.CompareTo(left.CostNanoUsd) : string.CompareOrdinal(left.Name, right.Name));
        return plan;
    }

    /// <summary>The sites that get a tag, the dearest first. What stays on the reference model anyway may fall under default without any change.</summary>
    private List<SiteReview> Chosen(IReadOnlyList<SiteReview> reviews)
    {
        var ordered = reviews.OrderByDescending(review => review.Site.Statistics.CostNanoUsd).ThenBy(review => review.Site.Tag, StringComparer.Ordinal).ToList();
        if (ordered.Count <= PolicyProposal.MostTags) return ordered;
        var listed = ordered.OrderBy(StaysOnReference).ThenByDescending(review => review.Site.Statistics.CostNanoUsd).Take(PolicyProposal.MostTags).ToHashSet(ReferenceEqualityComparer.Instance);
        _unlisted.AddRange(ordered.Where(review => !listed.Contains(review)));
        return [.. ordered.Where(listed.Contains)];
    }

    private bool StaysOnReference(SiteReview review) =>
        review.Prove is null && SiteJudge.MainUse(review.Site) is { } main && _ladder.TierWith(main.Provider, main.Model)?.Name == _ladder.ReferenceTier;

    private void Add(SiteReview review)
    {
        if (review.Prove is not null && review.ProposedTier is { } proposed && _ladder.Tier(proposed) is { } target)
        {
            var up = _ladder.Above(target);
            _tags.Add(new ProposedTag(_tagNames.Take(review.Site.Tag), review, _rungs[target.Name], up is null ? null : _rungs[up.Name]));
            return;
        }
        if (SiteJudge.MainUse(review.Site) is not { Model.Length: > 0 } main) _leftOut.Add((review, "the log does not name its model"));
        else if (_ladder.Find(main.Provider, main.Model) is not { } price || price.At(_ladder.PriceDate) is null) _leftOut.Add((review, $"the price of {OneLine.Of(main.Model)} is unknown"));
        else if (price.Kind != "chat") _leftOut.Add((review, $"{OneLine.Of(main.Model)} is no chat model"));
        else if (RungOf(main, price) is not { } rung) _leftOut.Add((review, $"a policy has at most 16 tiers, and {OneLine.Of(main.Model)} would need one more"));
        else _tags.Add(new ProposedTag(_tagNames.Take(review.Site.Tag), review, rung, Above(rung)));
    }

    /// <summary>The rung of a site that stays: the ladder's own where it has the model, else one made for that model alone.</summary>
    private ProposedRung? RungOf(ModelUse main, PriceSchedule price)
    {
        if (_ladder.TierWith(main.Provider, main.Model) is { } tier) return _rungs[tier.Name];
        if (_kept.TryGetValue((main.Provider, price.Model), out var kept)) return kept;
        if (_kept.Count == MostKept) return null;
        var isOnLadder = main.Provider == _ladder.Reference!.Provider;
        kept = new ProposedRung
        {
            Tier = _tierNames.Take($"keep-{price.Model}"), Alias = _aliases.Take(price.Model), Provider = main.Provider, Price = price, IsKept = true,
            Order = isOnLadder ? _ladder.Blended(price) : null,
            Why = isOnLadder ? "for jobs that stay on this model" : "for jobs that stay with this provider; beside the ladder, nothing climbs to it",
        };
        return _kept[(main.Provider, price.Model)] = kept;
    }

    /// <summary>Where a rung below the reference climbs to when its model is not available: the next rung of the ladder above its price.</summary>
    private ProposedRung? Above(ProposedRung rung) => rung.Order is not { } price || price >= Reference.Order
        ? null
        : _ladder.Tiers.Where(tier => tier.BlendedPicoPerToken > price).Select(tier => _rungs[tier.Name]).First();
}
