using Rung.Control.Imports;
using Rung.Control.Imports.ClaudeCode;

namespace Rung.Control.Tests.Imports.ClaudeCode;

/// <summary>A project with a session, a sub-agent of it and the session resumed: the figures of a calculation by hand.</summary>
public class ClaudeCodeSampleTests
{
    private readonly LogRun run = LogRun.OfSamples("claude-code");

    [Fact]
    public void Tokens_and_cost_are_those_of_a_calculation_by_hand()
    {
        // msg_01 claude-opus-5 (5, 25, read 0.5, written 6.25 USD a million): 2 + 8,476 written + 54,265 read, 658 out     0.0965675
        // msg_02 10 + 1,000 written for an hour (10) + 62,743 read, 200 out                                               0.0464215
        // msg_03 fast, twice the price: 100 in, 40 out                                                                    0.003
        // msg_04 a compaction (180,000 in, 3,500 out) and the answer (23,000 in, 1,000 out)                               0.9875 + 0.14
        // msg_05 deepseek-v4-pro (0.66, 1.98), off-peak: 1,000 in, 100 out                                                0.000858
        // msg_11 claude-haiku-4-5 (1, 5, written 1.25): 50 + 2,000 written, 300 out                                       0.00405
        // msg_21 3 + 70,000 read, 500 out                                                                                 0.047515
        Assert.Equal(1.325912m, run.Usd());
        Assert.Equal(8, run.Calls.Count);
        Assert.Equal((402_649, 187_008, 10_476, 1_000, 6_298), run.Tokens());
        Assert.All(run.Calls, call => Assert.NotNull(LogRun.UsdOf(call)));
    }

    [Fact]
    public void What_is_no_call_is_counted_by_its_reason()
    {
        Assert.Equal(1, run.Left[LeftOut.Synthetic]);
        Assert.Equal(5, run.Left[LeftOut.Replayed]); // Four lines of the resumed session, one of the sub-agent.
        Assert.Equal(2, run.Left[LeftOut.Duplicate]); // msg_01 has three lines.
        Assert.Empty(run.Faults);
        Assert.Equal([true], run.Result!.Files.Where(file => file.EndsInside).Select(file => file.Path.EndsWith("0002.jsonl", StringComparison.Ordinal)));
        Assert.Equal(1, run.Result.OtherFiles); // The note beside the sub-agent's transcript.
    }

    [Fact]
    public void Who_made_a_call_is_read_from_the_note_beside_the_transcript()
    {
        var main = run.Call("msg_01:req_01");
        Assert.Equal(("main", "claude-code", "main"), (main.Role, main.Agent, main.Step));
        var sub = run.Call("msg_11:req_11");
        Assert.Equal(("explore", "Explore", "Explore"), (sub.Role, sub.Agent, sub.Step));
        Assert.Equal("5f0c0000-0000-4000-8000-000000000001", sub.Session);
        Assert.Equal("app", sub.Team);
    }

    [Fact]
    public void A_call_has_its_place_in_the_run_its_tools_and_what_was_said()
    {
        var first = run.Call("msg_01:req_01");
        Assert.Equal(("p1", 0, false, "Grep", "tool_calls"), (first.Run, first.RunPosition, first.EndsRun, first.FollowedBy, first.FinishReason));
        Assert.Equal(["Grep"], first.ToolCalls.ToArray());
        Assert.Equal(6_000_000, first.LatencyMicros);
        Assert.Equal("I will look for it.", first.Content!.Answer);
        Assert.Equal([("user", "Find where the port is set and make it configurable.")], first.Content.Messages.ToArray());

        var second = run.Call("msg_02:req_02");
        Assert.Equal(("p1", 1, false), (second.Run, second.RunPosition, second.EndsRun));
        Assert.Equal(["user", "assistant", "tool"], second.Content!.Messages.Select(message => message.Role));

        var third = run.Call("msg_03:req_03");
        Assert.Equal(("p1", 2, true, (string?)null, "stop"), (third.Run, third.RunPosition, third.EndsRun, third.FollowedBy, third.FinishReason));
        Assert.Equal("high", third.Effort);
        Assert.Equal(("p2", 0), (run.Call("msg_04:req_04").Run, run.Call("msg_04:req_04").RunPosition));
    }

    [Fact]
    public void A_compaction_is_a_call_beside_the_answer()
    {
        var compaction = run.Call("msg_04:req_04#0");
        Assert.Equal(("compaction", 180_000L, 3_500L), (compaction.Step, compaction.Usage.Input, compaction.Usage.Output));
        Assert.Null(compaction.Content);
        Assert.Equal(("main", 23_000L), (run.Call("msg_04:req_04").Step, run.Call("msg_04:req_04").Usage.Input));
    }

    [Fact]
    public void Reading_everything_twice_changes_nothing()
    {
        var folder = LogRun.SamplePath("claude-code");
        var copy = Directory.CreateTempSubdirectory("rung-claude");
        try
        {
            foreach (var file in Directory.GetFiles(folder, "*.jsonl", SearchOption.AllDirectories))
            {
                File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
            }
            var twice = LogRun.OfPaths(folder, copy.FullName);
            Assert.Equal(run.Tokens(), twice.Tokens());
            Assert.Equal(run.Calls.Count, twice.Calls.Count);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_format_has_one_name() => Assert.Equal(["claude-code"], run.Calls.Select(call => call.Source).Distinct().Append(new ClaudeCodeFormat().Name).Distinct());
}
