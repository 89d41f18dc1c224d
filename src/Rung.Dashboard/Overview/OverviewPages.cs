using Rung.Control.Health;
using Rung.Control.Overview;
using Rung.Dashboard.Frame;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Overview;

/// <summary>The first page: whether anything needs attention, and four panels a tag.</summary>
internal static class OverviewPages
{
    private const string Csv = "/overview.csv", Json = "/overview.json";

    public static void Map(PageRoutes routes)
    {
        routes.Page("/", ShowAsync);
        routes.Data(Csv, async page => TableFile.Csv(OverviewRows.Of(await ReadAsync(page)), "rung-overview.csv"));
        routes.Data(Json, async page => TableFile.Json(OverviewRows.Of(await ReadAsync(page))));
    }

    private static async Task<PageReply> ShowAsync(PageRequest page)
    {
        var reading = await ReadAsync(page);
        return PageReply.Show<OverviewPage>(reading.Attention.IsPast ? "Looking back" : "Now", ("Reading", reading), ("Csv", $"{Csv}?{reading.Period.ToQuery()}"), ("Json", $"{Json}?{reading.Period.ToQuery()}"));
    }

    private static Task<OverviewReading> ReadAsync(PageRequest page) =>
        OverviewReading.ReadAsync(page.Ledger, page.Policy, page.Period(), ServingTrouble.Of(page.World.Gateway.Health()), page.Now, page.Cancellation);
}
