using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Audit.Rating;

/// <summary>Costs as somebody with a pencil works them out.</summary>
public class CallRaterTests
{
    [Fact]
    public void A_plain_call_costs_its_tokens_at_the_price_of_its_day()
    {
        // 1,000 × $3/M + 200 × $15/M = $0.006; half of it after the price has fallen.
        Assert.Equal(6_000_000, Priced.Cost(Priced.Call()));
        Assert.Equal(3_000_000, Priced.Cost(Priced.Call() with { StartedAt = Priced.Cheaper }));
        Assert.Equal(600_000, Priced.Cost(Priced.Call("small")));
    }

    [Fact]
    public void A_price_date_holds_for_every_call_whenever_it_was_made()
    {
        Assert.Equal(3_000_000, Priced.Cost(Priced.Call(), fixedDate: Priced.Cheaper));
        Assert.Equal(6_000_000, Priced.Cost(Priced.Call() with { StartedAt = Priced.Cheaper }, fixedDate: Priced.Start));
        Assert.NotNull(Priced.Cost(Priced.Call("gone"), fixedDate: Priced.Start.AddDays(-60)));
    }

    [Fact]
    public void Cached_parts_have_their_own_rates()
    {
        var call = Priced.Call() with { Usage = new TokenUsage { Input = 10_000, CacheRead = 6_000, CacheWrite = 1_000, CacheWriteLong = 500, Output = 100 } };

        // 2,500 × 3 + 6,000 × 0.3 + 1,000 × 3.75 + 500 × 6 + 100 × 15 = 17,550 USD per million.
        Assert.Equal(17_550_000, Priced.Cost(call));
    }

    [Theory]
    [InlineData(500, 3_000_000)] // a batch
    [InlineData(6000, 36_000_000)] // a fast lane
    [InlineData(0, 0)]
    public void A_batch_and_a_fast_lane_multiply_the_price(int permille, long expected) =>
        Assert.Equal(expected, Priced.Cost(Priced.Call() with { PricePermille = permille }));

    [Fact]
    public void A_multiplied_price_is_rounded_half_up()
    {
        var one = Priced.Call("small", input: 1, output: 0); // 300 nano-dollars.

        Assert.Equal(150, Priced.Cost(one with { PricePermille = 500 }));
        Assert.Equal(1, Priced.Cost(one with { PricePermille = 2 })); // 0.6
        Assert.Equal(0, Priced.Cost(one with { PricePermille = 1 })); // 0.3
    }

    [Theory]
    [InlineData(ServiceTier.Flex, 3_000_000)]
    [InlineData(ServiceTier.Priority, 12_000_000)]
    public void A_service_tier_multiplies_as_the_price_book_says(ServiceTier tier, long expected) =>
        Assert.Equal(expected, Priced.Cost(Priced.Call() with { Usage = new TokenUsage { Input = 1_000, Output = 200, Tier = tier } }));

    [Fact]
    public void A_sum_of_short_requests_is_not_taken_for_one_long_request()
    {
        // A call of a million tokens is above 200,000 and costs double: $6. A hundred calls of 10,000 cost $3.
        Assert.Equal(6_000_000_000, Priced.Cost(Priced.Call(input: 1_000_000, output: 0)));
        Assert.Equal(3_000_000_000, Priced.Cost(Priced.Sum(requests: 100, input: 1_000_000)));
        Assert.Equal(6_000_000_000, Priced.Cost(Priced.Sum(requests: 4, input: 1_000_000))); // 250,000 each
    }

    [Fact]
    public void A_sum_knows_no_hour_of_the_day()
    {
        Assert.Equal(18_000_000, Priced.Cost(Priced.Call("peak")));
        Assert.Equal(6_000_000, Priced.Cost(Priced.Sum(1, 1_000, 200) with { Model = "peak" }));
    }

    [Fact]
    public void The_cost_of_a_sum_is_linear() =>
        Prop.ForAll(Gen.Choose(1, 400_000).ToArbitrary(), Gen.Choose(1, 5_000).ToArbitrary(), Gen.Choose(1, 1_000).ToArbitrary(), (input, requests, times) =>
            Priced.Cost(Priced.Sum((long)requests * times, (long)input * requests * times)) == times * Priced.Cost(Priced.Sum(requests, (long)input * requests)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void What_was_not_billed_costs_nothing_and_that_is_known()
    {
        Assert.Equal(0, Priced.Cost(Priced.Call("nobody-knows") with { Status = ImportedStatus.ServedFromCache }));
        Assert.Equal(0, Priced.Cost(Priced.Call("nobody-knows", input: 0, output: 0) with { Status = ImportedStatus.Failed }));
        Assert.Equal(6_000_000, Priced.Cost(Priced.Call() with { Status = ImportedStatus.Failed }));
    }

    [Theory]
    [InlineData("nobody-knows", 10, UnknownCost.NoPrice)]
    [InlineData("", 10, UnknownCost.NoPrice)]
    [InlineData("gone", 10, UnknownCost.PriceEnded)]
    [InlineData("big", 0, UnknownCost.NoTokens)]
    public void An_unknown_cost_is_never_zero_and_has_its_reason(string model, long input, UnknownCost why)
    {
        var call = Priced.Call(model, input, output: 0);

        Assert.Null(Priced.Cost(call));
        Assert.Equal(why, new CallRater(Priced.Book, fixedDate: null).WhyUnknown(call));
        Assert.Null(new CallRater(Priced.Book, fixedDate: null).WhyUnknown(Priced.Call()));
    }

    [Fact]
    public void Without_a_price_the_providers_own_bill_counts_and_a_gateways_figure_only_when_asked()
    {
        var billed = Priced.Call("nobody-knows") with { Usage = new TokenUsage { Input = 10, ReportedCostNanoUsd = 77 } };
        var logged = Priced.Call("nobody-knows") with { ReportedCostNanoUsd = 55 };

        Assert.Equal(77, Priced.Cost(billed));
        Assert.Null(Priced.Cost(logged));
        Assert.Equal(55, new CallRater(Priced.Book, fixedDate: null) { TakesLoggedCosts = true }.Rate(logged).CostNanoUsd);
        Assert.Equal(6_000_000, Priced.Cost(Priced.Call() with { ReportedCostNanoUsd = 55 })); // A known price comes first.
        Assert.Null(Priced.Cost(logged with { ReportedCostNanoUsd = -1 }));
    }

    [Fact]
    public void What_a_lane_takes_off_can_be_told()
    {
        var rater = new CallRater(Priced.Book, fixedDate: null);
        var call = Priced.Call() with { PricePermille = 500, Usage = new TokenUsage { Input = 1_000, Output = 200, Tier = ServiceTier.Flex } };

        Assert.Equal(1_500_000, rater.AtList(call));
        Assert.Equal(6_000_000, rater.AtStandard(call));
        Assert.Null(rater.AtList(Priced.Call("nobody-knows")));
    }
}
