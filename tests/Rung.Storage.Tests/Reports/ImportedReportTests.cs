using Rung.Core.Spans;
using Rung.Storage.Imports;
using Rung.Storage.Reports;
using Rung.Storage.Tests.Imports;

namespace Rung.Storage.Tests.Reports;

public sealed class ImportedReportTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(ImportedGrouping.Tag)]
    [InlineData(ImportedGrouping.Role)]
    [InlineData(ImportedGrouping.Model)]
    [InlineData(ImportedGrouping.Session)]
    [InlineData(ImportedGrouping.Day)]
    [InlineData(ImportedGrouping.Source)]
    public async Task Rows_and_totals_are_what_adding_up_by_hand_gives(ImportedGrouping by)
    {
        var calls = AnyImport.Fixed(AnyImport.Tame, 300);
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendImportedAsync(calls, CancellationToken.None);

        var report = await ledger.ReportImportedAsync(new ImportedReportQuery { By = by }, CancellationToken.None);

        var expected = calls.GroupBy(call => Key(call, by)).ToDictionary(group => group.Key ?? "(none)", group => Sums(group));
        Assert.Equal(expected.OrderBy(row => row.Key, StringComparer.Ordinal), report.Rows.ToDictionary(row => row.Key ?? "(none)", Sums).OrderBy(row => row.Key, StringComparer.Ordinal));
        Assert.Equal(Sums(calls), Sums(report.Totals));
        Assert.Equal(report.Totals.Calls, report.Rows.Sum(row => row.Calls));
        Assert.Equal(report.Totals.CostNanoUsd, report.Rows.Sum(row => row.CostNanoUsd));
    }

    [Fact]
    public async Task A_window_takes_its_first_instant_and_leaves_its_last_and_a_limit_keeps_the_total()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendImportedAsync([.. Enumerable.Range(0, 10).Select(Call)], CancellationToken.None);
        var query = new ImportedReportQuery { Since = _clock.Now.AddMinutes(2), Until = _clock.Now.AddMinutes(8), Limit = 2 };

        var report = await ledger.ReportImportedAsync(query, CancellationToken.None);

        Assert.Equal(["tag-7", "tag-6"], report.Rows.Select(row => row.Key));
        Assert.Equal((4, 6, 2 + 3 + 4 + 5 + 6 + 7), (report.RowsLeftOut, report.Totals.Calls, report.Totals.CostNanoUsd));
    }

    private ImportedRecord Call(int minute) => new()
    {
        Source = "otlp", Key = $"{minute}", StartedAt = _clock.Now.AddMinutes(minute), Granularity = 1, Requests = 1, Provider = "p", Model = "m",
        Tag = $"tag-{minute}", CostNanoUsd = minute,
    };

    private static string? Key(ImportedRecord call, ImportedGrouping by) => by switch
    {
        ImportedGrouping.Tag => call.SiteTag ?? call.Tag,
        ImportedGrouping.Role => call.Role,
        ImportedGrouping.Model => call.Model.Length == 0 ? null : call.Model,
        ImportedGrouping.Session => call.Session,
        ImportedGrouping.Source => call.Source,
        _ => $"{call.StartedAt.UtcDateTime:yyyy-MM-dd}",
    };

    private static string Sums(IEnumerable<ImportedRecord> some)
    {
        var calls = some.ToList();
        var latencies = calls.Where(call => call.LatencyMicros is not null).Select(call => call.LatencyMicros!.Value).Order().ToList();
        var firstBytes = calls.Where(call => call.FirstByteMicros is not null).Select(call => call.FirstByteMicros!.Value).Order().ToList();
        return Line(
            calls.Sum(call => call.Requests), Of(1) + Of(3), Of(2), Of(0), calls.Sum(call => call.Usage.Input), calls.Sum(call => call.Usage.CacheRead),
            calls.Sum(call => call.Usage.Output), calls.Sum(call => call.CostNanoUsd ?? 0), calls.Where(call => call.CostNanoUsd is null).Sum(call => call.Requests),
            calls.Sum(call => call.ReportedCostNanoUsd ?? 0), calls.Where(call => call.ReportedCostNanoUsd is not null).Sum(call => call.Requests),
            At(latencies, 0.5), At(latencies, 0.95), At(firstBytes, 0.5), At(firstBytes, 0.95));

        long Of(int status) => calls.Where(call => call.Status == status).Sum(call => call.Requests);
        static long? At(List<long> sorted, double share) => sorted.Count == 0 ? null : sorted[(int)Math.Ceiling(sorted.Count * share) - 1];
    }

    private static string Sums(ImportedReportRow row) => Line(
        row.Calls, row.Answered, row.Errors, row.EndNotTold, row.TokensIn, row.TokensCached, row.TokensOut, row.CostNanoUsd, row.UnknownPriceCalls,
        row.ReportedCostNanoUsd, row.ReportedCalls, row.LatencyP50Micros, row.LatencyP95Micros, row.FirstByteP50Micros, row.FirstByteP95Micros);

    private static string Line(params object?[] figures) => string.Join(' ', figures.Select(figure => figure ?? "-"));
}
