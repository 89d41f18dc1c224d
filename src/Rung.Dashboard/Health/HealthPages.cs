using Rung.Control.Health;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Health;

/// <summary>Whether everything works: models, queues, files, prices, policy, control loop.</summary>
internal static class HealthPages
{
    private const string Page = "/health";

    public static void Map(PageRoutes routes) => routes.Page(Page, ShowAsync);

    private static async Task<PageReply> ShowAsync(PageRequest page)
    {
        var reading = await HealthReading.ReadAsync(
            page.Ledger, page.World.Content, page.Policy, page.World.Gateway.Health(), page.Period("1h") with { Compared = null }, page.Now, page.Cancellation);
        return PageReply.Show<HealthPage>("Health", ("Reading", reading));
    }
}
