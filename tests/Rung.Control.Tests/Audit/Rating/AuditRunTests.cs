using Rung.Control.Imports;
using Rung.Control.Tests.Audit.Report;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Audit.Rating;

/// <summary>What is counted, and what only compares.</summary>
public class AuditRunTests
{
    [Fact]
    public void Where_only_sums_exist_they_are_the_rows()
    {
        var report = SomeAudit.Of([Priced.Sum(100, 1_000_000, 50_000) with { Tag = "billing" }, Priced.Sum(10, 10_000) with { Tag = "search", StartedAt = Priced.Start.AddDays(1) }]);

        Assert.Equal((110, 3_780_000_000), (report.Totals.Calls, report.Totals.CostNanoUsd)); // 3 + 0.75 + 0.03
        Assert.Equal(["billing", "search"], report.Rows.Select(row => row.Tag));
        Assert.True(Assert.Single(report.Sums).IsCounted);
        Assert.Contains(report.Warnings, warning => warning.Contains("sums only, no single calls", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_single_calls_of_the_provider_exist_its_sums_only_compare()
    {
        var report = SomeAudit.Of([Priced.Sum(100, 1_000_000), Priced.Call(), Priced.Sum(5, 500) with { Provider = "other" }]);

        Assert.Equal((6, 6_000_000), (report.Totals.Calls, report.Totals.CostNanoUsd)); // The call, and the other provider's five without a price.
        Assert.Equal(5, report.Totals.UnknownPriceCalls);
        Assert.Equal([("acme", false), ("other", true)], report.Sums.Select(sum => (sum.Provider, sum.IsCounted)));
        Assert.Equal(3_000_000_000, report.Sums[0].CostNanoUsd);
    }

    [Fact]
    public void Of_a_usage_report_and_a_bill_of_the_same_provider_only_one_counts()
    {
        var bill = Priced.Sum(0, 0) with { Source = "costs", Usage = default, ReportedCostNanoUsd = 4_000_000_000 };

        var report = SomeAudit.Of([bill, bill with { StartedAt = Priced.Start.AddDays(1) }, Priced.Sum(100, 1_000_000)]);

        Assert.Equal((100, 3_000_000_000, 0), (report.Totals.Calls, report.Totals.CostNanoUsd, report.Totals.UnknownPriceCalls));
        Assert.Equal([("test", true, null), ("costs", false, 8_000_000_000L)], report.Sums.Select(sum => (sum.Source, sum.IsCounted, sum.ReportedNanoUsd)));
    }

    [Fact]
    public void Sums_by_the_minute_become_one_a_day_and_keep_their_own_tiers()
    {
        var minutes = Enumerable.Range(0, 120).Select(minute => Priced.Sum(1, 150_000) with { StartedAt = Priced.Start.AddMinutes(minute) });

        // One long request among them: 300,000 tokens at double rates.
        var report = SomeAudit.Of([.. minutes, Priced.Sum(1, 300_000)]);

        Assert.Equal((121, 120 * 450_000_000L + 1_800_000_000), (report.Totals.Calls, report.Totals.CostNanoUsd));
    }

    [Fact]
    public void Calls_outside_the_time_that_was_asked_for_are_in_no_figure()
    {
        var calls = Enumerable.Range(0, 10).Select(day => Priced.Call() with { StartedAt = Priced.Start.AddDays(day) });

        var report = SomeAudit.Of(calls, window: (Priced.Start.AddDays(2), Priced.Start.AddDays(5)));

        Assert.Equal((3, 7), (report.Totals.Calls, report.OutsideWindow));
        Assert.Contains(report.Warnings, warning => warning.StartsWith("7 calls lie outside", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_logs_say_stands_beside_what_the_book_says()
    {
        var report = SomeAudit.Of(
        [
            Priced.Call() with { ReportedCostNanoUsd = 7_000_000 }, Priced.Call(), Priced.Call("nobody-knows") with { ReportedCostNanoUsd = 500 },
        ]);

        Assert.Equal((1, 7_000_000, 6_000_000, 1, 500), (report.Reported.Calls, report.Reported.ReportedNanoUsd, report.Reported.ComputedNanoUsd, report.Reported.UnpricedCalls, report.Reported.UnpricedNanoUsd));
        var unknown = Assert.Single(report.UnknownPrices);
        Assert.Equal(("nobody-knows", 1, 1_000, 200), (unknown.Model, unknown.Calls, unknown.InputTokens, unknown.OutputTokens));
    }

    [Fact]
    public void Two_logs_of_the_same_calls_are_warned_of()
    {
        var report = SomeAudit.Of([Priced.Call(), Priced.Call() with { Source = "gateway" }]);

        Assert.Contains(report.Warnings, warning => warning.StartsWith("Both gateway and test have calls at acme", StringComparison.Ordinal));
    }

    [Fact]
    public void Made_up_calls_are_told_first()
    {
        var report = SomeAudit.Of([Priced.Call() with { Simulated = true }, Priced.Call("x") with { Usage = new TokenUsage { Input = 1 } }]);

        Assert.StartsWith("Simulated: the log says of 1 call ", report.Warnings[0], StringComparison.Ordinal);
        Assert.StartsWith("Unknown price: 1 call with 1 tokens (x)", report.Warnings[1], StringComparison.Ordinal);
    }
}
