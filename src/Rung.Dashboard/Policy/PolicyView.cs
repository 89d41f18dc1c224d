using Rung.Control.Policies;
using Rung.Core.Policies;
using Rung.Dashboard.Frame;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Policy;

/// <summary>Everything on the page of the org chart.</summary>
/// <param name="Chart">The chart.</param>
/// <param name="Standing">What the gateway has in force, and what it refused.</param>
public sealed record PolicyView(PolicyChart Chart, PolicyStanding Standing)
{
    /// <summary>Reads it.</summary>
    public static async Task<PolicyView> ReadAsync(PageRequest page)
    {
        var desk = page.World.PolicyDesk;
        var stored = page.Policy.Revision > 0 ? await desk.Compiled.FindAsync(page.Ledger, page.Policy.Revision, page.Cancellation) : null;
        var open = await page.Ledger.ListRolloutsAsync(openOnly: true, page.Cancellation);
        return new PolicyView(PolicyChart.Of(page.Policy, stored, open, Words.Usd, page.Now), desk.Standing());
    }

    /// <summary>The name of a route as calls and roll-ups carry it.</summary>
    public static string RouteName(ChartRoute route) => route.Kind == RouteKind.Role ? $"role:{route.Name}" : route.Name;
}
