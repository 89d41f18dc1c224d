using Rung.Control.Imports;
using Rung.Control.Imports.ClaudeCode;
using static Rung.Control.Tests.Imports.ClaudeCode.TranscriptLines;

namespace Rung.Control.Tests.Imports.ClaudeCode;

/// <summary>What has misled others who added up transcripts, one by one.</summary>
public class ClaudeCodeTrapTests
{
    private static LogRun Read(params string[] lines) => LogRun.OfLines(new ClaudeCodeFormat(), lines);

    private static LogRun ReadFiles(params (string Path, IEnumerable<string> Lines)[] files) => LogRun.OfLines(new ClaudeCodeFormat(), files);

    [Fact]
    public void Lines_of_one_answer_count_once_with_the_largest_counts()
    {
        var run = Read(Answer("m1", "r1", 1, stop: null), Answer("m1", "r1", 3, stop: null, tool: "Read"), Answer("m1", "r1", 700, "tool_use", tool: "Grep"), Answer("m1", "r1", 2, stop: null));
        Assert.Equal((100, 700), (run.Calls.Single().Usage.Input, run.Calls.Single().Usage.Output));
        Assert.Equal(["Read", "Grep"], run.Calls.Single().ToolCalls.ToArray());
        Assert.Equal(3, run.Left[LeftOut.Duplicate]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_copy_in_a_side_thread_is_dropped_whichever_comes_first(bool mainFirst)
    {
        var main = Answer("m1", "r1", 50);
        var copy = Answer("m1", "r9", 50, side: true);
        var run = mainFirst ? Read(main, copy) : Read(copy, main);
        Assert.Equal(("m1:r1", "main"), (run.Calls.Single().Key, run.Calls.Single().Role));
        Assert.Equal(1, run.Left[LeftOut.Replayed]);
    }

    [Fact]
    public void A_copy_is_dropped_across_files_and_the_total_does_not_depend_on_their_order()
    {
        (string, IEnumerable<string>) main = ("/p/s.jsonl", [Answer("m1", "r1", 50)]);
        (string, IEnumerable<string>) side = ("/p/s/subagents/agent-a.jsonl", [Answer("m1", "r9", 50, side: true), Answer("m2", "r2", 7, side: true)]);
        Assert.Equal(57, ReadFiles(main, side).Tokens().Output);
        Assert.Equal(57, ReadFiles(side, main).Tokens().Output);
        Assert.Equal("main", ReadFiles(main, side).Call("m1:r1").Role);
    }

    [Fact]
    public void Answers_of_side_threads_of_their_own_count() =>
        Assert.Equal(2, Read(Answer("m1", "r1", 5, side: true), Answer("m2", "r2", 6, side: true)).Calls.Count);

    [Fact]
    public void The_same_message_under_another_request_counts_on_the_main_thread() =>
        Assert.Equal(2, Read(Answer("m1", "r1", 5), Answer("m1", "r2", 6)).Calls.Count);

    [Fact]
    public void A_resumed_session_repeats_its_history_and_counts_what_is_new()
    {
        string[] history = [Prompt("p", "Begin."), Answer("m1", "r1", 5), Answer("m2", "r2", 6)];
        var run = ReadFiles(("/p/a.jsonl", history), ("/p/b.jsonl", [.. history, Answer("m3", "r3", 7)]), ("/p/c.jsonl", [.. history, Answer("m3", "r3", 7), Answer("m4", "r4", 8)]));
        Assert.Equal((4, 26L), (run.Calls.Count, run.Tokens().Output));
        Assert.Equal(5, run.Left[LeftOut.Replayed]);
    }

    [Fact]
    public void An_answer_that_breaks_off_with_its_file_is_finished_by_the_next()
    {
        var run = ReadFiles(("/p/a.jsonl", [Answer("m1", "r1", 2, stop: null)]), ("/p/b.jsonl", [Answer("m1", "r1", 900)]));
        Assert.Equal(900, run.Calls.Single().Usage.Output);
    }

    [Fact]
    public void An_answer_that_never_ends_counts_with_what_was_seen_of_it()
    {
        var run = Read(Answer("m1", "r1", 2, stop: null));
        Assert.Equal(2, run.Calls.Single().Usage.Output);
        Assert.Null(run.Calls.Single().FinishReason);
    }

    [Fact]
    public void What_the_program_made_up_is_left_out()
    {
        var run = Read(Answer("m1", null, 0, model: "<synthetic>"), Answer("m2", null, 10, more: """{"isApiErrorMessage":true}"""));
        Assert.Empty(run.Calls);
        Assert.Equal(2, run.Left[LeftOut.Synthetic]);
    }

    [Theory]
    [InlineData("""{"costUSD":0.0123}""", 12_300_000L)]
    [InlineData("""{"costUSD":null}""", null)]
    [InlineData("{}", null)]
    [InlineData("""{"costUSD":"much"}""", null)]
    public void A_cost_that_old_versions_wrote_is_kept_beside_ours(string more, long? nano) => Assert.Equal(nano, Read(Answer("m", "r", 5, more: more)).Calls.Single().ReportedCostNanoUsd);

    [Fact]
    public void Writes_to_the_cache_are_split_by_lifetime_and_count_for_short_where_no_split_is_told()
    {
        var split = Read(Answer("m", "r", 5, input: 10, read: 40, written: 300, usageMore: """{"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200}}""")).Calls.Single().Usage;
        Assert.Equal((350, 40, 100, 200), (split.Input, split.CacheRead, split.CacheWrite, split.CacheWriteLong));
        var whole = Read(Answer("m", "r", 5, input: 10, read: 40, written: 300)).Calls.Single().Usage;
        Assert.Equal((350, 40, 300, 0), (whole.Input, whole.CacheRead, whole.CacheWrite, whole.CacheWriteLong));
    }

    [Theory]
    [InlineData("claude-opus-5", "fast", "", 2000)]
    [InlineData("claude-opus-4-6", "fast", "", 6000)]
    [InlineData("claude-opus-5", "standard", "us", 1100)]
    [InlineData("claude-opus-5", "fast", "us", 2200)]
    [InlineData("claude-opus-5", "standard", "", 1000)]
    public void Speed_and_place_multiply_the_price(string model, string speed, string geo, int permille) =>
        Assert.Equal(permille, Read(Answer("m", "r", 5, model: model, usageMore: $$"""{"speed":"{{speed}}","inference_geo":"{{geo}}"}""")).Calls.Single().PricePermille);

    [Fact]
    public void Iterations_are_priced_instead_of_the_whole_each_at_its_model()
    {
        var run = Read(Answer("m", "r", 30, usageMore: """
            {"iterations":[{"type":"message","input_tokens":100,"output_tokens":10},
              {"type":"advisor_message","model":"claude-fable-5-1","input_tokens":4000,"output_tokens":500},
              {"type":"message","input_tokens":600,"output_tokens":20}]}
            """));
        Assert.Equal([("m:r#0", 4000L, "claude-fable-5-1", "advisor"), ("m:r#1", 100L, Model, "main"), ("m:r", 600L, Model, "main")],
            run.Calls.Select(call => (call.Key, call.Usage.Input, call.Model, call.Role)));
    }

    [Fact]
    public void Iterations_that_leave_out_a_part_of_the_whole_are_not_the_whole()
    {
        var run = Read(Answer("m", "r", 30, input: 1000, usageMore: """{"iterations":[{"type":"message","input_tokens":100,"output_tokens":10}]}"""));
        Assert.Equal((1000, 30), (run.Calls.Single().Usage.Input, run.Calls.Single().Usage.Output));
    }

    [Fact]
    public void Latency_is_from_the_line_that_was_answered_to_the_last_of_the_answer_and_unknown_after_a_pause()
    {
        var run = Read(Prompt("p", "Go.", second: 0), Answer("m1", "r1", 1, stop: null, second: 3), Answer("m1", "r1", 9, "tool_use", second: 5), Result("t", "ok", second: 30), Answer("m2", "r2", 9, second: 32));
        Assert.Equal([5_000_000L, 2_000_000L], run.Calls.Select(call => call.LatencyMicros!.Value));
        Assert.Null(Read(Answer("m", "r", 5)).Calls.Single().LatencyMicros);
        var late = Read(Prompt("p", "Go.", more: """{"timestamp":"2026-09-13T12:00:00Z"}"""), Answer("m", "r", 5)).Calls.Single();
        Assert.Null(late.LatencyMicros);
    }

    [Theory]
    [InlineData("deepseek-v4-pro", "deepseek")]
    [InlineData("gpt-6-sol", "openai")]
    [InlineData("us.anthropic.claude-opus-5-v1:0", "anthropic")]
    [InlineData("qwen3-coder:30b", "")]
    public void Models_of_others_keep_their_names(string model, string provider)
    {
        var call = Read(Answer("m", "r", 5, model: model)).Calls.Single();
        Assert.Equal((model, provider), (call.Model, call.Provider));
    }

    [Fact]
    public void Roles_come_from_the_line_where_no_note_tells()
    {
        Assert.Equal("code-reviewer", Read(Answer("m", "r", 5, side: true, more: """{"agentId":"a1","attributionAgent":"code-reviewer"}""")).Calls.Single().Role);
        Assert.Equal("subagent", Read(Answer("m", "r", 5, side: true, more: """{"agentId":"a1"}""")).Calls.Single().Role);
        Assert.Equal("subagent", Read(Answer("m", "r", 5, side: true)).Calls.Single().Role);
    }

    [Fact]
    public void A_sub_agent_is_called_what_the_call_that_started_it_says()
    {
        var start = """{"message":{"id":"m0","role":"assistant","model":"claude-opus-5","stop_reason":"tool_use","content":[{"type":"tool_use","id":"t7","name":"Task","input":{"subagent_type":"Plan"}}],"usage":{"input_tokens":1,"output_tokens":1}}}""";
        var end = """{"message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t7","content":"x"}]},"toolUseResult":{"agentId":"a7"}}""";
        var run = ReadFiles(
            ("/p/s.jsonl", [Answer("m0", "r0", 1, more: start), Result("x", "x", more: end)]),
            ("/p/s/subagents/agent-a7.jsonl", [Answer("m1", "r1", 5, side: true, more: """{"agentId":"a7"}""")]));
        Assert.Equal("plan", run.Call("m1:r1").Role);
    }

    [Fact]
    public void Threads_that_are_mixed_into_one_file_keep_their_own_places()
    {
        var run = Read(
            Prompt("p1", "Begin."), Answer("m1", "r1", 5, "tool_use", tool: "Task"),
            Prompt("q1", "Part.", side: true), Answer("s1", "x1", 5, "tool_use", side: true, tool: "Read", more: """{"parentUuid":"q1"}"""),
            Result("q2", "file", side: true, more: """{"parentUuid":"u-s1-5"}"""), Answer("s2", "x2", 6, side: true, more: """{"parentUuid":"q2"}"""),
            Result("p2", "done"), Answer("m2", "r2", 7));
        Assert.Equal([("m1:r1", 0), ("s1:x1", 0), ("s2:x2", 1), ("m2:r2", 1)], run.Calls.Select(call => (call.Key, call.RunPosition!.Value)));
        Assert.Equal(2, run.Calls.Select(call => call.Run).Distinct().Count());
    }

    [Fact]
    public void A_new_prompt_ends_the_run_even_when_the_old_versions_name_none()
    {
        var run = Read(Prompt("p1", "One."), Answer("m1", "r1", 5, "tool_use", tool: "Read"), Prompt("p2", "[Request interrupted by user]"), Prompt("p3", "Two."), Answer("m2", "r2", 5));
        Assert.Equal([true, true], run.Calls.Select(call => call.EndsRun!.Value));
        Assert.NotEqual(run.Calls[0].Run, run.Calls[1].Run);
        Assert.Equal(["[Request interrupted by user]", "Two."], run.Calls[1].Content!.Messages.Select(message => message.Text));
    }

    [Fact]
    public void An_answer_without_counts_or_time_is_a_fault_and_the_next_is_read()
    {
        var run = Read(Answer("m1", "r1", 5, more: """{"timestamp":null}"""), Answer("m2", "r2", 5, more: """{"message":{"id":"m2","model":"x","usage":{"server_tool_use":{}}}}"""), "[1]", Answer("m3", "r3", 5));
        Assert.Equal("m3:r3", run.Calls.Single().Key);
        Assert.Equal(3, run.Faults.Count);
    }

    [Fact]
    public void Half_a_character_in_a_text_does_not_cost_the_call()
    {
        var line = Answer("m1", "r1", 5, text: "cut here: X").Replace("cut here: X", "cut here: \\ud83d", StringComparison.Ordinal);
        Assert.Equal(5, Read(line).Calls.Single().Usage.Output);
    }

    [Fact]
    public void More_than_the_window_of_open_answers_is_no_loss()
    {
        var lines = Enumerable.Range(0, 5 * ClaudeCodeReader.MostOpen).SelectMany(i => new[] { Answer($"m{i}", $"r{i}", 1, stop: null), Answer($"m{i}", $"r{i}", 10) });
        var run = LogRun.OfLines(new ClaudeCodeFormat(), ("/p/a.jsonl", lines));
        Assert.Equal((5 * ClaudeCodeReader.MostOpen, 50L * ClaudeCodeReader.MostOpen), (run.Calls.Count, run.Tokens().Output));
    }
}
