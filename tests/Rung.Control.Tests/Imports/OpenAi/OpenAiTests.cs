using Rung.Control.Imports;
using Rung.Control.Imports.OpenAi;
using Rung.Control.Tests.Imports.ClaudeCode;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.OpenAi;

public class OpenAiTests
{
    [Fact]
    public void Answers_without_an_id_are_known_by_their_content_whatever_their_file_is_called()
    {
        var folder = Directory.CreateTempSubdirectory("rung-answers");
        try
        {
            string[] paths = [.. new[] { "monday", "tuesday", "copy" }.Select(day => Path.Combine(folder.CreateSubdirectory(day).FullName, day == "copy" ? "again.jsonl" : "calls.jsonl"))];
            File.WriteAllText(paths[0], """{"ts":1789372800.5,"model":"gpt-5-mini","usage":{"prompt_tokens":10,"completion_tokens":3}}""");
            File.WriteAllText(paths[1], """{"ts":1789459200.5,"model":"gpt-5-mini","usage":{"prompt_tokens":20,"completion_tokens":3}}""");
            File.Copy(paths[0], paths[2]);

            var read = Imported.Paths(null, paths);

            Assert.Equal(["openai-completions"], read.Result.Files.Select(file => file.Format).Distinct());
            Assert.Equal([10L, 20L], read.Calls.Select(call => call.Usage.Input));
            Assert.Equal(1, read.Result.LeftOut[LeftOut.Duplicate]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_usage_page_is_sums_that_cost_what_a_calculation_by_hand_says()
    {
        // gpt-6-sol (2, 10, read 0.2, written 2.5): 500,000 + 400,000 read + 100,000 written, 50,000 out      1.83
        // gpt-6-luna (0.1, 0.5), batch at half price: 2,000,000 in, 100,000 out                              0.125
        // gpt-6-luna, two results without a group of their own: 3,000 in, 100 out each                       0.0007
        var run = LogRun.OfSamples("openai/usage-page.json");
        Assert.Equal(1.9557m, run.Usd());
        Assert.Equal((5, 165L), (run.Calls.Count, run.Calls.Sum(call => call.Requests)));
        Assert.Equal((3_007_000, 400_000, 100_000, 0, 150_210), run.Tokens());
        Assert.All(run.Calls, call => Assert.Equal((ImportGranularity.Bucket, "openai-usage"), (call.Granularity, call.Source)));
        Assert.Equal("acme-internal-7b", run.Calls.Single(call => LogRun.UsdOf(call) is null).Model);
        Assert.Equal("key_1", run.Calls[0].Team);
        Assert.Empty(run.Faults);
    }

    [Fact]
    public void A_cost_page_carries_what_was_billed_and_stands_for_no_request()
    {
        var run = LogRun.OfSamples("openai/costs-page.json");
        Assert.Equal(1_990_000_000, run.Calls.Sum(call => call.ReportedCostNanoUsd!.Value));
        Assert.Equal(["gpt-6-sol", ""], run.Calls.Select(call => call.Model));
        Assert.All(run.Calls, call => Assert.Equal((0L, default(TokenUsage)), (call.Requests, call.Usage)));
    }

    [Fact]
    public void A_dashboard_export_is_read_by_the_names_of_its_columns()
    {
        var run = LogRun.OfSamples("openai/completions_usage.csv");
        Assert.Equal(0.00117m, run.Usd()); // 0.00078, and once more at half price.
        Assert.Equal([3L, 1L], run.Calls.Select(call => call.Requests));
        Assert.All(run.Calls, call => Assert.Equal(("intent-worker", ImportedTagSource.Inferred), (call.Tag, call.TagSource)));
    }

    [Fact]
    public void An_export_without_usage_is_no_fault()
    {
        var run = LogRun.OfSamples("openai/completions_usage_empty.csv");
        Assert.Empty(run.Calls);
        Assert.Empty(run.Faults);
        Assert.Equal("openai-usage", run.Result!.Files.Single().Format);
    }

    [Theory]
    [InlineData("""{"input_tokens":100,"input_audio_tokens":40,"output_tokens":10}""", 100, 40)]
    [InlineData("""{"input_tokens":100,"input_text_tokens":100,"input_audio_tokens":40,"output_tokens":10}""", 140, 40)]
    [InlineData("""{"input_tokens":100,"input_audio_tokens":400,"output_tokens":10}""", 500, 400)]
    [InlineData("""{"input_uncached_tokens":100,"input_cached_tokens":30,"input_cache_write_tokens":5,"output_tokens":10}""", 135, 0)]
    public void Input_holds_every_part(string result, long input, long audio)
    {
        var usage = Usage(result).Calls.Single().Usage;
        Assert.Equal((input, audio), (usage.Input, usage.AudioInput));
    }

    [Fact]
    public void Results_that_are_no_tokens_are_left_out() => Assert.Equal(1, Usage("""{"object":"organization.usage.images.result","images":3,"num_model_requests":3}""").Left[LeftOut.NoModelCall]);

    [Fact]
    public void Flex_and_priority_are_tiers() => Assert.Equal(ServiceTier.Flex, Usage("""{"input_tokens":100,"output_tokens":1,"service_tier":"flex"}""").Calls.Single().Usage.Tier);

    [Fact]
    public void Another_currency_is_a_fault() => Assert.Contains("EUR", Assert.Single(Usage("""{"amount":{"value":1.5,"currency":"eur"}}""").Faults), StringComparison.Ordinal);

    [Fact]
    public void Stored_completions_cost_what_a_calculation_by_hand_says_and_carry_the_callers_names()
    {
        // gpt-6-luna 2,000 + 8,000 read, 1,000 out: 0.00078. gpt-6-sol above 272,000 (4, 15): 300,000 in, 10,000 out: 1.35; flex at half: 1,000 in, 100 out: 0.0015.
        var run = LogRun.OfSamples("openai/stored-completions.json");
        Assert.Equal(1.35228m, run.Usd());
        var first = run.Call("chatcmpl-1");
        Assert.Equal(("classify-intent", ImportedTagSource.Given, "worker", "s-1"), (first.Tag, first.TagSource, first.Role, first.Session));
        Assert.Equal((0d, "stop", "billing"), (first.Temperature, first.FinishReason, first.Content!.Answer));
        Assert.Null(run.Call("chatcmpl-2").Tag);
        Assert.Equal(4_000, run.Call("chatcmpl-2").Usage.Reasoning);
        Assert.Equal(ServiceTier.Flex, run.Call("chatcmpl-3").Usage.Tier);
    }

    [Fact]
    public void Requests_and_answers_that_a_program_kept_are_calls_in_both_dialects()
    {
        var run = LogRun.OfSamples("openai/raw.jsonl");
        Assert.Equal(0.00688m, run.Usd()); // 0.00078, and gpt-6-sol 1,500 + 500 read, 300 out: 0.0061.
        var chat = run.Call("chatcmpl-9");
        Assert.Equal(("label", 812_500L, 16, 0d), (chat.Tag, chat.LatencyMicros, chat.MaxTokens, chat.Temperature));
        Assert.Equal(("Label the text.", "shipping"), (chat.Content!.System, chat.Content.Answer));
        var response = run.Call("resp_1");
        Assert.Equal(("planner", 200L, RequestedOutput.Schema, "Plan the work."), (response.Role, response.Usage.Reasoning, response.Output, response.Content!.System));
        Assert.Equal(["search"], response.ToolCalls.ToArray());
        Assert.Equal(1, run.Left[LeftOut.NoModelCall]);
    }

    [Fact]
    public void A_batch_is_half_price_and_its_ids_name_the_job()
    {
        var run = LogRun.OfSamples("openai/batch-output.jsonl");
        Assert.Equal(0.0115m, run.Usd()); // gpt-6-sol 1,000 in, 100 out: 0.003; text-embedding-3-small 1,000,000 in: 0.02. Half of both.
        Assert.Equal(("classify-intent", ImportedTagSource.Inferred, 500), (run.Call("batch_req_1").Tag, run.Call("batch_req_1").TagSource, run.Call("batch_req_1").PricePermille));
        Assert.Null(run.Call("batch_req_2").Tag);
        Assert.Equal(run.Call("batch_req_1").StartedAt, run.Call("batch_req_2").StartedAt); // Embeddings have no time of their own.
        Assert.Equal((ImportedStatus.Failed, "batch_expired", 0L), (run.Call("batch_req_3").Status, run.Call("batch_req_3").Error, run.Call("batch_req_3").Usage.Input));
    }

    [Theory]
    [InlineData("classify-intent-00042", "classify-intent")]
    [InlineData("Classify Intent:42", "classify-intent")]
    [InlineData("summarize/3f2b8a10-1111-4222-8333-444455556666", "summarize")]
    [InlineData("translate_row_17", "translate_row")]
    [InlineData("extract.v2.0001", "extract.v2")]
    [InlineData("request-7", null)]
    [InlineData("task_0_item_3", null)]
    [InlineData("42", null)]
    [InlineData("", null)]
    public void Custom_ids(string id, string? job) => Assert.Equal(job, BatchJob.Of(id));

    [Theory]
    [InlineData("""{"model":"gpt-6-sol","usage":{"prompt_tokens":1,"completion_tokens":1}}""", "There is no time")]
    [InlineData("""{"model":"gpt-6-sol","created":1790294400,"usage":{"prompt_tokens":900000000000,"completion_tokens":1}}""", "cannot be true")]
    public void What_cannot_be_used_is_a_fault(string line, string message) =>
        Assert.Contains(message, Assert.Single(LogRun.OfLines(new OpenAiCompletionsFormat(), line).Faults), StringComparison.Ordinal);

    [Fact]
    public void An_answer_in_anthropics_dialect_is_a_call_too()
    {
        var call = LogRun.OfLines(new OpenAiCompletionsFormat(),
            """{"timestamp":"2026-09-25T08:00:00Z","id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5","content":[{"type":"text","text":"Yes."}],"stop_reason":"end_turn","usage":{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":5}}""").Calls.Single();
        Assert.Equal(("anthropic", 100L, 90L, "stop", "Yes."), (call.Provider, call.Usage.Input, call.Usage.CacheRead, call.FinishReason, call.Content!.Answer));
    }

    private static LogRun Usage(string result) => LogRun.OfLines(new OpenAiUsageFormat(), $$"""{"object":"bucket","start_time":1790294400,"end_time":1790380800,"results":[{{result}}]}""");
}
