using Rung.Core.Alerts;
using Rung.Core.Policies;
using Rung.Core.Steering;

namespace Rung.Control.Alerts;

/// <summary>What an alert pulls at: the two must be watched together, for each can be improved at the expense of the other.</summary>
public enum AlertAxis : byte
{
    /// <summary>How good answers are, or what quality was measured by.</summary>
    Quality = 0,
    /// <summary>What they cost.</summary>
    Cost = 1,
    /// <summary>Neither by itself: rollouts, the control loop.</summary>
    Neither = 2,
}

/// <summary>Quality and cost of one route, side by side: what is promised of each, and what stands against it.</summary>
public sealed record AlertAxes
{
    /// <summary>The tag, or <c>default</c>.</summary>
    public required string Tag { get; init; }
    /// <summary>Its floor; null: none is stated.</summary>
    public Floor? Floor { get; init; }
    /// <summary>Its ceiling; null: none is stated.</summary>
    public Ceiling? Ceiling { get; init; }
    /// <summary>Whether its alerts are armed, and why or why not.</summary>
    public required Arming Arming { get; init; }
    /// <summary>Open alerts of quality, the worst first.</summary>
    public IReadOnlyList<AlertRow> Quality { get; init; } = [];
    /// <summary>Open alerts of cost, the worst first.</summary>
    public IReadOnlyList<AlertRow> Cost { get; init; } = [];

    /// <summary>The axis of a kind of alert. Climbing is cost: the answer that is served in the end is the better one.</summary>
    public static AlertAxis Of(AlertKind kind) => kind switch
    {
        AlertKind.CostCeiling or AlertKind.BudgetPace or AlertKind.EscalationDrift => AlertAxis.Cost,
        AlertKind.RolloutRolledBack or AlertKind.RolloutStalled or AlertKind.Control => AlertAxis.Neither,
        _ => AlertAxis.Quality,
    };

    /// <summary>Every route that states a floor or a ceiling, or has an open alert of its tag, by name: those with something firing first.</summary>
    /// <param name="policy">The policy in force.</param>
    /// <param name="listing">What stands.</param>
    public static IReadOnlyList<AlertAxes> Of(PolicySnapshot policy, AlertListing listing)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(listing);
        var open = listing.Alerts.Where(row => row.Alert is { IsOpen: true, Tag: not null }).ToLookup(row => row.Alert.Tag!, StringComparer.Ordinal);
        return
        [
            .. policy.Tags.Values.Append(policy.Default)
                .Where(route => route.Floor is not null || route.Ceiling is not null || open.Contains(route.Name))
                .Select(route => new AlertAxes
                {
                    Tag = route.Name, Floor = route.Floor, Ceiling = route.Ceiling, Arming = SteeringLaw.Arm(route),
                    Quality = [.. open[route.Name].Where(row => Of(row.Alert.Kind) == AlertAxis.Quality)],
                    Cost = [.. open[route.Name].Where(row => Of(row.Alert.Kind) == AlertAxis.Cost)],
                })
                .OrderByDescending(axes => axes.Worst).ThenBy(axes => axes.Tag, StringComparer.Ordinal),
        ];
    }

    // 2 fires, 1 is pending, 0 is quiet.
    private int Worst => Quality.Concat(Cost).Select(row => row.Alert.State == AlertState.Firing ? 2 : 1).DefaultIfEmpty(0).Max();
}
