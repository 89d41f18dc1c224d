using Rung.Core.Decisions;
using Rung.Core.Policies;

namespace Rung.Control.Policies;

/// <summary>A compiled policy as people read an org chart: every job with its tier, owner, reason, what catches its failure, and its bounds.</summary>
/// <param name="Ladder">The rungs, the cheapest first.</param>
/// <param name="Routes">Roles with their tags beneath, then tags without a role, then the default route.</param>
/// <param name="Pins">The hard constraints, in the order of the document.</param>
public sealed record OrgChart(IReadOnlyList<ChartTier> Ladder, IReadOnlyList<ChartRoute> Routes, IReadOnlyList<ChartPin> Pins)
{
    private const ClimbCause EveryCause = ClimbCause.CheckFailed | ClimbCause.Truncated | ClimbCause.Refused | ClimbCause.Filtered | ClimbCause.Unavailable;

    /// <summary>Reads a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="usd">How an amount in nano-USD is written.</param>
    public static OrgChart Of(PolicySnapshot policy, Func<long, string> usd)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(usd);
        var tags = policy.Tags.Values.OrderBy(route => route.Name, StringComparer.Ordinal).ToList();
        var routes = new List<ChartRoute>();
        foreach (var (name, role) in policy.Roles.OrderBy(role => role.Key, StringComparer.Ordinal))
        {
            routes.Add(Row(role, name, usd));
            routes.AddRange(tags.Where(tag => tag.Role == name).Select(tag => Row(tag, tag.Name, usd)));
        }
        routes.AddRange(tags.Where(tag => tag.Role is null).Select(tag => Row(tag, tag.Name, usd)));
        routes.Add(Row(policy.Default, "default", usd));
        return new OrgChart(
            [.. policy.Ladder.Select(tier => new ChartTier(tier.Name, [.. policy.Models.Where(model => tier.Pool.Contains(model.Index)).Select(model => model.Name)], tier.Name == policy.ReferenceTier.Name))],
            routes,
            [.. policy.Pins.Select(pin => new ChartPin(pin.Name, Condition(pin), [.. policy.Models.Where(model => pin.Models.Contains(model.Index)).Select(model => model.Name)], pin.Why))]);
    }

    private static ChartRoute Row(Route route, string name, Func<long, string> usd) => new()
    {
        Name = name,
        Kind = route.Kind,
        Role = route.Kind == RouteKind.Tag ? route.Role : null,
        Tier = route.Tier.Name,
        Owner = route.Owner,
        Why = route.Why,
        Checks = route.CheckTexts.Length == route.Checks.Length ? [.. route.CheckTexts] : [.. route.Checks.Select(check => check.Name)],
        CaughtBy = CaughtBy(route),
        Escalation = route.Escalation is { } up ? Climb(up) : null,
        Floor = route.Floor is { } floor ? $"{floor.Verdict} at least {floor.AtLeast:0.####}{(floor.Of is null ? "" : $" of {floor.Of}")}" : null,
        Ceiling = route.Ceiling is { } ceiling ? Bound(ceiling, usd) : null,
        Evidence = route.Evidence,
        EvidenceMissing = route.EvidenceGap is { } gap ? new ChartGap(gap.Word, gap.Prove) : null,
        UserVisible = route.UserVisible,
        DataClass = route.DataClass,
    };

    private static string Climb(Escalation up)
    {
        var causes = up.On == EveryCause ? "any cause" : Explanation.Causes(up.On);
        var times = up.Times == 1 ? "" : $", up to {up.Times} times";
        return $"climbs to {up.To.Name} on {causes}{times}{(up.Exhausted == Exhausted.Error ? ", then an error" : "")}";
    }

    private static string Bound(Ceiling ceiling, Func<long, string> usd) => string.Join(", ", new[]
    {
        ceiling.NanoUsdPerCall is { } call ? $"{usd(call)} a call" : null,
        ceiling.NanoUsdPerSession is { } session ? $"{usd(session)} a session" : null,
        ceiling.NanoUsdPerDay is { } day ? $"{usd(day)} a day" : null,
    }.OfType<string>());

    private static string Condition(Pin pin) => string.Join(" and ", new[]
    {
        pin.DataClass is null ? null : $"data_class {pin.DataClass}",
        pin.Tag is null ? null : $"tag {pin.Tag}",
        pin.Role is null ? null : $"role {pin.Role}",
        pin.Tenant is null ? null : $"tenant {pin.Tenant}",
        pin.User is null ? null : $"user {pin.User}",
    }.OfType<string>());

    private static string CaughtBy(Route route)
    {
        var parts = route.Checks.Select(check => $"check: {check.Name}").Concat(route.Escalation is { } up ? [Climb(up)] : []).ToList();
        return parts.Count == 0 ? "nothing" : string.Join("; ", parts);
    }
}
