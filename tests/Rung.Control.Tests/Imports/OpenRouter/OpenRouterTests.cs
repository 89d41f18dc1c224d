using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.OpenRouter;

public sealed class OpenRouterTests
{
    [Fact]
    public void Activity_is_a_sum_a_day_and_endpoint()
    {
        var bucket = Assert.Single(Imported.Samples("openrouter/activity.json").Calls);

        Assert.Equal((ImportGranularity.Bucket, 7L), (bucket.Granularity, bucket.Requests));
        Assert.Equal(new TokenUsage { Input = 5000, Output = 2000, Reasoning = 500, Source = UsageSource.Provider }, bucket.Usage);
        Assert.Equal(15_000_000, bucket.ReportedCostNanoUsd); // Credits, and what the own key paid.
        Assert.Equal(15_000_000, Imported.Cost(bucket)); // 5,000 × 1,000 + 2,000 × 5,000.
        Assert.Equal(new DateTimeOffset(2026, 9, 14, 0, 0, 0, TimeSpan.Zero), bucket.StartedAt);
    }

    [Theory]
    [InlineData("openrouter/generation.json", "gen-1")]
    [InlineData("openrouter/activity.csv", "gen-7")]
    public void A_generation_is_counted_in_native_tokens(string sample, string key)
    {
        var call = Assert.Single(Imported.Samples(sample).Calls);

        Assert.Equal((key, "anthropic", "anthropic/claude-haiku-4-5"), (call.Key, call.Provider, call.Model));
        Assert.Equal(new TokenUsage { Input = 1000, CacheRead = 400, Output = 50, Reasoning = 20, Source = UsageSource.Provider }, call.Usage);
        Assert.Equal((890_000L, 890_000L), (Imported.Cost(call), call.ReportedCostNanoUsd)); // 600 × 1,000 + 400 × 100 + 50 × 5,000.
        Assert.Equal(("stop", "u-1", ImportedStatus.Answered), (call.FinishReason, call.User, call.Status));
    }

    [Fact]
    public void With_an_own_key_the_providers_bill_comes_on_top_of_the_fee()
    {
        var call = Assert.Single(Imported.Text(
            """{"id":"g","created_at":"2026-09-14T08:00:00Z","model":"openai/gpt-5-mini","native_tokens_prompt":10,"native_tokens_completion":1,"total_cost":0.0001,"upstream_inference_cost":0.002,"is_byok":true,"cancelled":true}""").Calls);

        Assert.Equal((2_100_000L, ImportedStatus.Failed, "cancelled"), (call.ReportedCostNanoUsd, call.Status, call.Error));
    }
}
