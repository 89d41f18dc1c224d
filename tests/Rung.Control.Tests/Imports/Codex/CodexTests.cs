using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Imports;
using Rung.Control.Imports.Codex;
using Rung.Control.Tests.Imports.ClaudeCode;
using static Rung.Control.Tests.Imports.Codex.RolloutLines;

namespace Rung.Control.Tests.Imports.Codex;

public class CodexTests
{
    private static LogRun Read(params string[] lines) => LogRun.OfLines(new CodexFormat(), lines);

    [Fact]
    public void A_session_and_its_sub_agent_cost_what_a_calculation_by_hand_says()
    {
        // gpt-6-sol (2, 10, read 0.2): 750 + 250 read, 125 out; 500 + 1,500 read, 200 out        0.0028 + 0.0033
        // gpt-6-luna (0.1, 0.5, read 0.01, written 0.125): 300 + 100 read, 50 out;
        // 300 + 200 written, 10 out                                                              0.000056 + 0.00006
        var run = LogRun.OfSamples("codex/sessions", "codex/archived_sessions");
        Assert.Equal(0.006216m, run.Usd());
        Assert.Equal((3_900, 1_850, 200, 0, 385), run.Tokens());
        Assert.Equal(110, run.Calls.Sum(call => call.Usage.Reasoning));
        Assert.Equal(4, run.Calls.Count);
        Assert.Equal(2, run.Left[LeftOut.Replayed]);
        Assert.Equal(4, run.Left[LeftOut.Duplicate]); // A total twice, here and in the archive, and the archive's two calls.
        Assert.Empty(run.Faults);
    }

    [Fact]
    public void Role_place_tools_and_content_are_told()
    {
        var run = LogRun.OfSamples("codex/sessions");
        var first = run.Calls[0];
        Assert.Equal(("cli", "codex", "gpt-6-sol", "medium", "shop"), (first.Role, first.Agent, first.Model, first.Effort, first.Team));
        Assert.Equal((0, false, "shell"), (first.RunPosition, first.EndsRun, first.FollowedBy));
        Assert.Equal("You are a coding agent.", first.Content!.System);
        Assert.Equal([("user", "Add a discount field.")], first.Content.Messages.ToArray());
        Assert.Equal(8_080_000, first.LatencyMicros);
        Assert.Equal((1, true, (string?)null, "The field is there."), (run.Calls[1].RunPosition, run.Calls[1].EndsRun, run.Calls[1].FollowedBy, run.Calls[1].Content!.Answer));
        Assert.Equal(["user", "assistant", "tool"], run.Calls[1].Content!.Messages.Select(message => message.Role));
        Assert.Equal(("explorer", "explorer", "gpt-6-luna", "low"), (run.Calls[2].Role, run.Calls[2].Agent, run.Calls[2].Model, run.Calls[2].Effort));
    }

    [Fact]
    public void What_exec_prints_is_a_sum_of_unknown_price()
    {
        var call = LogRun.OfSamples("codex/exec.jsonl").Calls.Single();
        Assert.Equal((ImportGranularity.Bucket, 500L, 100L, 40L, ""), (call.Granularity, call.Usage.Input, call.Usage.CacheRead, call.Usage.Output, call.Model));
        Assert.Null(LogRun.UsdOf(call));
    }

    [Fact]
    public void Any_repetition_of_counts_changes_nothing() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var chance = new Random(seed);
            var lines = new List<string> { Meta(Parent, "10:00:00"), Turn("10:00:01", null) };
            var total = (Input: 0, Cached: 0, Output: 0, Reasoning: 0);
            var calls = chance.Next(1, 30);
            var counts = new List<string>();
            for (var i = 0; i < calls; i++)
            {
                var used = (Input: chance.Next(100, 1000), Cached: chance.Next(100), Output: chance.Next(1, 100), Reasoning: chance.Next(2));
                total = (total.Input + used.Input, total.Cached + used.Cached, total.Output + used.Output, total.Reasoning + used.Reasoning);
                counts.Add(Counts($"10:{i:00}:30", total, chance.Next(2) == 0 ? used : null));
                lines.Add(counts[^1]);
                while (chance.Next(3) == 0) lines.Add(counts[chance.Next(counts.Count)]);
            }
            var run = Read([.. lines]);
            return run.Tokens() == (total.Input, total.Cached, 0, 0, total.Output) && run.Calls.Count == calls;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Totals_win_over_what_the_last_call_says_of_itself()
    {
        // A call whose counts were not written in between is in the total all the same.
        var run = Read(Meta(Parent, "10:00:00"), Turn("10:00:01", null), Counts("10:00:05", (100, 0, 10, 0), (100, 0, 10, 0)), Counts("10:00:09", (400, 0, 40, 0), (200, 0, 20, 0)));
        Assert.Equal((400, 40), (run.Tokens().Input, run.Tokens().Output));
    }

    [Fact]
    public void Without_totals_the_last_call_counts_and_without_the_last_call_the_difference()
    {
        Assert.Equal(300, Read(Meta(Parent, "10:00:00"), Counts("10:00:05", null, (100, 0, 10, 0)), Counts("10:00:09", null, (200, 0, 20, 0))).Tokens().Input);
        Assert.Equal([100L, 200L], Read(Meta(Parent, "10:00:00"), Counts("10:00:05", (100, 0, 10, 0), null), Counts("10:00:09", (300, 0, 30, 0), null)).Calls.Select(call => call.Usage.Input));
    }

    [Fact]
    public void A_counter_that_begins_anew_loses_nothing()
    {
        var run = Read(Meta(Parent, "10:00:00"), Counts("10:00:05", (1000, 0, 10, 0), (1000, 0, 10, 0)), Counts("10:00:09", (300, 0, 30, 0), (300, 0, 30, 0)), Counts("10:00:19", (700, 0, 40, 0), (400, 0, 10, 0)));
        Assert.Equal([1000L, 300L, 400L], run.Calls.Select(call => call.Usage.Input));
    }

    [Fact]
    public void Counts_without_figures_are_no_call() =>
        Assert.Equal(1, Read(Meta(Parent, "10:00:00"), Event("10:00:02", "token_count", """{"info":null,"rate_limits":{}}""")).Left[LeftOut.NoModelCall] - 1);

    [Theory]
    [InlineData("cache_write_input_tokens")]
    [InlineData("cache_write_tokens")]
    public void Writes_to_the_cache_have_two_names(string name)
    {
        var line = Counts("10:00:05", (100, 20, 10, 0), null).Replace("\"cached_input_tokens\"", $"\"{name}\":30,\"cached_input_tokens\"", StringComparison.Ordinal);
        var usage = Read(Meta(Parent, "10:00:00"), line).Calls.Single().Usage;
        Assert.Equal((100, 20, 30), (usage.Input, usage.CacheRead, usage.CacheWrite));
    }

    [Fact]
    public void The_model_is_the_latest_that_was_named_and_unknown_when_none_was()
    {
        var run = Read(Meta(Parent, "10:00:00"), Counts("10:00:05", (100, 0, 1, 0), null), Turn("10:00:06", null, "gpt-6-sol"), Counts("10:00:08", (200, 0, 2, 0), null),
            Event("10:00:09", "thread_settings_applied", """{"thread_settings":{"model":"gpt-6-luna"}}"""), Counts("10:00:12", (300, 0, 3, 0), null), Turn("10:00:13", null, "codex-auto-review"), Counts("10:00:15", (400, 0, 4, 0), null));
        Assert.Equal(["", "gpt-6-sol", "gpt-6-luna", "codex-auto-review"], run.Calls.Select(call => call.Model));
        Assert.Equal(2, run.Calls.Count(call => LogRun.UsdOf(call) is null));
    }

    [Fact]
    public void History_that_a_fork_stamps_anew_in_one_second_is_its_base_only()
    {
        var run = Read(ForkMeta("10:05:00"), Turn("10:05:03.000", null), Counts("10:05:03.100", (100, 0, 10, 0), (100, 0, 10, 0)), Counts("10:05:03.200", (300, 0, 30, 0), (200, 0, 20, 0)),
            Counts("10:05:03.300", (600, 0, 60, 0), (300, 0, 30, 0)), Counts("10:05:09", (1000, 0, 100, 0), (400, 0, 40, 0)));
        Assert.Equal([400L], run.Calls.Select(call => call.Usage.Input));
        Assert.Equal(3, run.Left[LeftOut.Replayed]);
    }

    [Fact]
    public void History_with_its_old_times_is_its_base_only()
    {
        var run = Read(ForkMeta("10:05:00"), Counts("10:00:09", (100, 0, 10, 0), (100, 0, 10, 0)), Counts("10:05:09", (300, 0, 30, 0), (200, 0, 20, 0)));
        Assert.Equal([200L], run.Calls.Select(call => call.Usage.Input));
    }

    [Fact]
    public void History_in_turns_that_are_older_than_the_fork_is_its_base_only_however_slowly_it_is_written()
    {
        const string Old = "01a0d801-f0e8-7aaa-8bbb-100000000000";
        const string Own = "01a0d806-88b0-7aaa-8bbb-100000000000";
        var run = Read(ForkMeta("10:05:00"), Turn("10:05:01", Old), Counts("10:05:03", (100, 0, 10, 0), (100, 0, 10, 0)), Counts("10:05:09", (300, 0, 30, 0), (200, 0, 20, 0)),
            Turn("10:05:10", Own), Counts("10:05:10.200", (700, 0, 40, 0), (400, 0, 10, 0)), Counts("10:05:10.400", (800, 0, 41, 0), (100, 0, 1, 0)));
        Assert.Equal([400L, 100L], run.Calls.Select(call => call.Usage.Input));
    }

    [Fact]
    public void History_of_a_single_call_is_known_by_the_parents_own_file()
    {
        var run = LogRun.OfLines(new CodexFormat(),
            ("/s/rollout-a.jsonl", [Meta(Parent, "10:00:00"), Counts("10:00:09", (100, 0, 10, 0), (100, 0, 10, 0))]),
            ("/s/rollout-b.jsonl", [ForkMeta("10:05:00"), Counts("10:05:04", (100, 0, 10, 0), (100, 0, 10, 0)), Counts("10:05:09", (300, 0, 30, 0), (200, 0, 20, 0))]));
        Assert.Equal([100L, 200L], run.Calls.Select(call => call.Usage.Input));
    }

    [Fact]
    public void The_head_that_comes_again_behind_its_ancestors_ends_history()
    {
        var run = Read(ForkMeta("10:05:00"), Meta(Parent, "10:05:00"), Counts("10:05:00.100", (100, 0, 10, 0), (100, 0, 10, 0)), ForkMeta("10:05:00.150"), Counts("10:05:00.900", (300, 0, 30, 0), (200, 0, 20, 0)));
        Assert.Equal([200L], run.Calls.Select(call => call.Usage.Input));
    }

    [Fact]
    public void A_sub_agent_whose_counter_begins_at_zero_counts_from_its_first_call()
    {
        var run = Read(ForkMeta("10:05:00"), Turn("10:05:01", null), Counts("10:05:09", (100, 0, 10, 0), (100, 0, 10, 0)), Counts("10:05:19", (300, 0, 30, 0), (200, 0, 20, 0)));
        Assert.Equal([100L, 200L], run.Calls.Select(call => call.Usage.Input));
    }

    [Fact]
    public void A_counter_that_was_inherited_without_its_history_counts_its_last_call_only()
    {
        var run = Read(ForkMeta("10:05:00"), Turn("10:05:01", null), Counts("10:05:09", (3_000_000, 0, 9_000, 0), (900, 0, 35, 0)), Counts("10:05:19", (3_001_000, 0, 9_050, 0), (1000, 0, 50, 0)));
        Assert.Equal([900L, 1000L], run.Calls.Select(call => call.Usage.Input));
    }

    [Fact]
    public void A_session_of_its_own_may_answer_twice_in_a_second() =>
        Assert.Equal(2, Read(Meta(Parent, "10:00:00"), Counts("10:00:00.100", (100, 0, 10, 0), null), Counts("10:00:00.200", (300, 0, 30, 0), null)).Calls.Count);

    [Theory]
    [InlineData("""{"source":{"subagent":{"thread_spawn":{"parent_thread_id":"x","agent_role":"Explorer","agent_nickname":"Gibbs"}}}}""", "explorer")]
    [InlineData("""{"source":{"subagent":{"thread_spawn":{"parent_thread_id":"x","agent_path":"/root/test_writer"}}}}""", "test_writer")]
    [InlineData("""{"source":{"subagent":{"thread_spawn":{"parent_thread_id":"x","agent_nickname":"Gibbs"}}}}""", "subagent")]
    [InlineData("""{"source":{"subagent":"review"}}""", "review")]
    [InlineData("""{"source":"vscode"}""", "vscode")]
    [InlineData("""{"source":null}""", "main")]
    public void Roles(string meta, string role) => Assert.Equal(role, Read(Meta(Child, "10:05:00", meta), Counts("10:05:09", (100, 0, 10, 0), null)).Calls.Single().Role);

    [Fact]
    public void Tools_belong_to_their_call_whether_the_counts_come_before_them_or_behind()
    {
        const string Call = """{"type":"custom_tool_call","name":"apply_patch","call_id":"c"}""";
        const string Result = """{"type":"custom_tool_call_output","call_id":"c","output":"ok"}""";
        var before = Read(Meta(Parent, "10:00:00"), Counts("10:00:05", (100, 0, 1, 0), null), Item("10:00:05", Call), Item("10:00:06", Result), Counts("10:00:08", (200, 0, 2, 0), null));
        var behind = Read(Meta(Parent, "10:00:00"), Item("10:00:05", Call), Counts("10:00:05", (100, 0, 1, 0), null), Item("10:00:06", Result), Counts("10:00:08", (200, 0, 2, 0), null));
        foreach (var run in new[] { before, behind })
        {
            Assert.Equal(["apply_patch"], run.Calls[0].ToolCalls.ToArray());
            Assert.Empty(run.Calls[1].ToolCalls.ToArray());
        }
    }

    [Fact]
    public void Broken_lines_are_faults_and_the_next_is_read()
    {
        var run = Read(Meta(Parent, "10:00:00"), "{\"timestamp\":", "7", Counts("10:00:05", (100, 0, 1, 0), null).Replace("\"input_tokens\":100", "\"input_tokens\":-1", StringComparison.Ordinal), Counts("10:00:08", (200, 0, 2, 0), null));
        Assert.Equal(3, run.Faults.Count);
        Assert.Equal(200, run.Calls.Single().Usage.Input);
    }
}
