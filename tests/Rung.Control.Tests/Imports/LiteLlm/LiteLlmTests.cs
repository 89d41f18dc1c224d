using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.LiteLlm;

public sealed class LiteLlmTests
{
    private static readonly DateTimeOffset Start = new(2026, 9, 14, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("litellm/spend-logs.json")]
    [InlineData("litellm/spend-logs.csv")]
    public void Spend_logs_give_the_same_calls_from_the_api_and_from_the_table(string sample)
    {
        var read = Imported.Samples(sample);

        Assert.Equal("litellm", read.Result.Files[0].Format);
        Assert.Equal(0, read.Result.Files[0].Faults);
        Assert.Equal(["chatcmpl-01", "chatcmpl-02", "chatcmpl-03", "chatcmpl-04"], read.Calls.Select(call => call.Key));
        Assert.Equal(1, read.Result.LeftOut[LeftOut.NoModelCall]); // The MCP tool.

        var first = read["chatcmpl-01"];
        Assert.Equal(("openai", "openai/gpt-5-mini"), (first.Provider, first.Model));
        Assert.Equal(new TokenUsage { Input = 1000, CacheRead = 800, Output = 300, Reasoning = 192, Source = UsageSource.Provider }, first.Usage);
        Assert.Equal(670_000, Imported.Cost(first)); // 200 × 250 + 800 × 25 + 300 × 2,000 nano-USD.
        Assert.Equal(445_000, first.ReportedCostNanoUsd); // The noise of the binary fraction is gone.
        Assert.Equal((Start, 2_500_000L, 400_000L), (first.StartedAt, first.LatencyMicros, first.FirstByteMicros));
        Assert.Equal(("classify-intent", ImportedTagSource.Given, "team-search", "u-7"), (first.Tag, first.TagSource, first.Team, first.User));
        Assert.Equal(ImportedStatus.Answered, first.Status);

        var second = read["chatcmpl-02"];
        Assert.Equal(new TokenUsage { Input = 12_000, CacheRead = 10_000, CacheWrite = 1000, Output = 500, Source = UsageSource.Provider }, second.Usage);
        Assert.Equal(28_750_000, Imported.Cost(second)); // 1,000 × 5,000 + 10,000 × 500 + 1,000 × 6,250 + 500 × 25,000.
        Assert.Null(second.FirstByteMicros); // Equal to the end: not streamed.
        Assert.Equal(("planner", ImportedTagSource.Inferred, "planner", "customer-9"), (second.Tag, second.TagSource, second.Role, second.User));
        Assert.Equal(("You plan.", "1. Read.", "stop"), (second.Content!.System, second.Content.Answer, second.FinishReason));
    }

    [Fact]
    public void A_hit_of_the_gateways_cache_and_a_failure_are_rows_of_their_own()
    {
        var read = Imported.Samples("litellm/spend-logs.json");

        var hit = read["chatcmpl-03"];
        Assert.Equal(ImportedStatus.ServedFromCache, hit.Status);
        Assert.Equal(Start.AddSeconds(20), hit.StartedAt);
        Assert.Null(hit.Team); // What looks like a key is not kept.
        Assert.Equal((null, ImportedTagSource.None), (hit.Tag, hit.TagSource)); // User-Agent is no tag, and gpt-5-mini no job.

        var failure = read["chatcmpl-04"];
        Assert.Equal((ImportedStatus.Failed, "RateLimitError 429"), (failure.Status, failure.Error));
        Assert.Equal(0, failure.Usage.Input + failure.Usage.Output);
    }

    [Fact]
    public void The_payload_of_a_callback_has_times_in_seconds_and_the_clients_own_metadata()
    {
        var call = Assert.Single(Imported.Samples("litellm/payload.jsonl").Calls);

        Assert.Equal((Start.AddSeconds(0.25), 2_500_000L, 500_000L), (call.StartedAt, call.LatencyMicros, call.FirstByteMicros));
        Assert.Equal(("invoice-reading", ImportedTagSource.Given, "s-22", "tr-5"), (call.Tag, call.TagSource, call.Session, call.Run));
        Assert.Equal(670_000, Imported.Cost(call));
        Assert.Equal(445_000, call.ReportedCostNanoUsd);
        Assert.Equal((0.0, 256, RequestedOutput.Schema), (call.Temperature, call.MaxTokens, call.Output));
        Assert.Equal(["store"], call.Tools.ToArray());
        Assert.Equal(["store"], call.ToolCalls.ToArray());
        Assert.Equal(("tool_calls", "{\"type\": \"object\"}"), (call.FinishReason, call.Content!.Schema));
    }

    [Fact]
    public void The_same_call_from_table_and_callback_is_one()
    {
        var read = Imported.Samples("litellm/spend-logs.json", "litellm/spend-logs.csv");

        Assert.Equal(4, read.Result.Calls);
        Assert.Equal(4, read.Result.LeftOut[LeftOut.Duplicate]);
    }

    [Fact]
    public void Daily_sums_are_buckets_and_the_sums_by_team_repeat_those_by_user()
    {
        var read = Imported.Samples("litellm/daily-user.json", "litellm/daily-team.json");

        var bucket = Assert.Single(read.Calls);
        Assert.Equal((ImportGranularity.Bucket, 12L, 2_425_000L), (bucket.Granularity, bucket.Requests, bucket.ReportedCostNanoUsd));
        Assert.Equal((5000L, 1000L, 700L), (bucket.Usage.Input, bucket.Usage.CacheRead, bucket.Usage.Output));
        Assert.Equal(2_425_000, Imported.Cost(bucket)); // 4,000 × 250 + 1,000 × 25 + 700 × 2,000.
        Assert.Equal(1, read.Result.LeftOut[LeftOut.SumOfCalls]);
    }

    [Fact]
    public void A_cached_part_larger_than_the_input_shows_that_it_was_counted_beside_it()
    {
        var call = Assert.Single(Imported.Text(Row("\"prompt_tokens\":100,\"completion_tokens\":1,\"total_tokens\":101,\"metadata\":{\"additional_usage_values\":{\"cache_read_input_tokens\":900}}")).Calls);

        Assert.Equal((1000L, 900L, UsageRule.CacheAddedBySize), (call.Usage.Input, call.Usage.CacheRead, call.UsageRule));
    }

    [Theory]
    [InlineData("planner-model", "planner")]
    [InlineData("invoice_reader", "invoice_reader")]
    [InlineData("gpt-5", null)]
    [InlineData("azure/gpt-5", null)]
    [InlineData("llama-3.3-70b", null)]
    [InlineData("my-claude", null)]
    [InlineData("fast", null)]
    [InlineData("cheap-model", null)]
    [InlineData("philosophy-tutor", "philosophy-tutor")]
    public void An_alias_is_a_job_only_when_it_names_no_model(string alias, string? tag)
    {
        var call = Assert.Single(Imported.Text(Row($"\"model_group\":\"{alias}\"")).Calls);

        Assert.Equal(tag, call.Tag);
        Assert.Equal(tag is null ? ImportedTagSource.None : ImportedTagSource.Inferred, call.TagSource);
    }

    [Theory]
    [InlineData("\"prompt_tokens\":\"many\"", "prompt_tokens is no count.")]
    [InlineData("\"prompt_tokens\":-1", "prompt_tokens is no count.")]
    [InlineData("\"prompt_tokens\":{}", "prompt_tokens is no count.")]
    [InlineData("\"startTime\":\"yesterday\"", "startTime is no time that can be true.")]
    [InlineData("\"startTime\":17", "startTime is no time that can be true.")]
    [InlineData("\"spend\":[]", "spend is no number.")]
    [InlineData("\"metadata\":{\"usage_object\":{\"prompt_tokens_details\":{\"cached_tokens\":\"x\"}}}", "metadata.usage_object.prompt_tokens_details.cached_tokens is no count.")]
    public void A_field_of_a_wrong_kind_is_a_fault_with_its_name(string field, string message)
    {
        var read = Imported.Text($"{Row("\"user\":\"u\"", "good")}\n{Row(field, "bad")}\n");

        Assert.Equal("good", Assert.Single(read.Calls).Key);
        var fault = Assert.Single(read.Result.Files[0].Examples);
        Assert.Equal((2L, message), (fault.Line, fault.Message));
    }

    private static string Row(string more, string id = "r1") =>
        $"{{\"request_id\":\"{id}\",\"call_type\":\"acompletion\",\"spend\":0.1,\"startTime\":\"2026-09-14T08:00:00\",\"endTime\":\"2026-09-14T08:00:01\",\"model\":\"gpt-5-mini\",{more}}}";
}
