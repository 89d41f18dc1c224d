using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Core.Tests.Prices;

public class CostTests
{
    private static readonly DateTimeOffset November = Some.Day(2026, 11, 1);

    [Fact]
    public void A_call_with_a_short_cache_write_costs_what_the_vendor_bills() =>
        Assert.Equal(Some.Nano(1.440055m), At("anthropic", "claude-opus-5", Some.Day(2026, 7, 31),
            new TokenUsage { Input = 109_911 + 2_528, CacheWrite = 2_528, Output = 34_988 }));

    [Fact]
    public void Every_class_of_cache_has_its_own_rate() =>
        Assert.Equal(Some.Nano(25.60m), At("anthropic", "claude-opus-5-5", November,
            new TokenUsage { Input = 11_500_000, CacheWrite = 2_000_000, CacheWriteLong = 500_000, CacheRead = 8_000_000, Output = 300_000 }));

    [Fact]
    public void Cached_input_is_a_part_of_input_not_beside_it() =>
        Assert.Equal(Some.Nano(0.00078m), At("openai", "gpt-6-luna", November, new TokenUsage { Input = 10_000, CacheRead = 8_000, Output = 1_000 }));

    [Fact]
    public void A_context_tier_prices_the_whole_request() =>
        Assert.Equal(Some.Nano(1.35m), At("openai", "gpt-6-sol", November, new TokenUsage { Input = 300_000, Output = 10_000 }));

    [Theory]
    [InlineData("anthropic", "claude-haiku-5-5", 100_000, 1_000, "0.0105")]
    [InlineData("anthropic", "claude-haiku-5-5", 100_001, 1_000, "0.0525005")]
    [InlineData("google", "gemini-2.5-pro", 200_000, 0, "0.25")]
    [InlineData("google", "gemini-2.5-pro", 200_001, 0, "0.5000025")]
    public void A_context_tier_begins_above_its_threshold(string provider, string model, long input, long output, string usd) =>
        Assert.Equal(Some.Nano(decimal.Parse(usd)), At(provider, model, November, new TokenUsage { Input = input, Output = output }));

    [Fact]
    public void Cached_tokens_count_towards_the_threshold() =>
        Assert.Equal(Some.Nano(0.4m + 0.0015m), At("openai", "gpt-6-sol", November, new TokenUsage { Input = 1_000_000, CacheRead = 1_000_000, Output = 100 }));

    [Fact]
    public void An_old_call_costs_what_it_cost_then()
    {
        var usage = new TokenUsage { Input = 100_000, Output = 10_000 };

        Assert.Equal(Some.Nano(0.16m), At("openai", "gpt-5.6-luna", Some.Day(2026, 7, 29), usage));
        Assert.Equal(Some.Nano(0.032m), At("openai", "gpt-5.6-luna", Some.Day(2026, 7, 30), usage));
        Assert.Equal(Some.Nano(0.16m), At("openai", "gpt-5.6-luna", Some.Day(2020, 1, 1), usage)); // older than the book: its first price
    }

    [Fact]
    public void A_model_whose_last_price_has_ended_has_no_price() =>
        Assert.Null(PriceBook.Embedded.Find("groq", "llama-3.1-8b-instant")!.At(November));

    [Theory]
    [InlineData(2026, 11, 20, 1, 0, 2)] // Friday, at the first minute of a window
    [InlineData(2026, 11, 20, 3, 59, 2)]
    [InlineData(2026, 11, 20, 4, 0, 1)]
    [InlineData(2026, 11, 20, 9, 30, 2)]
    [InlineData(2026, 11, 20, 0, 59, 1)]
    [InlineData(2026, 11, 21, 2, 0, 1)] // Saturday
    public void Peak_hours_double_the_price_on_working_days(int year, int month, int day, int hour, int minute, int times)
    {
        var start = new DateTimeOffset(year, month, day, hour, minute, 0, TimeSpan.Zero);

        Assert.Equal(times * Some.Nano(0.15m), At("deepseek", "deepseek-flash", start, new TokenUsage { Input = 1_000_000 }));
        Assert.Equal(times * Some.Nano(0.15m), At("deepseek", "deepseek-flash", start.ToOffset(TimeSpan.FromHours(8)), new TokenUsage { Input = 1_000_000 }));
    }

    [Fact]
    public void The_service_tier_multiplies_every_part()
    {
        var usage = new TokenUsage { Input = 10_000, CacheRead = 5_000, Output = 1_000 };
        var standard = At("openai", "gpt-5-mini", November, usage);

        Assert.Equal(standard / 2, At("openai", "gpt-5-mini", November, usage with { Tier = ServiceTier.Flex }));
        Assert.Equal(standard * 18 / 10, At("openai", "gpt-5-mini", November, usage with { Tier = ServiceTier.Priority }));
    }

    [Fact]
    public void A_service_tier_without_a_known_multiplier_costs_the_list_price()
    {
        var usage = new TokenUsage { Input = 10_000, Output = 1_000 };

        Assert.Equal(At("openai", "gpt-4.1", November, usage), At("openai", "gpt-4.1", November, usage with { Tier = ServiceTier.Flex }));
    }

    [Fact]
    public void Audio_has_its_own_rate_where_the_model_has_one()
    {
        var usage = new TokenUsage { Input = 1_000_000, AudioInput = 400_000, Output = 0 };

        Assert.Equal(Some.Nano(0.6m * 0.3m + 0.4m * 1.0m), At("google", "gemini-2.5-flash", November, usage));
        Assert.Equal(Some.Nano(0.75m), At("openai", "gpt-5.4-mini", November, usage));
    }

    [Fact]
    public void A_missing_cache_rate_is_the_input_rate()
    {
        var period = new PricePeriod { Rates = Some.Rates(input: 3, output: 15), Source = "test" };

        Assert.Equal(Some.Nano(3m), Cost.OfTokens(new TokenUsage { Input = 1_000_000, CacheRead = 200_000, CacheWrite = 300_000, CacheWriteLong = 400_000 }, period, November));
        period = period with { Rates = period.Rates with { CacheWrite = Some.Pico(4) } };
        Assert.Equal(Some.Nano(4m), Cost.OfTokens(new TokenUsage { Input = 1_000_000, CacheWriteLong = 1_000_000 }, period, November));
    }

    [Fact]
    public void A_single_cached_token_of_the_cheapest_model_is_not_lost() =>
        Assert.Equal(5, At("openai", "gpt-5-nano", November, new TokenUsage { Input = 1, CacheRead = 1 }));

    [Fact]
    public void Parts_that_exceed_their_whole_never_make_a_cost_negative()
    {
        var period = new PricePeriod { Rates = Some.Rates(input: 2, output: 10, cacheRead: 0.2m), Source = "test" };

        Assert.Equal(20, Cost.OfTokens(new TokenUsage { Input = 100, CacheRead = 500, CacheWrite = 500, AudioInput = 9 }, period, November) / 1000);
        Assert.Equal(0, Cost.OfTokens(new TokenUsage { Input = -1, CacheRead = -5, Output = long.MinValue, AudioOutput = 7 }, period, November));
        Assert.Equal(200_000, Cost.OfTokens(new TokenUsage { Input = 100, CacheRead = -5 }, period, November));
    }

    [Fact]
    public void A_half_nano_dollar_is_rounded_up_once()
    {
        var period = new PricePeriod { Rates = Some.Rates(input: 0.0005m, output: 0), Source = "test" };

        Assert.Equal(1, Cost.OfTokens(new TokenUsage { Input = 1 }, period, November));
        Assert.Equal(1, Cost.OfTokens(new TokenUsage { Input = 2 }, period, November));
        Assert.Equal(2, Cost.OfTokens(new TokenUsage { Input = 3 }, period, November));
    }

    [Theory]
    [InlineData(600_000_000, 4, 3_600_000_000, 150_000_000)] // $0.60 an hour, 4 slots, one busy for an hour
    [InlineData(600_000_000, 1, 1_000_000, 166_667)]
    [InlineData(600_000_000, 0, 1_000_000, 166_667)]
    [InlineData(600_000_000, 1, -1, 0)]
    [InlineData(-1, 1, 1_000_000, 0)]
    [InlineData(3_600_000_000, 2, 1, 1)] // half a nano-dollar
    [InlineData(long.MaxValue, 1, long.MaxValue, long.MaxValue)]
    public void A_model_by_the_hour_costs_its_busy_share(long hourly, int slots, long micros, long expected) =>
        Assert.Equal(expected, Cost.OfTime(hourly, slots, micros));

    [Fact]
    public void Pricing_allocates_nothing()
    {
        var period = PriceBook.Embedded.Find("deepseek", "deepseek-flash")!.At(November)!;
        var usage = new TokenUsage { Input = 10_000, CacheRead = 8_000, Output = 1_000 };
        _ = Cost.OfTokens(usage, period, November);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _ = Cost.OfTokens(usage, period, November);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static long At(string provider, string model, DateTimeOffset instant, TokenUsage usage)
    {
        var period = PriceBook.Embedded.Find(provider, model)!.At(instant)!;
        return Cost.OfTokens(usage, period, instant);
    }
}
