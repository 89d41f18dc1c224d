using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Spans;
using Rung.Storage.Reports;

namespace Rung.Storage.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 3).WithMaxTest(12);

    private readonly TemporaryDirectory _directory = new();
    private readonly FixedClock _clock = FixedClock.AtNoon();
    private int _ledgers;

    public void Dispose() => _directory.Dispose();

    public static TheoryData<ReportGrouping> Groupings => [.. Enum.GetValues<ReportGrouping>()];

    [Theory]
    [MemberData(nameof(Groupings))]
    public void Rows_and_totals_equal_the_sums_computed_in_memory(ReportGrouping by) =>
        Prop.ForAll(AnyCall.Tame.ListOf().Resize(40).ToArbitrary(), calls => CheckAsync(by, calls.DistinctBy(call => call.Id).ToList()).GetAwaiter().GetResult()).Check(Fixed);

    private async Task CheckAsync(ReportGrouping by, List<CallRecord> calls)
    {
        await using var ledger = Ledger.Open(_directory[$"{_ledgers++}"], _clock);
        await ledger.AppendAsync(calls, CancellationToken.None);
        var report = await ledger.ReportAsync(new ReportQuery { By = by }, CancellationToken.None);

        if (report.IsByAttempt) CheckAttemptRows(report, calls);
        else CheckCallRows(report, calls);
        CheckTotals(report, calls);
    }

    private static void CheckCallRows(LedgerReport report, List<CallRecord> calls)
    {
        var expected = calls.GroupBy(call => Some(CallKey(report.By, call))).ToDictionary(group => group.Key, group => group.ToList());
        Assert.Equal(expected.Keys.Order(), report.Rows.Select(row => Some(row.Key)).Order());
        foreach (var row in report.Rows)
        {
            var mine = expected[Some(row.Key)];
            CheckAttemptSums(row, mine.SelectMany(call => call.Attempts).ToList());
            CheckBaselines(row, mine);
            Assert.Equal(mine.Count, row.Calls);
            Assert.Equal(mine.Count(call => call.Attempts.Exists(attempt => attempt.Kind == AttemptKind.Escalation)), row.EscalatedCalls);
            Assert.Equal(mine.Count(call => call.Status is CallStatus.Failed or CallStatus.Rejected or CallStatus.CutShort), row.Errors);
            Assert.Equal(mine.Count(call => call.Status != CallStatus.Answered), row.Failures.Values.Sum());
            CheckQuantiles(row, mine.Select(call => call.LatencyMicros), mine.Select(call => call.FirstByteMicros));
        }
        Assert.Equal(report.Totals.Calls, report.Rows.Sum(row => row.Calls));
        Assert.Equal(report.Totals.EscalatedCalls, report.Rows.Sum(row => row.EscalatedCalls));
        CheckQuantiles(report.Totals, calls.Select(call => call.LatencyMicros), calls.Select(call => call.FirstByteMicros));
    }

    private static void CheckAttemptRows(LedgerReport report, List<CallRecord> calls)
    {
        foreach (var row in report.Rows)
        {
            bool Mine(AttemptRecord attempt) => (report.By == ReportGrouping.Model ? attempt.Model : attempt.Tier) == row.Key;
            var mine = calls.SelectMany(call => call.Attempts).Where(Mine).ToList();
            var answered = calls.Where(call => (report.By == ReportGrouping.Model ? call.Model : call.Tier) == row.Key).ToList();
            CheckAttemptSums(row, mine);
            CheckBaselines(row, answered);
            Assert.Equal(row.Key is null ? calls.Count(call => call.Attempts.Count == 0) : calls.Count(call => call.Attempts.Exists(Mine)), row.Calls);
            Assert.Equal(answered.Count(IsAnswered), row.Answered);
            Assert.Equal(calls.Count(call => call.Attempts.Exists(attempt => Mine(attempt) && attempt.Kind == AttemptKind.Escalation)), row.EscalatedCalls);
            Assert.Equal(mine.Count(attempt => attempt.Outcome != AttemptOutcome.Completed), row.Failures.Values.Sum());
            CheckQuantiles(row, mine.Select(attempt => attempt.LatencyMicros), mine.Select(attempt => attempt.FirstByteMicros));
        }
    }

    private static void CheckTotals(LedgerReport report, List<CallRecord> calls)
    {
        var (rows, totals) = (report.Rows, report.Totals);
        CheckAttemptSums(totals, calls.SelectMany(call => call.Attempts).ToList());
        CheckBaselines(totals, calls);
        Assert.Equal(calls.Count, totals.Calls);
        Assert.Equal(calls.Count(IsAnswered), totals.Answered);
        Assert.Equal(totals.Answered, rows.Sum(row => row.Answered));
        Assert.Equal(totals.Attempts, rows.Sum(row => row.Attempts));
        Assert.Equal(totals.Escalations, rows.Sum(row => row.Escalations));
        Assert.Equal(totals.Errors, rows.Sum(row => row.Errors));
        Assert.Equal(totals.Failures.Values.Sum(), rows.Sum(row => row.Failures.Values.Sum()));
        Assert.Equal(totals.TokensIn, rows.Sum(row => row.TokensIn));
        Assert.Equal(totals.TokensCached, rows.Sum(row => row.TokensCached));
        Assert.Equal(totals.TokensOut, rows.Sum(row => row.TokensOut));
        Assert.Equal(totals.CostNanoUsd, rows.Sum(row => row.CostNanoUsd));
        Assert.Equal(totals.UnknownPriceAttempts, rows.Sum(row => row.UnknownPriceAttempts));
        Assert.Equal(totals.BaselineNanoUsd ?? 0, rows.Sum(row => row.BaselineNanoUsd ?? 0));
        Assert.Equal(totals.SavingNanoUsd ?? 0, rows.Sum(row => row.SavingNanoUsd ?? 0));
        Assert.Equal(totals.CallsInSaving, rows.Sum(row => row.CallsInSaving));
        Assert.Equal(totals.CallsWithoutBaseline, rows.Sum(row => row.CallsWithoutBaseline));
        Assert.Equal(totals.CallsWithBaseline, report.Baselines.Sum(baseline => baseline.Calls));
    }

    private static void CheckAttemptSums(ReportRow row, List<AttemptRecord> attempts)
    {
        Assert.Equal(attempts.Count, row.Attempts);
        Assert.Equal(attempts.Count(attempt => attempt.Kind == AttemptKind.Escalation), row.Escalations);
        Assert.Equal(attempts.Sum(attempt => attempt.Usage.Input), row.TokensIn);
        Assert.Equal(attempts.Sum(attempt => attempt.Usage.CacheRead), row.TokensCached);
        Assert.Equal(attempts.Sum(attempt => attempt.Usage.Output), row.TokensOut);
        Assert.Equal(attempts.Sum(attempt => attempt.CostNanoUsd ?? 0), row.CostNanoUsd);
        Assert.Equal(attempts.Count(attempt => attempt.CostNanoUsd is null), row.UnknownPriceAttempts);
        Assert.Equal(attempts.Count(attempt => attempt.Outcome == AttemptOutcome.Doomed), row.DoomedAttempts);
        Assert.Equal(attempts.Count(attempt => attempt.SavedTokens is not null), row.DoomedMeasured);
        Assert.Equal(attempts.Sum(attempt => attempt.SavedTokens ?? 0), row.SavedTokens);
        Assert.Equal(attempts.Sum(attempt => attempt.SavedMicros ?? 0), row.SavedMicros);
    }

    private static void CheckBaselines(ReportRow row, List<CallRecord> calls)
    {
        var covered = calls.Where(call => call.BaselineNanoUsd is not null && call.Attempts.TrueForAll(attempt => attempt.CostNanoUsd is not null)).ToList();
        Assert.Equal(calls.Count(call => call.BaselineNanoUsd is not null), row.CallsWithBaseline);
        Assert.Equal(calls.Count(call => call.BaselineNanoUsd is null), row.CallsWithoutBaseline);
        Assert.Equal(row.CallsWithBaseline == 0 ? null : calls.Sum(call => call.BaselineNanoUsd ?? 0), row.BaselineNanoUsd);
        Assert.Equal(covered.Count, row.CallsInSaving);
        Assert.Equal(covered.Count == 0 ? null : covered.Sum(call => call.BaselineNanoUsd - call.Attempts.Sum(attempt => attempt.CostNanoUsd)), row.SavingNanoUsd);
    }

    private static void CheckQuantiles(ReportRow row, IEnumerable<long> latencies, IEnumerable<long?> firstBytes)
    {
        var (sorted, sortedBytes) = (latencies.Order().ToList(), firstBytes.OfType<long>().Order().ToList());
        Assert.Equal((NearestRank(sorted, 0.50m), NearestRank(sorted, 0.95m)), (row.LatencyP50Micros, row.LatencyP95Micros));
        Assert.Equal((NearestRank(sortedBytes, 0.50m), NearestRank(sortedBytes, 0.95m)), (row.FirstByteP50Micros, row.FirstByteP95Micros));
    }

    private static long? NearestRank(List<long> sorted, decimal share) => sorted.Count == 0 ? null : sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    private static bool IsAnswered(CallRecord call) => call.Status is CallStatus.Answered or CallStatus.AnsweredUnverified;

    private static string? CallKey(ReportGrouping by, CallRecord call) => by switch
    {
        ReportGrouping.Tag => call.Tag,
        ReportGrouping.Role => call.Role,
        ReportGrouping.Session => call.Session,
        ReportGrouping.Route => call.Route,
        _ => call.StartedAt.ToString("yyyy-MM-dd"),
    };

    // A dictionary takes no null key, and "no tag" is not "the tag that is empty".
    private static string Some(string? key) => key is null ? "none" : "=" + key;

    [Fact]
    public async Task A_window_takes_its_first_instant_and_not_its_last()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var calls = AnyCall.Fixed(AnyCall.Tame, 200).OrderBy(call => call.StartedAt).ToArray();
        await ledger.AppendAsync(calls, CancellationToken.None);
        var (since, until) = (calls[40].StartedAt, calls[150].StartedAt);

        var report = await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Day, Since = since, Until = until }, CancellationToken.None);

        var expected = calls.Where(call => call.StartedAt >= since && call.StartedAt < until).ToArray();
        Assert.Equal(expected.Length, report.Totals.Calls);
        Assert.Equal(expected.Sum(call => call.Attempts.Sum(attempt => attempt.CostNanoUsd ?? 0)), report.Totals.CostNanoUsd);
        Assert.Equal(report.Rows.Select(row => row.Key).Order(StringComparer.Ordinal), report.Rows.Select(row => row.Key));
    }

    [Fact]
    public async Task A_limit_keeps_the_costliest_rows_and_leaves_the_totals_whole()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        await ledger.AppendAsync(AnyCall.Fixed(AnyCall.Tame, 200), CancellationToken.None);
        var whole = await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Session }, CancellationToken.None);
        var cut = await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Session, Limit = 1 }, CancellationToken.None);

        Assert.Equal(whole.Rows.MaxBy(row => row.CostNanoUsd)!.Key, Assert.Single(cut.Rows).Key);
        Assert.Equal(whole.Rows.Count - 1, cut.RowsLeftOut);
        Assert.Equal(whole.Totals.CostNanoUsd, cut.Totals.CostNanoUsd);
    }

    [Fact]
    public async Task Amounts_beyond_64_bits_show_as_the_largest_number_and_do_not_fail()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var calls = AnyCall.Fixed(AnyCall.Tame, 200);
        foreach (var attempt in calls.SelectMany(call => call.Attempts)) attempt.CostNanoUsd = long.MaxValue;
        await ledger.AppendAsync(calls, CancellationToken.None);
        var report = await ledger.ReportAsync(new ReportQuery(), CancellationToken.None);
        Assert.Equal(long.MaxValue, report.Totals.CostNanoUsd);
    }

    [Fact]
    public async Task An_empty_ledger_has_no_rows_and_no_numbers_that_would_need_some()
    {
        await using var ledger = Ledger.Open(_directory.Path, _clock);
        var report = await ledger.ReportAsync(new ReportQuery(), CancellationToken.None);
        Assert.Empty(report.Rows);
        Assert.Equal((0L, null, null), (report.Totals.Calls, report.Totals.LatencyP50Micros, report.Totals.SavingNanoUsd));
    }
}
