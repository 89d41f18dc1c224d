using Rung.Core.Policies.Compiling;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on tiers and their pools.</summary>
internal static class LadderLints
{
    // The dearest model of a pool at this many times the cheapest, or more, is taken for another quality.
    private const long WideSpread = 4;

    public static void Judge(PolicyDocument document, PolicySnapshot snapshot, DateOnly asOf, LintList lints)
    {
        var reached = Reached(snapshot);
        foreach (var tier in snapshot.Ladder)
        {
            var path = PolicyPath.Of("tiers", tier.Name);
            if (!reached.Contains(tier.Index)) lints.Add(LintCatalogue.UnusedTier, path, null, $"No route starts at {tier.Name} or climbs to it.");
            JudgeMix(document.Tiers[tier.Index], tier, snapshot, path, lints);
            JudgeSpread(tier, snapshot, asOf, path, lints);
        }
    }

    private static HashSet<int> Reached(PolicySnapshot snapshot)
    {
        var reached = new HashSet<int> { snapshot.ReferenceTier.Index };
        foreach (var route in snapshot.Tags.Values.Concat(snapshot.Roles.Values).Append(snapshot.Default))
        {
            reached.Add(route.Tier.Index);
            if (route.Escalation is not { } escalation) continue;
            for (var climb = 0; climb < escalation.Times; climb++) reached.Add(escalation.To.Index + climb);
        }
        return reached;
    }

    private static void JudgeMix(TierEntry entry, Tier tier, PolicySnapshot snapshot, string path, LintList lints)
    {
        if (tier.Pool.Count < 2) return;
        for (var i = 0; i < entry.Models.Length; i++)
        {
            var index = snapshot.Models.First(model => model.Name == entry.Models[i]).Index;
            if (snapshot.Ladder.FirstOrDefault(other => other.Index != tier.Index && other.Pool.Contains(index)) is not { } other) continue;
            lints.Add(LintCatalogue.MixedPool, PolicyPath.Item(PolicyPath.Of(path, "models"), i), null,
                $"{entry.Models[i]} shares the pool of {tier.Name} and also stands in {other.Name}: calls are split at random between different qualities.");
        }
    }

    private static void JudgeSpread(Tier tier, PolicySnapshot snapshot, DateOnly asOf, string path, LintList lints)
    {
        (Model Model, long Price)? cheapest = null, dearest = null;
        foreach (var index in tier.Pool)
        {
            if (ModelLints.PeriodAt(snapshot.Models[index], asOf) is not { } period) continue;
            var blend = (3 * period.Rates.Input) + period.Rates.Output; // Three tokens in for one out: a common mix, used only to compare.
            if (cheapest is null || blend < cheapest.Value.Price) cheapest = (snapshot.Models[index], blend);
            if (dearest is null || blend > dearest.Value.Price) dearest = (snapshot.Models[index], blend);
        }
        // A model without a price per token (one's own) beside a paid one is a pool with a purpose.
        if (cheapest is not { Price: > 0 } low || dearest is not { } high || high.Price < WideSpread * low.Price) return;
        lints.Add(LintCatalogue.PriceSpread, path, "models",
            $"{high.Model.Name} costs {Amounts.Plain(decimal.Round((decimal)high.Price / low.Price, 1))} times as much as {low.Model.Name} in the same pool (three tokens in for one out).");
    }
}
