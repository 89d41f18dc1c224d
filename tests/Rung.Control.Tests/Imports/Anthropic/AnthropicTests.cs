using Rung.Control.Imports;
using Rung.Control.Imports.Anthropic;
using Rung.Control.Tests.Imports.ClaudeCode;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.Anthropic;

public class AnthropicTests
{
    [Fact]
    public void A_usage_report_is_sums_that_cost_what_a_calculation_by_hand_says()
    {
        // claude-opus-5-5 (4, 20, written 5 and 8, read 0.2): 1M in + 2M + 0.5M written + 8M read, 0.3M out     25.60
        // the same in a batch, half price: 1M in, 0.1M out                                                       3.00
        // fast (twice) in the United States (1.1): 0.1M in, 0.01M out                                            1.32
        var run = LogRun.OfSamples("anthropic/usage-report.json");
        Assert.Equal(29.92m, run.Usd());
        Assert.Equal((12_600_000, 8_000_000, 2_000_000, 500_000, 410_000), run.Tokens());
        Assert.Equal([1000, 500, 2200], run.Calls.Select(call => call.PricePermille));
        Assert.All(run.Calls, call => Assert.Equal(ImportGranularity.Bucket, call.Granularity));
        Assert.Empty(run.Faults);
    }

    [Fact]
    public void A_cost_report_is_in_cents_and_stands_for_no_request()
    {
        var run = LogRun.OfSamples("anthropic/cost-report.json");
        Assert.Equal([25_600_000_000L, 1_234_567_000L], run.Calls.Select(call => call.ReportedCostNanoUsd!.Value));
        Assert.All(run.Calls, call => Assert.Equal((0L, default(TokenUsage)), (call.Requests, call.Usage)));
        Assert.Equal("Web Search Usage", run.Calls[1].Step);
    }

    [Fact]
    public void A_console_export_has_a_mark_before_it_names_of_keys_and_names_of_models()
    {
        // claude-sonnet-5-5 (2, 10, written 2.5 and 4, read 0.1): 1,000 + 2,000 + 500 written + 10,000 read, 300 out: 0.013. claude-opus-5-5 at half: 0.003.
        var run = LogRun.OfSamples("anthropic/console.csv");
        Assert.Equal(0.016m, run.Usd());
        Assert.Equal((14_500, 10_000, 2_000, 500, 400), run.Tokens());
        Assert.Equal([("planner-agent", ImportedTagSource.Inferred, "Default"), ("nightly-eval", ImportedTagSource.Inferred, "Default")], run.Calls.Select(call => (call.Tag, call.TagSource, call.Team)));
        Assert.Equal("claude-opus-5-5", run.Calls[1].Model);
    }

    [Fact]
    public void Batch_results_are_half_price_and_are_dated_by_their_file()
    {
        var run = LogRun.OfSamples("anthropic/batch-results.jsonl");
        var answered = run.Call("msg_b1");
        Assert.Equal(0.0032m, run.Usd()); // claude-opus-5-5: 1,000 + 2,000 read, 100 out: 0.0064, half.
        Assert.Equal((3_000L, 2_000L, 500, "summarize_ticket", "Short.", "stop"), (answered.Usage.Input, answered.Usage.CacheRead, answered.PricePermille, answered.Tag, answered.Content!.Answer, answered.FinishReason));
        Assert.Equal([null, "invalid_request_error", "expired"], run.Calls.Select(call => call.Error));
        Assert.Equal(new DateTimeOffset(File.GetLastWriteTimeUtc(LogRun.SamplePath("anthropic", "batch-results.jsonl")), TimeSpan.Zero), answered.StartedAt);
    }

    [Fact]
    public void Equal_groups_in_one_bucket_add_up()
    {
        const string Result = """{"uncached_input_tokens":5,"output_tokens":1,"model":null}""";
        var run = LogRun.OfLines(new AnthropicUsageFormat(), $$"""{"starting_at":"2026-10-10T00:00:00Z","ending_at":"2026-10-11T00:00:00Z","results":[{{Result}},{{Result}}]}""");
        Assert.Equal((2, 10L), (run.Calls.Count, run.Tokens().Input));
    }

    [Theory]
    [InlineData("\"12.5\"", "USD", 125_000_000L)]
    [InlineData("\"0.00001\"", "USD", 100L)]
    [InlineData("\"-3\"", "USD", null)]
    [InlineData("\"3\"", "EUR", null)]
    public void Cents(string amount, string currency, long? nano)
    {
        var run = LogRun.OfLines(new AnthropicUsageFormat(), $$"""{"starting_at":"2026-10-10T00:00:00Z","results":[{"amount":{{amount}},"currency":"{{currency}}"}]}""");
        Assert.Equal(nano, run.Calls.SingleOrDefault()?.ReportedCostNanoUsd);
        Assert.Equal(nano is null ? 1 : 0, run.Faults.Count);
    }

    [Theory]
    [InlineData("Claude Opus 5.5", "claude-opus-5-5")]
    [InlineData("claude-haiku-4-5-20251001", "claude-haiku-4-5-20251001")]
    [InlineData(null, "")]
    public void Names_of_models(string? name, string id) => Assert.Equal(id, AnthropicUsageReader.ModelId(name));
}
