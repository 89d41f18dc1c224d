using Rung.Core.Policies;
using Rung.Core.Policies.Changes;

namespace Rung.Core.Steering;

/// <summary>What of a route decides how its answers turn out, as text: when it changes, what was learned before is of another route.</summary>
internal static class RouteKey
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal) { "role", "owner", "why", "user_visible", "data_class", "floor", "evidence" };

    /// <summary>Everything that answers: tiers, models, checks, escalation, caps.</summary>
    public static string Of(Route route, PolicySnapshot policy)
    {
        var facets = Facets.Of(route).Where(facet => !Words.Contains(facet.Key) && !facet.Key.StartsWith("ceiling.", StringComparison.Ordinal)
            && !facet.Key.StartsWith("capture.", StringComparison.Ordinal) && !facet.Key.StartsWith("eval.", StringComparison.Ordinal));
        return string.Join('\n', [Tier(route.Tier, policy), .. facets.Select(facet => $"{facet.Key}={facet.Text}"), Checks(route), route.Escalation is { } up ? Tier(up.To, policy) : ""]);
    }

    /// <summary>What decides which answers fail.</summary>
    public static string Checks(Route route) => string.Join('\n', route.CheckTexts);

    private static string Tier(Tier tier, PolicySnapshot policy)
    {
        var models = new List<string>();
        foreach (var index in tier.Pool) models.Add($"{policy.Models[index].Name}={policy.Models[index].Provider}:{policy.Models[index].UpstreamId}");
        return $"{tier.Name}: {string.Join(", ", models)}";
    }
}
