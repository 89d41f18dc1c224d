using Rung.Core.Prices;

namespace Rung.Core.Tests.Prices;

public class PriceBookCheckTests
{
    private static readonly DateOnly Today = new(2026, 1, 15);

    [Fact]
    public void A_sound_book_has_no_findings() =>
        Assert.Empty(PriceBookCheck.Run(Some.Book(Some.Entry("acme", "m", input: 1, output: 5)), Today));

    [Fact]
    public void An_old_book_matters() =>
        Assert.Equal("PRICE001", Assert.Single(PriceBookCheck.Run(Some.Book(Some.Entry("acme", "m", input: 1, output: 5)), Today.AddDays(61))).Code);

    [Fact]
    public void A_price_that_ended_matters_unless_the_model_is_retired()
    {
        var ended = Some.Entry("acme", "m", input: 1, output: 5);
        ended = ended with { Periods = [ended.Periods[0] with { To = Some.Day(2026, 1, 15) }] };

        var finding = Assert.Single(PriceBookCheck.Run(Some.Book(ended), Today));
        Assert.Equal(("PRICE002", true), (finding.Code, finding.Matters));
        Assert.Empty(PriceBookCheck.Run(Some.Book(ended with { Status = "retired" }), Today));
    }

    [Fact]
    public void A_promotion_is_over_on_the_day_after_its_last()
    {
        var promoted = Some.Entry("acme", "m", input: 1, output: 5);
        promoted = promoted with { Periods = [promoted.Periods[0] with { PromotionUntil = Today }] };

        Assert.Empty(PriceBookCheck.Run(Some.Book(promoted), Today));
        Assert.Equal("PRICE003", Assert.Single(PriceBookCheck.Run(Some.Book(promoted), Today.AddDays(1))).Code);
    }

    [Fact]
    public void A_tier_without_the_cached_rate_of_its_base_matters()
    {
        var tiered = Some.Entry("acme", "m", input: 1, output: 5);
        tiered = tiered with { Periods = [tiered.Periods[0] with { Rates = Some.Rates(1, 5, 0.1m), Tiers = [new PriceTier(10, Some.Rates(2, 10))] }] };

        Assert.Equal("PRICE004", Assert.Single(PriceBookCheck.Run(Some.Book(tiered), Today)).Code);
    }

    [Fact]
    public void A_price_of_nothing_matters_except_for_the_output_of_an_embedding()
    {
        var free = Some.Entry("acme", "m", input: 1, output: 0);

        Assert.Equal("PRICE005", Assert.Single(PriceBookCheck.Run(Some.Book(free), Today)).Code);
        Assert.Empty(PriceBookCheck.Run(Some.Book(free with { Kind = "embedding" }), Today));
    }

    [Fact]
    public void Weak_sources_and_coming_changes_are_only_worth_knowing()
    {
        var findings = PriceBookCheck.Run(PriceBook.Embedded, new DateOnly(2026, 11, 21));

        Assert.DoesNotContain(findings, finding => finding.Matters);
        Assert.Contains(findings, finding => finding is { Code: "PRICE006", Model: "gpt-6.1-terra" });
        Assert.Contains(findings, finding => finding is { Code: "PRICE007", Model: "gemini-3.8-flash" });
        Assert.Contains(PriceBookCheck.Run(PriceBook.Embedded, new DateOnly(2026, 11, 22)), finding => finding is { Code: "PRICE003", Model: "gpt-5.6-sol", Matters: true });
    }
}
