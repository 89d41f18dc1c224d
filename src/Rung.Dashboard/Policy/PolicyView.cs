using Rung.Control.Measurement;
using Rung.Control.Policies;
using Rung.Core.Policies;
using Rung.Dashboard.Frame;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Policy;

/// <summary>Everything on the page of the org chart.</summary>
/// <param name="Chart">The chart.</param>
/// <param name="Standing">What the gateway has in force, and what it refused.</param>
/// <param name="Spent">What was spent in the last seven days, by route.</param>
public sealed record PolicyView(PolicyChart Chart, PolicyStanding Standing, SpendReading Spent)
{
    /// <summary>Reads it.</summary>
    public static async Task<PolicyView> ReadAsync(PageRequest page)
    {
        var desk = page.World.PolicyDesk;
        var stored = page.Policy.Revision > 0 ? await desk.Compiled.FindAsync(page.Ledger, page.Policy.Revision, page.Cancellation) : null;
        var open = await page.Ledger.ListRolloutsAsync(openOnly: true, page.Cancellation);
        var spent = await SpendReading.ReadAsync(page.Ledger, page.Policy, Period.Last("7d", page.Now, PeriodComparison.None), SpendGrouping.Route, page.Cancellation);
        return new PolicyView(PolicyChart.Of(page.Policy, stored, open, Words.Usd, page.Now), desk.Standing(), spent);
    }

    /// <summary>Calls and cost of a route in the last seven days, in words.</summary>
    public string SpentOn(ChartRoute route)
    {
        ArgumentNullException.ThrowIfNull(route);
        // As calls and roll-ups carry it.
        var name = route.Kind == RouteKind.Role ? $"role:{route.Name}" : route.Name;
        if (Spent.Rows.FirstOrDefault(row => row.Route == name) is not { } row) return route.Kind == RouteKind.Role ? "no calls beside those of its tags" : "no calls";
        var (cost, unknown) = (row.Sums.CostNanoUsd, row.Sums.UnknownPriceAttempts);
        // An unknown price is no zero.
        return $"{Words.Count(row.Sums.Calls, "call")}, {(cost == 0 && unknown > 0 ? "cost unknown" : Words.Usd(cost))}{(unknown > 0 ? $", {Words.Count(unknown, "attempt")} of unknown price" : "")}";
    }
}
