using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Control.Tests.Audit.Rating;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Audit.Report;

/// <summary>A bill beside the audit: the difference, and only causes that the data shows and that pull the right way.</summary>
public class InvoiceComparisonTests
{
    private const long Usd = 1_000_000_000;

    [Fact]
    public void A_bill_that_fits_needs_no_cause()
    {
        var invoice = Beside(Usd * 6 / 1000, [Priced.Call()]);

        Assert.Equal((0, 0d), (invoice.DifferenceNanoUsd, invoice.Share));
        Assert.Empty(invoice.Causes);
    }

    [Fact]
    public void A_higher_bill_may_come_from_calls_without_a_price_or_at_another_one()
    {
        var invoice = Beside(Usd,
        [
            Priced.Call(), Priced.Call("nobody-knows", 5_000, 100) with { ReportedCostNanoUsd = 250_000_000 }, Priced.Call() with { PricePermille = 500 },
            Priced.Call() with { Status = ImportedStatus.ServedFromCache }, Priced.Call() with { Status = ImportedStatus.Failed },
        ]);

        Assert.Equal(Usd - 15_000_000, invoice.DifferenceNanoUsd);
        var unknown = Cause(invoice, "unknown_prices");
        Assert.Equal((250_000_000L, 1L), (unknown.AmountNanoUsd, unknown.Calls));
        Assert.Contains("1 call with 5,000 input and 100 output tokens", unknown.Sentence, StringComparison.Ordinal);
        Assert.Equal(3_000_000, Cause(invoice, "discounted_lanes").AmountNanoUsd);
        Assert.Equal(6_000_000, Cause(invoice, "cached_answers").AmountNanoUsd);
        Assert.Contains(invoice.Causes, cause => cause.Kind == "calls_elsewhere");
        Assert.DoesNotContain(invoice.Causes, cause => cause.Kind is "failed_calls" or "discounts"); // They pull the other way.
        Assert.Equal(["part_of_month", "unknown_prices", "cached_answers", "discounted_lanes"], invoice.Causes.Take(4).Select(cause => cause.Kind)); // The largest first.
    }

    [Fact]
    public void A_higher_bill_may_cover_days_that_the_log_lacks()
    {
        // 6, 7 and 9 October: one gap, and 27 of the month's 31 days outside.
        var invoice = Beside(Usd, [Priced.Call(), Priced.Call() with { StartedAt = Priced.Start.AddDays(1) }, Priced.Call() with { StartedAt = Priced.Start.AddDays(3) }]);

        Assert.Equal(6_000_000, Cause(invoice, "missing_days").AmountNanoUsd);
        Assert.Equal(27 * 6_000_000, Cause(invoice, "part_of_month").AmountNanoUsd);
        Assert.Contains("4 of the 31 days of October 2026", Cause(invoice, "part_of_month").Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lower_bill_may_leave_out_failures_fast_lanes_and_cached_input()
    {
        var invoice = Beside(1,
        [
            Priced.Call() with { Status = ImportedStatus.Failed }, Priced.Call() with { Usage = new TokenUsage { Input = 1_000, Output = 200, Tier = ServiceTier.Priority } },
            Priced.Call(input: 2_000_000), Priced.Call("nobody-knows"), Priced.Call() with { Source = "claude-code" },
        ]);

        Assert.True(invoice.DifferenceNanoUsd < 0);
        Assert.Equal(-6_000_000, Cause(invoice, "failed_calls").AmountNanoUsd);
        Assert.Equal(-6_000_000, Cause(invoice, "surcharged_lanes").AmountNanoUsd);
        Assert.Equal(-6_000_000, Cause(invoice, "subscriptions").AmountNanoUsd);
        Assert.Contains("no cached input in 2.0 M input tokens of acme", Cause(invoice, "cache_not_logged").Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(invoice.Causes, cause => cause.Kind == "unknown_prices");
    }

    [Fact]
    public void The_providers_own_sums_among_the_files_are_the_best_witness()
    {
        var invoice = Beside(4 * Usd, [Priced.Call(), Priced.Sum(100, 1_000_000), Priced.Call() with { ReportedCostNanoUsd = 9_000_000 }]);

        Assert.Equal((3 * Usd - 12_000_000, 100L), (Cause(invoice, "provider_report").AmountNanoUsd, Cause(invoice, "provider_report").Calls));
        Assert.Equal(3_000_000, Cause(invoice, "reported_costs").AmountNanoUsd);
        Assert.Equal("provider_report", invoice.Causes[0].Kind);
    }

    private static InvoiceComparison Beside(long amount, IEnumerable<ImportedCall> calls) =>
        SomeAudit.Of(calls, frame: SomeAudit.Frame with { InvoiceNanoUsd = amount }).Invoice!;

    private static InvoiceCause Cause(InvoiceComparison invoice, string kind) => Assert.Single(invoice.Causes, cause => cause.Kind == kind);
}
