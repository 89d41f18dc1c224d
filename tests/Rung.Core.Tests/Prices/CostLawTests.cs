using System.Collections.Immutable;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Core.Tests.Prices;

public class CostLawTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 2, 0, 0, TimeSpan.Zero); // a Friday, in the windows below
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261121, 7).WithMaxTest(500);

    private static readonly Gen<long> Count = Gen.OneOf(
        Gen.Choose(0, 2_000_000).Select(n => (long)n), Gen.Choose(-5, 5).Select(n => (long)n), Gen.Elements(0L, 1L, 272_000L, 272_001L));
    private static readonly Gen<long> Extreme = Gen.Elements(long.MinValue, -1L, 0L, 1L, long.MaxValue / 2, long.MaxValue);
    private static readonly Gen<long> Rate = Gen.OneOf(Gen.Choose(0, 75_000_000).Select(n => (long)n), Gen.Elements(0L, 1L, 499L, 500L, 3_625L));

    private static readonly Gen<PriceRates> AnyRates =
        from rates in Rate.ArrayOf(7)
        from known in Gen.Choose(0, 31)
        select new PriceRates
        {
            Input = rates[0],
            Output = rates[1],
            CacheRead = (known & 1) != 0 ? rates[2] : null,
            CacheWrite = (known & 2) != 0 ? rates[3] : null,
            CacheWriteLong = (known & 4) != 0 ? rates[4] : null,
            AudioInput = (known & 8) != 0 ? rates[5] : null,
            AudioOutput = (known & 16) != 0 ? rates[6] : null,
        };

    private static readonly Gen<PricePeriod> AnyPeriod =
        from rates in AnyRates
        from long1 in AnyRates
        from tiered in Gen.Elements(true, false)
        from flex in Gen.Elements(null, (int?)500, 333)
        from priority in Gen.Elements(null, (int?)2000, 1667)
        from peak in Gen.Elements(null, new PeakHours([(60, 240)], 2000), new PeakHours([(240, 300)], 3000))
        select new PricePeriod
        {
            Rates = rates, Tiers = tiered ? [new PriceTier(272_000, long1)] : [], FlexPermille = flex, PriorityPermille = priority, Peak = peak, Source = "test",
        };

    private static Arbitrary<TokenUsage> UsageOf(Gen<long> count) => Arb.From(
        from counts in count.ArrayOf(7)
        from tier in Gen.Elements(ServiceTier.Standard, ServiceTier.Flex, ServiceTier.Priority)
        select new TokenUsage
        {
            Input = counts[0], CacheRead = counts[1], CacheWrite = counts[2], CacheWriteLong = counts[3], AudioInput = counts[4],
            Output = counts[5], AudioOutput = counts[6], Tier = tier,
        });

    [Fact]
    public void A_cost_is_the_exact_sum_rounded_half_up_to_the_nano_dollar() =>
        Prop.ForAll(UsageOf(Count), Arb.From(AnyPeriod), (usage, period) => Cost.OfTokens(usage, period, Start) == Reference(usage, period))
            .Check(Fixed);

    [Fact]
    public void A_cost_is_never_negative_and_never_overflows() =>
        Prop.ForAll(UsageOf(Extreme), Arb.From(AnyPeriod), (usage, period) => Cost.OfTokens(usage, period, Start) == Reference(usage, period))
            .Check(Fixed);

    [Fact]
    public void The_largest_counts_at_the_largest_rates_saturate()
    {
        var rates = new PriceRates { Input = long.MaxValue, Output = long.MaxValue };
        var period = new PricePeriod { Rates = rates, PriorityPermille = int.MaxValue, Peak = new PeakHours([(0, 1440)], int.MaxValue), Source = "test" };

        Assert.Equal(long.MaxValue, Cost.OfTokens(new TokenUsage { Input = long.MaxValue, Output = long.MaxValue, Tier = ServiceTier.Priority }, period, Start));
    }

    [Fact]
    public void More_tokens_never_cost_less_within_a_tier() =>
        Prop.ForAll(UsageOf(Count), Arb.From(AnyPeriod), Arb.From(Gen.Choose(0, 100_000)), (usage, period, more) =>
        {
            var flat = period with { Tiers = [] };
            var cost = Cost.OfTokens(usage, flat, Start);
            return Cost.OfTokens(usage with { Input = Math.Max(0, usage.Input) + more }, flat, Start) >= cost
                && Cost.OfTokens(usage with { Output = Math.Max(0, usage.Output) + more }, flat, Start) >= cost;
        }).Check(Fixed);

    [Fact]
    public void Crossing_into_a_dearer_tier_never_makes_a_call_cheaper() =>
        Prop.ForAll(UsageOf(Count), Arb.From(Gen.Choose(0, 1_000_000)), (usage, more) =>
        {
            var period = PriceBook.Embedded.Find("openai", "gpt-6-sol")!.Periods[^1];
            return Cost.OfTokens(usage with { Input = Math.Max(0, usage.Input) + more }, period, Start) >= Cost.OfTokens(usage, period, Start);
        }).Check(Fixed);

    [Fact]
    public void Reading_from_the_cache_saves_exactly_the_difference_of_the_rates() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 1_000_000)), Arb.From(Gen.Choose(0, 1_000_000)), (input, cached) =>
        {
            var period = new PricePeriod { Rates = Some.Rates(input: 2, output: 10, cacheRead: 0.2m), Source = "test" };
            var read = Math.Min(input, cached);
            return Cost.OfTokens(new TokenUsage { Input = input }, period, Start) - Cost.OfTokens(new TokenUsage { Input = input, CacheRead = read }, period, Start)
                == read * 1_800L;
        }).Check(Fixed);

    [Fact]
    public void Input_and_output_add_up() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, 272_000)), Arb.From(Gen.Choose(0, 128_000)), Arb.From(AnyPeriod), (input, output, period) =>
        {
            var both = Cost.OfTokens(new TokenUsage { Input = input, Output = output }, period, Start);
            var apart = Cost.OfTokens(new TokenUsage { Input = input }, period, Start) + Cost.OfTokens(new TokenUsage { Output = output }, period, Start);
            return Math.Abs(both - apart) <= 1; // Each of the two was rounded.
        }).Check(Fixed);

    /// <summary>The formula of docs/prices.md in arbitrary precision, written without sharing a line with the implementation.</summary>
    private static long Reference(TokenUsage usage, PricePeriod period)
    {
        var input = Positive(usage.Input);
        var output = Positive(usage.Output);
        var rates = period.Tiers.LastOrDefault(tier => input > tier.AboveInput)?.Rates ?? period.Rates;

        var read = BigInteger.Min(Positive(usage.CacheRead), input);
        var written = BigInteger.Min(Positive(usage.CacheWrite), input - read);
        var writtenLong = BigInteger.Min(Positive(usage.CacheWriteLong), input - read - written);
        var audio = BigInteger.Min(Positive(usage.AudioInput), input - read - written - writtenLong);
        var audioOut = BigInteger.Min(Positive(usage.AudioOutput), output);

        var pico = (input - read - written - writtenLong - audio) * rates.Input
            + read * (rates.CacheRead ?? rates.Input)
            + written * (rates.CacheWrite ?? rates.Input)
            + writtenLong * (rates.CacheWriteLong ?? rates.CacheWrite ?? rates.Input)
            + audio * (rates.AudioInput ?? rates.Input)
            + (output - audioOut) * rates.Output
            + audioOut * (rates.AudioOutput ?? rates.Output);

        BigInteger service = usage.Tier switch { ServiceTier.Flex => period.FlexPermille ?? 1000, ServiceTier.Priority => period.PriorityPermille ?? 1000, _ => 1000 };
        BigInteger peak = period.Peak is { } hours && hours.Windows.Any(window => window.FromMinute <= 120 && 120 < window.ToMinute) ? hours.Permille : 1000;

        var scaled = pico * service * peak; // pico-USD in millionths; a nano-USD is 10^9 of them
        var nano = (2 * scaled + 1_000_000_000) / 2_000_000_000;
        return nano > long.MaxValue ? long.MaxValue : (long)nano;
    }

    private static BigInteger Positive(long count) => count < 0 ? 0 : count;
}
