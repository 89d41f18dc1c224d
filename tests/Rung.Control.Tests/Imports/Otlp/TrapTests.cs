using System.Text.Json.Nodes;
using Rung.Control.Imports;

namespace Rung.Control.Tests.Imports.Otlp;

public sealed class TrapTests
{
    private static readonly TestSpan Call = TestSpan.Call("00000000000000aa");

    [Theory]
    [InlineData("invoke_agent")]
    [InlineData("agent_step")]
    [InlineData("invoke_workflow")]
    [InlineData("execute_tool")]
    [InlineData("plan")]
    [InlineData("chat")]
    public void A_parent_that_repeats_its_childrens_tokens_does_not_count(string operation)
    {
        var parent = TestSpan.Call("00000000000000bb", input: 300, output: 30).With(("gen_ai.operation.name", operation));
        var first = TestSpan.Call("00000000000000c1", parent.Id, 1, input: 100, output: 10);
        var middle = new TestSpan { Id = "00000000000000dd", Parent = parent.Id, Name = "step", Start = 6, End = 20 };
        var second = TestSpan.Call("00000000000000c2", middle.Id, 7, input: 200, output: 20);

        var log = OtlpLog.Read(TestSpan.Export(first, second, middle, parent));

        Assert.Equal(300, log.Calls.Sum(call => call.Usage.Input));
        Assert.Equal(30, log.Calls.Sum(call => call.Usage.Output));
        Assert.Equal(1, log.Left[LeftOut.RepeatsChildren]);
        Assert.Equal(1, log.Left[LeftOut.NoModelCall]);
    }

    [Fact]
    public void A_call_that_another_layer_tells_again_without_tokens_is_one_call()
    {
        var outer = TestSpan.Call("00000000000000bb");
        var inner = new TestSpan { Id = "00000000000000cc", Parent = outer.Id, Name = "raw_gen_ai_request", Attributes = new() { ["gen_ai.system"] = "openai", ["gen_ai.request.model"] = "gpt-5" } };

        Assert.Equal(100, Assert.Single(OtlpLog.Read(TestSpan.Export(inner, outer)).Calls).Usage.Input);
    }

    [Fact]
    public void An_agents_tokens_without_a_call_below_it_are_not_counted_but_told()
    {
        var log = OtlpLog.Read(TestSpan.Export(TestSpan.Call("00000000000000bb").With(("gen_ai.operation.name", "invoke_agent"))));

        Assert.Empty(log.Calls);
        Assert.Equal(1, log.UsageWithoutCalls);
        Assert.Empty(log.Faults); // No record is at fault.
        Assert.Contains("not counted", Assert.Single(log.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"1200\"")]
    [InlineData("1200")]
    [InlineData("1200.0")]
    public void Whole_numbers_may_be_texts_or_numbers(string written)
    {
        var json = TestSpan.Export(Call).Replace("\"intValue\":\"100\"", $"\"intValue\":{written}", StringComparison.Ordinal);
        Assert.Equal(1200, Assert.Single(OtlpLog.Read(json).Calls).Usage.Input);
    }

    [Theory]
    [InlineData("{\"stringValue\":\"1200\"}")]
    [InlineData("{\"doubleValue\":1200}")]
    [InlineData("{\"doubleValue\":\"1200\"}")]
    [InlineData("{\"unknownValue\":{\"x\":[1]},\"intValue\":\"1200\"}")]
    public void Tokens_may_be_of_another_kind(string written)
    {
        var json = TestSpan.Export(Call).Replace("{\"intValue\":\"100\"}", written, StringComparison.Ordinal);
        Assert.Equal(1200, Assert.Single(OtlpLog.Read(json).Calls).Usage.Input);
    }

    [Fact]
    public void Times_may_be_numbers()
    {
        var json = TestSpan.Export(Call).Replace("\"1790000000000000000\"", "1790000000000000000", StringComparison.Ordinal);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000), Assert.Single(OtlpLog.Read(json).Calls).StartedAt);
    }

    [Fact]
    public void Ids_are_the_same_in_any_case()
    {
        var agent = new TestSpan { Trace = "ABCDEF00000000000000000000000001", Id = "ABCDEF0000000001", Name = "invoke_agent Writer", Attributes = new() { ["gen_ai.operation.name"] = "invoke_agent" } };
        var call = Call with { Trace = "abcdef00000000000000000000000001", Id = "AbCdEf0000000002", Parent = "abcdef0000000001" };

        var read = Assert.Single(OtlpLog.Read(TestSpan.Export(call), TestSpan.Export(agent)).Calls);

        Assert.Equal(("abcdef00000000000000000000000001-abcdef0000000002", "Writer"), (read.Key, read.Agent));
    }

    [Fact]
    public void Ids_in_base64_are_those_of_plain_proto3_JSON()
    {
        var json = TestSpan.Export(Call with { Trace = Convert.ToBase64String(Convert.FromHexString("0af7651916cd43dd8448eb211c80319c")), Id = Convert.ToBase64String(Convert.FromHexString("b7ad6b7169203331")) });
        Assert.Equal("0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", Assert.Single(OtlpLog.Read(json).Calls).Key);
    }

    [Fact]
    public void A_missing_parent_still_makes_siblings()
    {
        var first = TestSpan.Call("00000000000000c1", "00000000000000ff", 0);
        var tool = new TestSpan { Id = "00000000000000c2", Parent = "00000000000000ff", Name = "validate_json", Start = 10, End = 20 };

        Assert.Equal("validate_json", Assert.Single(OtlpLog.Read(TestSpan.Export(tool, first)).Calls).FollowedBy);
    }

    [Fact]
    public void Circles_and_own_parents_lose_no_call()
    {
        var log = OtlpLog.Read(TestSpan.Export(
            TestSpan.Call("00000000000000c1", "00000000000000c1"), new TestSpan { Id = "00000000000000d1", Parent = "00000000000000d2", Name = "a" },
            new TestSpan { Id = "00000000000000d2", Parent = "00000000000000d1", Name = "b" }, TestSpan.Call("00000000000000c2", "00000000000000d1", 3)));

        Assert.Equal(200, log.Calls.Sum(call => call.Usage.Input));
    }

    [Fact]
    public void Unknown_fields_and_values_of_another_kind_are_passed_over()
    {
        var span = Call.ToJson();
        span["future"] = new JsonObject { ["deep"] = new JsonArray(1, "two", null) };
        span["events"] = "none";
        span["status"] = new JsonArray();
        span["links"] = null;
        span["attributes"]!.AsArray().Insert(0, 7);
        span["attributes"]!.AsArray().Insert(0, new JsonObject { ["key"] = 9, ["value"] = null });
        span["attributes"]!.AsArray().Insert(0, new JsonObject { ["key"] = "gen_ai.request.model" });
        span["attributes"]!.AsArray().Insert(0, new JsonObject { ["key"] = "gen_ai.request.model", ["value"] = new JsonObject { ["arrayValue"] = new JsonObject() } });
        var json = $$$"""{"extra":{"a":1},"resourceSpans":[null,{"resource":null,"scopeSpans":[7,{"scope":{},"spans":[{{{span.ToJsonString()}}}, 8],"x":1}],"schemaUrl":""}]}""";

        var log = OtlpLog.Read(json);

        Assert.Equal(100, Assert.Single(log.Calls).Usage.Input);
        Assert.Equal(["A span is no object."], log.Faults);
    }

    [Fact]
    public void Members_have_no_order()
    {
        const string Json = """
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":{"stringValue":"chat"},"key":"gen_ai.operation.name"},{"value":{"intValue":"7"},"key":"gen_ai.usage.input_tokens"},
            {"value":{"stringValue":"claude-opus-5"},"key":"gen_ai.request.model"}],"endTimeUnixNano":"1790000001000000000","startTimeUnixNano":"1790000000000000000","spanId":"00000000000000c1",
            "traceId":"00000000000000000000000000000001"}]}],"resource":{"attributes":[{"value":{"stringValue":"app"},"key":"service.name"}]}}]}
            """;

        var call = Assert.Single(OtlpLog.Read(Json).Calls);

        Assert.Equal((7L, "app", "anthropic", 1_000_000L), (call.Usage.Input, call.Team, call.Provider, call.LatencyMicros));
    }

    [Fact]
    public void A_broken_last_line_costs_only_itself()
    {
        var path = Path.GetTempFileName();
        try
        {
            var line = TestSpan.Export(Call);
            File.WriteAllText(path, $"{line}\n{TestSpan.Export(TestSpan.Call("00000000000000ab"))}\n{line[..(line.Length / 2)]}");
            var calls = new List<ImportedCall>();
            var result = LogImport.Run(new LogImportOptions { Paths = [path] }, calls.Add, null, CancellationToken.None);

            Assert.Equal((2, 0L, true), (calls.Count, result.Files[0].Faults, result.Files[0].EndsInside));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_span_that_comes_twice_counts_once()
    {
        var export = TestSpan.Export(Call, Call);
        var log = OtlpLog.Read(export, export);

        Assert.Single(log.Calls);
        Assert.Equal(3, log.Left[LeftOut.Duplicate]);
    }

    [Theory]
    [InlineData("traceId", "")]
    [InlineData("traceId", "00000000000000000000000000000000")]
    [InlineData("traceId", "not an id")]
    [InlineData("spanId", "")]
    [InlineData("spanId", "0000000000000000")]
    [InlineData("startTimeUnixNano", "0")]
    [InlineData("startTimeUnixNano", "yesterday")]
    public void A_span_without_identity_or_time_is_a_fault_and_the_next_one_is_read(string member, string value)
    {
        var odd = TestSpan.Call("00000000000000ee").ToJson();
        odd[member] = value;
        var log = OtlpLog.Read($$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{odd.ToJsonString()}},{{Call.ToJson().ToJsonString()}}]}]}]}""");

        Assert.Equal("00000000000000000000000000000001-00000000000000aa", Assert.Single(log.Calls).Key);
        Assert.Contains(member, Assert.Single(log.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_single_resources_scopes_and_spans_are_read()
    {
        var span = Call.ToJson().ToJsonString();
        foreach (var json in (string[])[$"[{TestSpan.Export(Call)}]", $$"""{"scopeSpans":[{"spans":[{{span}}]}]}""", $$"""{"spans":[{{span}}]}""", span]) Assert.Single(OtlpLog.Read(json).Calls);
        Assert.Throws<LogRecordException>(() => OtlpLog.Read("{\"hello\":1}"));
    }

    [Fact]
    public void The_first_name_in_the_table_wins_whatever_the_order()
    {
        (string, object)[] names = [("llm.token_count.prompt", 1), ("gen_ai.usage.prompt_tokens", 2), ("gen_ai.usage.input_tokens", 3)];
        foreach (var order in (int[][])[[0, 1, 2], [2, 1, 0], [1, 2, 0]])
        {
            var span = (Call with { Attributes = new() { ["gen_ai.operation.name"] = "chat", ["gen_ai.request.model"] = "gpt-5" } }).With([.. order.Select(i => names[i])]);
            Assert.Equal(3, Assert.Single(OtlpLog.Read(TestSpan.Export(span)).Calls).Usage.Input);
        }
    }

    [Theory]
    [InlineData("anthropic", 100, 5000, 0, 5100, UsageRule.CacheAddedBySize)]
    [InlineData("anthropic", 100, 60, 50, 210, UsageRule.CacheAddedBySize)]
    [InlineData("anthropic", 100, 60, 40, 100, UsageRule.AsStated)]
    [InlineData("openai", 1000, 900, 0, 1000, UsageRule.AsStated)]
    public void Cached_input_that_is_larger_than_the_input_was_counted_beside_it(string provider, int input, int read, int written, long expected, UsageRule rule)
    {
        var call = Assert.Single(OtlpLog.Read(TestSpan.Export(Call.With(("gen_ai.provider.name", provider), ("gen_ai.usage.input_tokens", input),
            ("gen_ai.usage.cache_read.input_tokens", read), ("gen_ai.usage.cache_creation.input_tokens", written)))).Calls);

        Assert.Equal((expected, (long)read, (long)written, rule), (call.Usage.Input, call.Usage.CacheRead, call.Usage.CacheWrite, call.UsageRule));
    }

    [Fact]
    public void Numbered_messages_come_in_any_order()
    {
        var span = Call.With(("gen_ai.prompt.10.role", "user"), ("gen_ai.prompt.10.content", "ten"), ("gen_ai.prompt.2.content", "two"), ("gen_ai.prompt.2.role", "assistant"), ("gen_ai.prompt.0.content", "be kind"), ("gen_ai.prompt.0.role", "system"));
        var content = Assert.Single(OtlpLog.Read(TestSpan.Export(span)).Calls).Content!;

        Assert.Equal("be kind", content.System);
        Assert.Equal([("assistant", "two"), ("user", "ten")], content.Messages.ToArray());
        Assert.Null(content.Answer);
    }

    [Theory]
    [InlineData("{\"intent\":\"refund\"}")]
    [InlineData("[\"a\",\"b\"]")]
    [InlineData("{\"content\":\"is a field of the answer\"}")]
    [InlineData("{\"cut\":\"off")]
    [InlineData("plain")]
    public void An_answer_that_only_looks_like_a_message_is_the_answer(string answer) =>
        Assert.Equal(answer, Assert.Single(OtlpLog.Read(TestSpan.Export(Call.With(("output.value", answer)))).Calls).Content!.Answer);

    [Theory]
    [InlineData("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}],\"usage\":{}}", "hi")]
    [InlineData("{\"id\":\"m\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"},{\"type\":\"tool_use\",\"name\":\"f\"}],\"stop_reason\":\"end_turn\"}", "hi")]
    [InlineData("{\"generations\":[[{\"text\":\"hi\",\"message\":{\"kwargs\":{\"content\":\"hi\",\"tool_calls\":[]}}}]]}", "hi")]
    [InlineData("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"hi\"}]},\"finishReason\":\"STOP\"}]}", "hi")]
    [InlineData("{\"output\":[{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"hi\"}]}]}", "hi")]
    public void Answers_of_the_providers_own_interfaces_are_read(string body, string answer) =>
        Assert.Equal(answer, Assert.Single(OtlpLog.Read(TestSpan.Export(Call.With(("output.value", body)))).Calls).Content!.Answer);

    [Fact]
    public void Half_a_surrogate_pair_costs_one_attribute_and_not_the_record()
    {
        var structured = """{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"user"}},{"key":"content","value":{"stringValue":"cut \ud83d"}}]}}]}}""";
        var json = TestSpan.Export(Call.With(("output.value", "SAID"), ("gen_ai.input.messages", "ASKED"))).Replace("\"SAID\"", "\"cut \\ud83d\"", StringComparison.Ordinal)
            .Replace("{\"stringValue\":\"ASKED\"}", structured, StringComparison.Ordinal);

        var call = Assert.Single(OtlpLog.Read(json).Calls);

        Assert.Equal((100L, null, 1), (call.Usage.Input, call.Content!.Answer, call.Content.Messages.Length));
    }

    [Fact]
    public void A_tag_of_the_whole_trace_is_only_a_guess_where_the_trace_has_several_calls()
    {
        var root = new TestSpan { Id = "00000000000000ff", Name = "GET /", Attributes = new() { ["langfuse.trace.tags"] = JsonNode.Parse("""{"arrayValue":{"values":[{"stringValue":"env:prod"},{"stringValue":"v1.2"},{"stringValue":"Support Bot"}]}}""")! } };
        var one = OtlpLog.Read(TestSpan.Export(root, TestSpan.Call("00000000000000c1", root.Id)));
        var two = OtlpLog.Read(TestSpan.Export(root, TestSpan.Call("00000000000000c1", root.Id), TestSpan.Call("00000000000000c2", root.Id)));

        Assert.Equal(("support-bot", ImportedTagSource.Given), (one.Calls[0].Tag, one.Calls[0].TagSource));
        Assert.All(two.Calls, call => Assert.Equal(("support-bot", ImportedTagSource.Inferred), (call.Tag, call.TagSource)));
    }
}
