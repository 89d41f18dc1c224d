using Rung.Core.Policies;
using Rung.Core.Policies.Changes;
using Rung.Core.Policies.Compiling;

namespace Rung.Core.Steering;

/// <summary>What another policy changes of the prices that a route's calls pay.</summary>
internal static class RoutePrices
{
    private const int MostNamed = 3;

    /// <summary>Which of the models that serve a route before and after cost something else: <c>the price of b (input 4.00 → 8.00 $/M)</c>.</summary>
    /// <param name="before">The route as it was.</param>
    /// <param name="old">The policy it was in.</param>
    /// <param name="after">The route as it is.</param>
    /// <param name="young">The policy in force now.</param>
    /// <param name="at">When that came into force: prices are dated, and only those of that instant are compared.</param>
    /// <returns>In words; null when no model that serves both costs anything else. Models that come or go are no change of a price, but of the route.</returns>
    public static string? Change(Route before, PolicySnapshot old, Route after, PolicySnapshot young, DateTimeOffset at)
    {
        var was = new Dictionary<string, Model>(StringComparer.Ordinal);
        foreach (var index in Serving(before, old)) was[old.Models[index].Name] = old.Models[index];
        var words = new List<string>();
        foreach (var index in Serving(after, young))
        {
            var model = young.Models[index];
            if (was.TryGetValue(model.Name, out var known) && Change(known, model, at) is { } change) words.Add($"{model.Name}{change}");
        }
        if (words.Count == 0) return null;
        var more = words.Count > MostNamed ? $" and of {words.Count - MostNamed} more" : "";
        return $"the price of {string.Join(", ", words.Take(MostNamed))}{more}";
    }

    // Its tier, and every rung that its calls may climb to.
    private static ModelSet Serving(Route route, PolicySnapshot policy)
    {
        var models = route.Tier.Pool;
        if (route.Escalation is not { } up) return models;
        for (var rung = up.To.Index; rung < policy.Ladder.Length && rung < up.To.Index + up.Times; rung++) models |= policy.Ladder[rung].Pool;
        return models;
    }

    // What is different, in brackets; empty where only multipliers or context tiers are; null where nothing is.
    private static string? Change(Model before, Model after, DateTimeOffset at)
    {
        var (old, young) = (before.Price?.At(at), after.Price?.At(at));
        if (Facets.Rates(old) == Facets.Rates(young) && before.Hourly == after.Hourly) return null;
        var words = new List<string>();
        var (oldRates, youngRates) = (Facets.Of(old?.Rates), Facets.Of(young?.Rates));
        for (var i = 0; i < oldRates.Length; i++) Add(words, oldRates[i].Key, oldRates[i].Text, youngRates[i].Text, "$/M");
        Add(words, "per hour", Hourly(before.Hourly), Hourly(after.Hourly), "$");
        Add(words, "slots", Slots(before.Hourly), Slots(after.Hourly), "");
        return words.Count == 0 ? "" : $" ({string.Join(", ", words)})";
    }

    private static void Add(List<string> words, string key, string before, string after, string unit)
    {
        if (before != after) words.Add($"{key} {Shown(before)} → {Shown(after)} {unit}".TrimEnd());
    }

    private static string Hourly(HourlyPrice? price) => price is { } known ? Amounts.Usd(known.NanoUsdPerHour) : "";

    private static string Slots(HourlyPrice? price) => price is { } known ? Amounts.Plain(known.Slots) : "";

    private static string Shown(string text) => text.Length == 0 ? "none" : text;
}
