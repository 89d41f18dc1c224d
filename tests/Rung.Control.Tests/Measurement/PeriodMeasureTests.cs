using Rung.Control.Measurement;
using Rung.Control.Tests.Rollouts;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Reports;

namespace Rung.Control.Tests.Measurement;

/// <summary>Readings of the roll-ups are those of the calls: of <c>rung measure</c> and of <c>rung report</c>.</summary>
public sealed class PeriodMeasureTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 30, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("rung-period-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 150)]
    [InlineData(3, 10_000)]
    public async Task A_period_that_no_session_crosses_reads_as_the_calls_do(int seed, int rolledUp)
    {
        await using var ledger = await FilledAsync(seed, rolledUp);
        var period = Period.Last("7d", Now);

        var measure = await PeriodMeasure.ReadAsync(ledger, period, CancellationToken.None);
        var rows = await LedgerMeasure.ReadAsync(ledger, new MeasureQuery { Since = period.From, Until = period.To }, CancellationToken.None);

        Assert.Equal(rows.Select(row => row.Tag), measure.Tags.Select(tag => tag.Tag));
        foreach (var (row, tag) in rows.Zip(measure.Tags))
        {
            Assert.Equal(row.Reading with { Signals = [] }, tag.Reading with { Signals = [] });
            Assert.Equal(row.Reading.Signals.AsEnumerable(), tag.Reading.Signals.AsEnumerable());
            Assert.Equal(tag.Reading.Calls, tag.Series.Sum(point => point.Reading.Calls));
            Assert.Equal(tag.Reading.CostNanoUsd, tag.Series.Sum(point => point.Reading.CostNanoUsd));
        }
        Assert.Equal(measure.Tags.Sum(tag => tag.Reading.Calls), measure.All.Reading.Calls);
        Assert.Equal(0, measure.Pending);
    }

    [Theory]
    [InlineData("7d", 1, new long[] { 90_000, 50_000, 3_400 })]
    [InlineData("7d", 3, new long[] { 5_000, 1_200, 40 })]
    [InlineData("7d", 12, new long[] { 300, 20, 1 })]
    [InlineData("24h", 1, new long[] { 30, 20, 10 })]
    [InlineData("1h", 0, new long[] { 3 })]
    [InlineData("90d", 24, new long[] { 3 })]
    [InlineData("7d", 1, new long[0])]
    public void A_point_of_a_series_is_as_long_as_most_tags_need_for_twenty_calls(string period, int hours, long[] callsOfTags)
    {
        var asked = Period.Last(period, Now);
        var step = PeriodMeasure.StepOf(asked, callsOfTags);

        Assert.Equal(hours == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(hours), step);
        Assert.Equal(0, asked.Points(step).First().TimeOfDay.Ticks % step.Ticks);
        Assert.True(asked.Points(step).First() <= asked.From && asked.Points(step).Last() < asked.To && asked.Points(step).Last() + step >= asked.To);
    }

    [Fact]
    public async Task A_tag_that_fell_silent_stands_beside_what_it_was()
    {
        await using var ledger = await FilledAsync(4, 10_000);
        var measure = await PeriodMeasure.ReadAsync(ledger, Period.Last("1h", Now.AddHours(50), PeriodComparison.None) with { Compared = Period.Last("7d", Now, PeriodComparison.None) }, CancellationToken.None);

        Assert.All(measure.Tags, tag => Assert.Equal(0, tag.Reading.Calls));
        Assert.True(measure.All.Compared!.Calls > 0);
    }

    [Fact]
    public async Task What_was_spent_is_the_report_by_every_part()
    {
        await using var ledger = await FilledAsync(5, 100);
        var policy = RolloutWorld.Compile(RolloutWorld.Policy).Snapshot!;
        var period = Period.Last("7d", Now);
        var report = await ledger.ReportAsync(new ReportQuery { Since = period.From, Until = period.To }, CancellationToken.None);

        foreach (var by in new[] { SpendGrouping.Nothing, SpendGrouping.Tag, SpendGrouping.Team, SpendGrouping.Tier | SpendGrouping.Model, SpendGrouping.Day | SpendGrouping.Role, SpendGrouping.Series, SpendGrouping.Route })
        {
            var reading = await SpendReading.ReadAsync(ledger, policy, period, by, CancellationToken.None);

            Assert.Equal((report.Totals.CostNanoUsd, report.Totals.Calls, report.Totals.UnknownPriceAttempts), (reading.Totals.CostNanoUsd, reading.Totals.Calls, reading.Totals.UnknownPriceAttempts));
            if (by == SpendGrouping.Nothing) continue;
            Assert.Equal(report.Totals.CostNanoUsd, reading.Rows.Sum(row => row.Sums.CostNanoUsd));
            Assert.Equal(reading.Rows.Count, reading.Rows.Select(row => (row.At, row.Tag, row.Role, row.Route, row.Team, row.Tier, row.Model)).Distinct().Count());
        }
        await Assert.ThrowsAsync<ArgumentException>(() => SpendReading.ReadAsync(ledger, policy, period, SpendGrouping.Day | SpendGrouping.Series, CancellationToken.None));
    }

    // Sessions of some minutes, all of them within the last six days.
    private async Task<Ledger> FilledAsync(int seed, int rolledUp)
    {
        var random = new Random(seed);
        var ledger = Ledger.Open(_directory, new RolloutWorld.HandClock(Now));
        var calls = new List<CallRecord>();
        for (var session = 0; session < 60; session++)
        {
            var at = Now.AddMinutes(-random.Next(20, 6 * 1440));
            for (var i = random.Next(1, 6); i > 0; i--) calls.Add(Call(random, at = at.AddSeconds(random.Next(100)), session % 5 == 0 ? null : $"s{session}", calls.Count));
        }
        foreach (var batch in calls.OrderBy(_ => random.Next()).Chunk(40)) await ledger.AppendAsync(batch, CancellationToken.None);
        await ledger.AppendVerdictsAsync(
        [
            .. Enumerable.Range(0, 80).Select(number => new VerdictRecord
            {
                Id = $"v{number}", CallId = number % 4 == 0 ? null : calls[random.Next(calls.Count)].Id, Session = number % 4 == 0 ? $"s{random.Next(60)}" : null, Kind = (VerdictKind)random.Next(1, 10),
                Score = random.NextDouble(), Weight = random.Next(4), By = "user", At = Now,
            }),
        ], CancellationToken.None);
        if (rolledUp > 0) await ledger.RollUpAsync(rolledUp, CancellationToken.None);
        return ledger;
    }

    private static CallRecord Call(Random random, DateTimeOffset at, string? session, int number)
    {
        var cost = random.Next(8) == 0 ? (long?)null : random.Next(1_000_000);
        return new CallRecord
        {
            Id = $"{at.ToUnixTimeMilliseconds():x12}7{number:x19}", StartedAt = at, Tag = random.Next(3) switch { 0 => "sort", 1 => "write", _ => null }, Role = random.Next(2) == 0 ? "worker" : null, Session = session, Route = "default",
            PolicyRevision = 1, PolicyHash = "h", Status = random.Next(9) == 0 ? CallStatus.Failed : CallStatus.Answered, Model = "m", Tier = "small", LatencyMicros = random.Next(1, 1_000_000), FirstByteMicros = random.Next(1, 9_000),
            CostNanoUsd = cost ?? 0, UnknownPriceAttempts = cost is null ? 1 : 0, BaselineNanoUsd = random.Next(5) == 0 ? null : 2_000_000,
            Attempts =
            {
                new AttemptRecord
                {
                    Ordinal = 0, Kind = random.Next(9) == 0 ? AttemptKind.Escalation : AttemptKind.First, Model = "m", Provider = "p", Tier = "small", Propensity = 1, StartedAt = at, Outcome = AttemptOutcome.Completed,
                    Usage = new TokenUsage { Input = 10 }, CostNanoUsd = cost, Checks = [new CheckVerdict("form", random.Next(5) > 0, null) { Score = random.NextDouble() }],
                },
            },
        };
    }
}
