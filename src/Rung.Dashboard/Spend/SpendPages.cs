using Rung.Control.Overview;
using Rung.Control.Spend;
using Rung.Dashboard.Frame;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Spend;

/// <summary>What was spent: a table by any groupings, narrowed step by step down to the calls, over time, and as files.</summary>
internal static class SpendPages
{
    public static void Map(PageRoutes routes)
    {
        routes.Page(SpendAddress.Page, ShowAsync);
        routes.Data(SpendAddress.Csv, async page => TableFile.Csv(SpendRows.Of(await ReadTableAsync(page), page.Policy), "rung-spend.csv"));
        routes.Data(SpendAddress.Json, async page => TableFile.Json(SpendRows.Of(await ReadTableAsync(page), page.Policy)));
    }

    private static async Task<PageReply> ShowAsync(PageRequest page)
    {
        var address = SpendAddress.Of(page);
        var slice = await SpendSlice.ReadAsync(page.Ledger, page.Policy, address.Period, address.By, address.Filter, page.Cancellation);
        var marks = await TimelineMarks.ReadAsync(page.Ledger, address.Period.From, address.Period.To, page.Cancellation);
        return PageReply.Show<SpendPage>("Spend", ("Slice", slice), ("Address", address), ("Marks", marks));
    }

    private static Task<SpendSlice> ReadTableAsync(PageRequest page)
    {
        var address = SpendAddress.Of(page);
        return SpendSlice.ReadTableAsync(page.Ledger, page.Policy, address.Period, address.By, address.Filter, page.Cancellation);
    }
}
