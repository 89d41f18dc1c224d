using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.Otlp;

/// <summary>One golden sample for each dialect. The figures in the assertions are calculated by hand from the sample and the rules of its dialect.</summary>
public sealed class DialectTests
{
    [Fact]
    public void Current_conventions_give_calls_with_agent_content_and_neighbours()
    {
        var calls = OtlpLog.ReadSample("current-genai.jsonl");

        Assert.Equal(2, calls.Count); // The agent repeats 1,200 + 3,000 and 90 + 400 tokens.
        var (first, second) = (calls[0], calls[1]);
        Assert.Equal(new TokenUsage { Input = 1200, CacheRead = 1024, Output = 90, Reasoning = 64, Source = UsageSource.Provider }, first.Usage);
        Assert.Equal(("openai", "gpt-5.4-mini-2026-03-17"), (first.Provider, first.Model));
        Assert.Equal((1_200_000L, 250_000L), (first.LatencyMicros!.Value, first.FirstByteMicros!.Value));
        Assert.Equal(("tool_calls", 0.0, 512, RequestedOutput.Json), (first.FinishReason, first.Temperature, first.MaxTokens, first.Output));
        Assert.Equal(["find_invoice", "refund"], first.Tools.ToArray());
        Assert.Equal(["find_invoice"], first.ToolCalls.ToArray());
        Assert.Equal(("You route support tickets.", ""), (first.Content!.System, first.Content.Answer));
        Assert.Equal([("user", "My invoice is wrong.")], first.Content.Messages.ToArray());
        Assert.Equal(("triage", null, "conv-1", "find_invoice"), (first.Agent, first.Step, first.Session, first.FollowedBy));
        Assert.Equal((0, false, "0af7651916cd43dd8448eb211c80319c"), (first.RunPosition, first.EndsRun, first.Run));
        Assert.Equal([new ImportedVerdict("schema", 1, ByPerson: false)], first.Verdicts.ToArray());
        Assert.Equal("0af7651916cd43dd8448eb211c80319c-b000000000000001", first.Key);
        Assert.Equal((ImportedTagSource.None, "support"), (first.TagSource, first.Team));

        // Structured content. 3,000 tokens of input by convention hold 2,000 read from and 500 written to the cache.
        Assert.Equal(new TokenUsage { Input = 3000, CacheRead = 2000, CacheWrite = 500, Output = 400, Source = UsageSource.Provider }, second.Usage);
        Assert.Equal(("Write to the customer.", "We have corrected it.", "stop"), (second.Content!.System, second.Content.Answer, second.FinishReason));
        Assert.Equal([("user", "My invoice is wrong."), ("tool", "{\"amount\":12}")], second.Content.Messages.ToArray());
        Assert.Equal((1, true, null), (second.RunPosition, second.EndsRun, second.FollowedBy));
        Assert.Equal(UsageRule.AsStated, second.UsageRule);
    }

    [Fact]
    public void Older_conventions_tell_content_by_events()
    {
        var calls = OtlpLog.ReadSample("older-genai.json");

        Assert.Equal(3, calls.Count);
        Assert.Equal(new TokenUsage { Input = 50, Output = 2, Source = UsageSource.Provider, Tier = ServiceTier.Flex }, calls[0].Usage);
        Assert.Equal(("Label the intent.", "tracking", "stop", RequestedOutput.Schema), (calls[0].Content!.System, calls[0].Content!.Answer, calls[0].FinishReason, calls[0].Output));
        Assert.Equal([("user", "Where is my parcel?")], calls[0].Content!.Messages.ToArray());
        Assert.Equal(("classify-intent", "classify-intent"), (calls[0].Step, calls[0].FollowedBy));
        // An embedding at Azure is OpenAI's model at OpenAI's list price; a deployment's own name says nothing.
        Assert.Equal(("openai", 17L), (calls[1].Provider, calls[1].Usage.Input));
        Assert.Equal(("azure", ImportedStatus.Failed, "429", UsageSource.None), (calls[2].Provider, calls[2].Status, calls[2].Error, calls[2].Usage.Source));
    }

    [Fact]
    public void OpenInference_agents_and_chains_repeat_their_children()
    {
        var calls = OtlpLog.ReadSample("openinference.json");

        Assert.Equal(2, calls.Count);
        var (grade, sum) = (calls[0], calls[1]);
        Assert.Equal(new TokenUsage { Input = 700, CacheRead = 600, Output = 60, Source = UsageSource.Provider }, grade.Usage);
        Assert.Equal(("anthropic", 456_000L, 100, RequestedOutput.Tool), (grade.Provider, grade.ReportedCostNanoUsd, grade.MaxTokens, grade.Output));
        Assert.Equal(("grade-docs", ImportedTagSource.Given, "critic"), (grade.Tag, grade.TagSource, grade.Role));
        Assert.Equal(("support", "grade_documents", "s-9", "u-1", "validate_grade"), (grade.Agent, grade.Step, grade.Session, grade.User, grade.FollowedBy));
        Assert.Equal(("Grade the document.", ""), (grade.Content!.System, grade.Content.Answer));
        Assert.Equal([("user", "Doc 1\nDoc 2")], grade.Content.Messages.ToArray());
        Assert.Equal(("grade", "grade"), (string.Join(",", grade.Tools), string.Join(",", grade.ToolCalls)));
        Assert.Equal(("openai", "length", 0.7, RequestedOutput.Json, "A summary"), (sum.Provider, sum.FinishReason, sum.Temperature, sum.Output, sum.Content!.Answer));
        Assert.Equal([("user", "Summarise.")], sum.Content.Messages.ToArray());
    }

    [Fact]
    public void OpenLLMetry_with_Anthropics_own_count_is_brought_to_the_sum()
    {
        var calls = OtlpLog.ReadSample("openllmetry.json");

        Assert.Equal(2, calls.Count);
        var plan = calls[0];
        // 100 uncached + 4,000 read + 250 written: the cached part is larger than the input, so it is not in it.
        Assert.Equal(new TokenUsage { Input = 4350, CacheRead = 4000, CacheWrite = 250, Output = 800, Source = UsageSource.Provider }, plan.Usage);
        Assert.Equal(UsageRule.CacheAddedBySize, plan.UsageRule);
        Assert.Equal(("anthropic", "claude-opus-5", "stop"), (plan.Provider, plan.Model, plan.FinishReason));
        Assert.Equal(("plan-shed", ImportedTagSource.Given, "planner", "make_plan", "s-3", "u-3"), (plan.Tag, plan.TagSource, plan.Agent, plan.Step, plan.Session, plan.User));
        Assert.Equal(("Plan the work.", "1. Saw"), (plan.Content!.System, plan.Content.Answer));
        Assert.Equal([("user", "Build a shed.")], plan.Content.Messages.ToArray());
        Assert.Equal(("order_wood", "order_wood"), (string.Join(",", plan.Tools), string.Join(",", plan.ToolCalls)));
        Assert.Equal((100_000L, null, "planner"), (calls[1].FirstByteMicros, calls[1].Tag, calls[1].Agent));
    }

    [Fact]
    public void Langfuses_counts_stand_beside_each_other()
    {
        var call = Assert.Single(OtlpLog.ReadSample("langfuse.json"));

        // 120 + 800 + 80 in, 40 + 10 out.
        Assert.Equal(new TokenUsage { Input = 1000, CacheRead = 800, CacheWrite = 80, Output = 50, Reasoning = 10, Source = UsageSource.Provider }, call.Usage);
        Assert.Equal(UsageRule.CacheAddedByFormat | UsageRule.ReasoningAddedByFormat, call.UsageRule);
        Assert.Equal(("anthropic", 1_500_000L, 0.2, 256), (call.Provider, call.ReportedCostNanoUsd, call.Temperature, call.MaxTokens));
        Assert.Equal(("extract", ImportedTagSource.Given, "extract-v2", "s-4"), (call.Tag, call.TagSource, call.Step, call.Session));
        Assert.Equal(("Extract.", "{\"name\":\"Acme\"}"), (call.Content!.System, call.Content.Answer));
        Assert.Equal(200_000, call.FirstByteMicros);
    }

    [Fact]
    public void The_outer_span_of_the_AI_SDK_repeats_the_inner_one()
    {
        var call = Assert.Single(OtlpLog.ReadSample("vercel-ai.json"));

        Assert.Equal(new TokenUsage { Input = 640, CacheRead = 512, Output = 210, Reasoning = 128, Source = UsageSource.Provider }, call.Usage);
        Assert.Equal(("openai", "gpt-5.4", 431_500L, "tool_calls"), (call.Provider, call.Model, call.FirstByteMicros, call.FinishReason));
        Assert.Equal(("write-reply", "lookup", 0.3, 1000), (call.Step, call.FollowedBy, call.Temperature, call.MaxTokens));
        Assert.Equal(("lookup", "lookup", ""), (string.Join(",", call.Tools), string.Join(",", call.ToolCalls), call.Content!.Answer));
        Assert.Equal(("Be brief.", "Hello"), (call.Content.System, call.Content.Messages[0].Text));
        Assert.Null(call.Output);
    }

    [Fact]
    public void Claude_codes_log_events_are_calls_and_their_input_leaves_the_cache_out()
    {
        var calls = OtlpLog.ReadSample("claude-code-logs.json");

        Assert.Equal(2, calls.Count);
        Assert.Equal(new TokenUsage { Input = 62743, CacheRead = 54265, CacheWrite = 8476, Output = 658, Source = UsageSource.Provider }, calls[0].Usage); // 2 + 54,265 + 8,476
        Assert.Equal(("anthropic", 50_000_000L, 4_000_000L, "repl_main_thread", "high"), (calls[0].Provider, calls[0].ReportedCostNanoUsd, calls[0].LatencyMicros, calls[0].Agent, calls[0].Effort));
        Assert.Equal(("claude-code/req_02", 300L, 20L, "Explore"), (calls[1].Key, calls[1].Usage.Input, calls[1].Usage.Output, calls[1].Agent));
    }

    [Fact]
    public void Rungs_own_spans_are_read_back_attempt_by_attempt()
    {
        var calls = OtlpLog.ReadSample("rung-gateway.json");

        Assert.Equal(2, calls.Count);
        Assert.Equal(950_000, calls.Sum(call => call.ReportedCostNanoUsd));
        Assert.All(calls, call => Assert.Equal(("classify-intent", ImportedTagSource.Given, "worker", "s-6", true), (call.Tag, call.TagSource, call.Role, call.Session, call.Simulated)));
        Assert.Equal([new ImportedVerdict("schema", 0, ByPerson: false)], calls[0].Verdicts.ToArray());
        Assert.Equal((UsageSource.Estimated, 1, true), (calls[1].Usage.Source, calls[1].RunPosition, calls[1].EndsRun));
        Assert.All(calls, call => Assert.Null(call.Step));
    }

    [Theory]
    [InlineData("current-genai.jsonl")]
    [InlineData("older-genai.json")]
    [InlineData("openinference.json")]
    [InlineData("openllmetry.json")]
    [InlineData("langfuse.json")]
    [InlineData("vercel-ai.json")]
    [InlineData("rung-gateway.json")]
    public void The_same_spans_as_protocol_buffers_give_the_same_calls(string sample)
    {
        var text = File.ReadAllText(OtlpLog.Sample(sample));
        string[] documents = sample.EndsWith(".jsonl", StringComparison.Ordinal) ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [text];
        var messages = documents.Select(OtlpBinary.Of).ToArray();
        var expected = OtlpLog.Describe(OtlpLog.Read(documents).Calls);

        Assert.Equal(expected, OtlpLog.Describe(OtlpLog.Read(1000, messages, LogShape.Binary).Calls));
        Assert.Equal(expected, OtlpLog.Describe(ReadFile([.. messages.SelectMany(OtlpBinary.WithFourByteSize)])));
        Assert.Equal(expected, OtlpLog.Describe(ReadFile([.. messages.SelectMany(OtlpBinary.WithVarintSize)])));
        Assert.Equal(expected, OtlpLog.Describe(ReadFile([.. messages.SelectMany(message => message)])));
    }

    private static List<ImportedCall> ReadFile(byte[] bytes)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            var calls = new List<ImportedCall>();
            var result = LogImport.Run(new LogImportOptions { Paths = [path] }, calls.Add, null, CancellationToken.None);
            Assert.Equal(("otlp-protobuf", 0L), (result.Files[0].Format, result.Files[0].Faults));
            return calls;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
