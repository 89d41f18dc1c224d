using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;
using Rung.Core.Measurement;
using Rung.Storage.Reports;
using Rung.Storage.Rollups;

namespace Rung.Storage.Tests.Rollups;

/// <summary>Roll-ups are what the calls add up to, whatever happened in which order and however often something broke.</summary>
public sealed class RollupLawTests : IDisposable
{
    private static readonly Config Few = Config.QuickThrowOnFailure.WithReplay(20261122, 7).WithMaxTest(8);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Totals_are_those_of_the_report_and_measures_those_of_the_calls_after_any_history() => Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed => HistoryAsync(seed).GetAwaiter().GetResult()).Check(Few);

    private async Task HistoryAsync(int seed)
    {
        var random = new Random(seed);
        var clock = FixedClock.AtNoon();
        var truth = new RollupTruth(random, clock.Now);
        var path = _directory[$"{seed}-{Guid.NewGuid():N}"];
        var ledger = Ledger.Open(path, clock);
        try
        {
            for (var step = 0; step < 30; step++)
            {
                switch (random.Next(9))
                {
                    case 0 or 1 or 2: await ledger.AppendAsync(truth.SomeCalls(20), CancellationToken.None); break;
                    case 3 or 4: await ledger.AppendVerdictsAsync(truth.SomeVerdicts(6), CancellationToken.None); break;
                    case 5 or 6: await ledger.RollUpAsync(random.Next(1, 40), CancellationToken.None); break;
                    case 7: await CrashAsync(ledger, path, random); break;
                    default:
                        await ledger.DisposeAsync();
                        clock.Now += TimeSpan.FromHours(random.Next(30));
                        ledger = Ledger.Open(path, clock);
                        break;
                }
                if (random.Next(6) == 0) await CheckAsync(ledger, truth, clock.Now, random);
            }
            await CheckAsync(ledger, truth, clock.Now, random);
            while (!(await ledger.RollUpAsync(7, CancellationToken.None)).IsComplete)
            {
            }
            await CheckAsync(ledger, truth, clock.Now, random);
            Assert.Equal(0, (await ledger.RollUpAsync(1, CancellationToken.None)).Done);
        }
        finally
        {
            await ledger.DisposeAsync();
        }
    }

    // The last statement of a step fails: nothing of the step may stay.
    private static async Task CrashAsync(Ledger ledger, string path, Random random)
    {
        var table = random.Next(2) == 0 ? "rollup_pending" : "rollup_pending_verdict";
        Execute(path, $"CREATE TRIGGER crash BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'crash'); END");
        try
        {
            await ledger.RollUpAsync(random.Next(1, 100), CancellationToken.None);
        }
        catch (LedgerException)
        {
            // As intended; where nothing waited, there was nothing to break.
        }
        Execute(path, "DROP TRIGGER crash");
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(path, Ledger.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static async Task CheckAsync(Ledger ledger, RollupTruth truth, DateTimeOffset now, Random random)
    {
        var end = RollupGrain.Minute.Begin(now).AddMinutes(1);
        var from = end.AddMinutes(-random.Next(1, 8 * 1440));
        var to = random.Next(2) == 0 ? end : from.AddMinutes(random.Next(1, 4 * 1440));
        var series = random.Next(4) switch { 0 => RollupGrain.Day, 1 => RollupGrain.Hour, 2 when to - from < TimeSpan.FromDays(1) => RollupGrain.Minute, _ => (RollupGrain?)null };

        var reading = await ledger.ReadRollupAsync(new RollupQuery { From = from, To = to, Series = series, Models = true }, CancellationToken.None);

        Assert.Equal((0L, null), (reading.Pending, reading.MissingBefore));
        CheckMeasures(reading, truth.Expected(from, to));
        foreach (var (by, key) in new (ReportGrouping, Func<SpendRow, string?>)[]
        {
            (ReportGrouping.Tag, row => row.Tag), (ReportGrouping.Role, row => row.Role), (ReportGrouping.Route, row => row.Route), (ReportGrouping.Tier, row => row.Tier), (ReportGrouping.Model, row => row.Model),
        })
        {
            var report = await ledger.ReportAsync(new ReportQuery { By = by, Since = from, Until = to }, CancellationToken.None);
            var groups = reading.Spend.ToLookup(key, row => row.Sums);
            // By model and tier, calls without any attempt have a row of their own there.
            Assert.Equal(report.Rows.Select(row => row.Key).Where(name => !report.IsByAttempt || name is not null || groups.Contains(null)).Order(StringComparer.Ordinal), groups.Select(group => group.Key).Order(StringComparer.Ordinal));
            foreach (var row in report.Rows) RollupTruth.Same(row, Sum(groups[row.Key]), report.IsByAttempt);
            var totals = Sum(reading.Spend.Select(row => row.Sums));
            if (!report.IsByAttempt) RollupTruth.Same(report.Totals, totals, byAttempt: false);
            Assert.Equal(totals.Attempts, reading.Models.Sum(row => row.Attempts));
            Assert.Equal(totals.AttemptErrors, reading.Models.Sum(row => row.Errors));
            Assert.Equal(totals.Attempts, reading.Models.Sum(row => row.Latency.Count));
        }
        if (series == RollupGrain.Day) await CheckDaysAsync(ledger, reading, from, to);
    }

    private static async Task CheckDaysAsync(Ledger ledger, RollupReading reading, DateTimeOffset from, DateTimeOffset to)
    {
        var report = await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Day, Since = from, Until = to }, CancellationToken.None);
        var days = reading.Spend.ToLookup(row => $"{row.At:yyyy-MM-dd}", row => row.Sums);
        Assert.Equal(report.Rows.Count, days.Count);
        foreach (var row in report.Rows) RollupTruth.Same(row, Sum(days[row.Key!]), byAttempt: false);
    }

    private static void CheckMeasures(RollupReading reading, Dictionary<string, MeasureSums> expected)
    {
        var actual = reading.Tags.GroupBy(row => row.Tag ?? "-", StringComparer.Ordinal).ToDictionary(group => group.Key, group =>
        {
            var sums = new MeasureSums();
            foreach (var row in group) sums.Merge(row.Sums);
            return sums;
        }, StringComparer.Ordinal);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (tag, sums) in expected) RollupTruth.Same(sums.Read(), actual[tag].Read());
    }

    private static SpendSums Sum(IEnumerable<SpendSums> parts)
    {
        var sum = new SpendSums();
        foreach (var part in parts) sum.Merge(part);
        return sum;
    }
}
