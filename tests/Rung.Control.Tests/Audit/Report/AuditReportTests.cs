using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Control.Tests.Audit.Rating;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Audit.Report;

/// <summary>The report adds up, and says what it must.</summary>
public class AuditReportTests
{
    private static readonly Gen<ImportedCall> AnyCall =
        from model in Gen.Elements("big", "small", "gone", "peak", "nobody-knows", "")
        from tag in Gen.Elements("plan", "sort", "write", null)
        from requests in Gen.Choose(0, 500)
        from input in Gen.OneOf(Gen.Choose(0, 5_000), Gen.Choose(0, 900_000))
        from output in Gen.Choose(0, 5_000)
        from cached in Gen.Choose(0, 100)
        from permille in Gen.Elements(1000, 500, 333, 6000)
        from status in Gen.Elements(ImportedStatus.Answered, ImportedStatus.Failed, ImportedStatus.ServedFromCache, ImportedStatus.Unknown)
        from provider in Gen.Elements("acme", "other", "")
        from isSum in Gen.Elements(false, false, false, true)
        from minutes in Gen.Choose(0, 60 * 24 * 90)
        select Priced.Call(model, input, output) with
        {
            Tag = tag, Granularity = isSum ? ImportGranularity.Bucket : ImportGranularity.Call, Requests = isSum ? requests : 1, PricePermille = permille, Status = status,
            Provider = provider, StartedAt = Priced.Start.AddMinutes(minutes), Usage = new TokenUsage { Input = input, CacheRead = (long)input * cached / 100, Output = output },
        };

    [Fact]
    public void Rows_days_and_sources_add_up_to_the_total_to_the_nano_dollar() =>
        Prop.ForAll(AnyCall.ArrayOf().ToArbitrary(), calls =>
        {
            var report = SomeAudit.Of(calls, SomeAudit.Moved);
            var totals = report.Totals;
            return report.Rows.Sum(row => row.Totals.CostNanoUsd) == totals.CostNanoUsd && report.Rows.Sum(row => row.Totals.Calls) == totals.Calls
                && report.Rows.Sum(row => row.Totals.UnknownPriceCalls) == totals.UnknownPriceCalls && report.Rows.Sum(row => row.Totals.InputTokens) == totals.InputTokens
                && report.Days.Sum(day => day.CostNanoUsd) == totals.CostNanoUsd && report.Days.Sum(day => day.Calls) == totals.Calls
                && report.Sources.Sum(source => source.CostNanoUsd) == totals.CostNanoUsd
                && report.UnknownPrices.Sum(price => price.Calls) == totals.UnknownPriceCalls
                && (report.SavingNanoUsd ?? 0) == report.Rows.Sum(row => row.Review.SavingNanoUsd ?? 0)
                && report.Rows.Select(row => row.Totals.CostNanoUsd).SequenceEqual(report.Rows.Select(row => row.Totals.CostNanoUsd).OrderDescending());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Rows_that_lose_a_call_are_a_bug_and_not_a_report()
    {
        var run = new AuditRun(new CallRater(Priced.Book, fixedDate: null), window: default, (_, _) => { });
        run.Take(Priced.Call());
        run.Complete();

        Assert.Throws<InvalidOperationException>(() => AuditReport.Of(run, [], SomeAudit.Frame));
    }

    [Fact]
    public void The_verdict_says_what_was_spent_what_could_be_saved_and_that_nothing_is_proved()
    {
        var calls = Enumerable.Range(0, 1_000).Select(i => Priced.Call() with { Tag = i < 900 ? "sort" : "plan", StartedAt = Priced.Start.AddMinutes(i) });

        var report = SomeAudit.Of(calls, site => site.Tag == "sort" ? SomeAudit.Moved(site) : SomeAudit.Unmoved(site));

        Assert.Equal(
            "$6.00 in 2 days over 1,000 calls of 2 jobs. About $4.32 of it (72 %; between 54 % and 81 % under the stated assumptions) could be saved by moving 1 job to a cheaper tier. None of that is proved yet.",
            AuditWords.Verdict(report));
        Assert.Equal("There are no calls in it.", AuditWords.Verdict(SomeAudit.Of([])));
    }

    [Fact]
    public void A_site_with_signs_of_sensitive_data_is_flagged_and_not_moved()
    {
        var report = SomeAudit.Of([Priced.Call() with { Tag = "claims" }], site => SomeAudit.Moved(site) with { ProposedTier = "frontier", SavingNanoUsd = null, SavingInterval = null, Compliance = "Words of medical records in 40 % of 10 calls." });

        Assert.False(report.Rows[0].IsMoved);
        Assert.Null(report.SavingNanoUsd);
        Assert.Contains(report.Warnings, warning => warning.StartsWith("Sensitive data: 1 site (claims), $0.0060, show signs of it.", StringComparison.Ordinal));
        Assert.Equal("big (frontier): not moved. Words of medical records in 40 % of 10 calls.", AuditWords.Proposal(report.Rows[0]));
    }

    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(1, "$0.000000")]
    [InlineData(31_000, "$0.000031")]
    [InlineData(6_000_000, "$0.0060")]
    [InlineData(420_000_000, "$0.42")]
    [InlineData(-4_320_000_000, "-$4.32")]
    [InlineData(999_994_000_000, "$999.99")]
    [InlineData(999_996_000_000, "$1,000")]
    [InlineData(12_431_020_000_000, "$12,431")]
    public void Amounts_have_as_many_decimals_as_people_need(long nanoUsd, string expected) => Assert.Equal(expected, Money.Usd(nanoUsd));

    [Theory]
    [InlineData(0.5, "50 %")]
    [InlineData(0.0416, "4.2 %")]
    [InlineData(0.0004, "< 0.1 %")]
    [InlineData(0, "0 %")]
    [InlineData(-0.25, "-25 %")]
    public void Shares_are_percentages(double share, string expected) => Assert.Equal(expected, Money.Percent(share));
}
