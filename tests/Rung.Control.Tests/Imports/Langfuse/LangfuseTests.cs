using Rung.Control.Imports;
using Rung.Control.Imports.Langfuse;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.Langfuse;

public sealed class LangfuseTests
{
    private static readonly DateTimeOffset Start = new(2026, 9, 14, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Observations_of_the_api_give_calls_with_their_place_in_the_trace()
    {
        var read = Imported.Samples("langfuse/observations-v2.json");

        Assert.Equal("langfuse", read.Result.Files[0].Format);
        Assert.Equal(0, read.Result.Files[0].Faults);
        Assert.Equal(["o-1", "o-2"], read.Calls.Select(call => call.Key));
        Assert.Equal(1, read.Result.LeftOut[LeftOut.RepeatsChildren]); // The agent has the sum of its calls.
        Assert.Equal(1, read.Result.LeftOut[LeftOut.NoModelCall]); // The tool.
        Assert.Equal(1, read.Result.LeftOut[LeftOut.Unfinished]);

        var plan = read["o-1"];
        Assert.Equal(new TokenUsage { Input = 1000, CacheRead = 800, Output = 300, Reasoning = 192, Source = UsageSource.Provider }, plan.Usage);
        Assert.Equal((670_000L, 670_000L), (Imported.Cost(plan), plan.ReportedCostNanoUsd)); // 200 × 250 + 800 × 25 + 300 × 2,000.
        Assert.Equal((Start, 2_500_000L, 400_000L), (plan.StartedAt, plan.LatencyMicros, plan.FirstByteMicros));
        Assert.Equal(("deep-research", ImportedTagSource.Given, "planner", "plan"), (plan.Tag, plan.TagSource, plan.Role, plan.Step));
        Assert.Equal(("research-agent", "s-1", "u-7", "t-1"), (plan.Agent, plan.Session, plan.User, plan.Run));
        Assert.Equal((0, false, "validate_plan"), (plan.RunPosition, plan.EndsRun, plan.FollowedBy));
        Assert.Equal((0.0, 256), (plan.Temperature, plan.MaxTokens));

        var failed = read["o-2"];
        Assert.Equal(new TokenUsage { Input = 1050, CacheRead = 900, CacheWrite = 50, Output = 20, Source = UsageSource.Provider }, failed.Usage);
        Assert.Equal(352_500, Imported.Cost(failed)); // 100 × 1,000 + 900 × 100 + 50 × 1,250 + 20 × 5,000.
        Assert.Equal((ImportedStatus.Failed, "error", "research-agent"), (failed.Status, failed.Error, failed.Step)); // Its own name says nothing.
        Assert.Equal((1, true), (failed.RunPosition, failed.EndsRun));
    }

    [Fact]
    public void Pages_of_the_first_api_have_model_and_usage_under_older_names()
    {
        var call = Assert.Single(Imported.Samples("langfuse/observations-v1.json").Calls);

        Assert.Equal(("gpt-5-mini", 1000L, 100L), (call.Model, call.Usage.Input, call.Usage.Output));
        Assert.Equal(450_000, Imported.Cost(call));
        Assert.Equal(450_000, call.ReportedCostNanoUsd);
    }

    [Theory]
    [InlineData("langfuse/observations.jsonl", "langfuse/traces.jsonl", "langfuse/scores.jsonl")]
    [InlineData("langfuse/scores.jsonl", "langfuse/traces.jsonl", "langfuse/observations.jsonl")]
    [InlineData("langfuse/traces.jsonl", "langfuse/observations.csv", "langfuse/scores.jsonl")]
    public void An_export_is_joined_with_its_traces_and_scores_in_any_order(params string[] files)
    {
        var read = Imported.Samples(files);

        Assert.All(read.Result.Files, file => Assert.Equal(("langfuse", 0L), (file.Format, file.Faults)));
        var call = read["x-1"];
        Assert.Equal(("label-ticket", "s-9", "u-1", "support-bot"), (call.Tag, call.Session, call.User, call.Step));
        Assert.Equal((256_000L, 256_000L), (Imported.Cost(call), call.ReportedCostNanoUsd)); // 1,000 × 250 + 3 × 2,000.
        Assert.Equal(("You label.", "refund"), (call.Content!.System, call.Content.Answer));
        // Four stars of an unknown scale are left out; the user's thumb judges the trace, and this is its last call.
        Assert.Equal([new ImportedVerdict("correct", 1, true), new ImportedVerdict("user-feedback", 0, true)], call.Verdicts.ToArray());
        Assert.Equal((null, ImportedTagSource.None), (read["x-2"].Tag, read["x-2"].TagSource));
    }

    [Fact]
    public void What_waits_too_long_for_its_trace_goes_without_and_that_is_said()
    {
        var text = string.Concat(Enumerable.Range(0, 5).Select(i =>
            $"{{\"id\":\"o{i}\",\"trace_id\":\"t{i}\",\"type\":\"GENERATION\",\"start_time\":\"2026-09-14 08:00:0{i}\",\"end_time\":\"2026-09-14 08:00:0{i}\",\"provided_model_name\":\"gpt-5-mini\",\"usage_details\":{{\"input\":1}}}}\n"))
            + string.Concat(Enumerable.Range(0, 5).Select(i =>
            $"{{\"id\":\"t{i}\",\"timestamp\":\"2026-09-14 08:00:00\",\"session_id\":\"s{i}\",\"public\":false,\"tags\":[\"job\"]}}\n"));

        var read = Imported.With(new LangfuseReader(mostWaiting: 2), text);

        Assert.Equal([null, null, null, "job", "job"], read.Calls.Select(call => call.Tag));
        Assert.Equal("3 traces came so long after their observations that these could not wait: name the file of traces first.", Assert.Single(read.Result.Notes));
    }

    [Fact]
    public void A_call_around_a_call_with_the_same_usage_counts_once()
    {
        var read = Imported.Text(
            """
            {"id":"outer","traceId":"t","type":"GENERATION","name":"LiteLLM","startTime":"2026-09-14T08:00:00Z","endTime":"2026-09-14T08:00:02Z","providedModelName":"gpt-5-mini","usageDetails":{"input":10,"output":5,"total":15}}
            {"id":"inner","traceId":"t","parentObservationId":"outer","type":"GENERATION","name":"OpenAI-generation","startTime":"2026-09-14T08:00:00.1Z","endTime":"2026-09-14T08:00:01Z","providedModelName":"gpt-5-mini","usageDetails":{"input":10,"output":5,"total":15}}
            """);

        Assert.Equal("inner", Assert.Single(read.Calls).Key);
        Assert.Equal(1, read.Result.LeftOut[LeftOut.RepeatsChildren]);
    }

    [Fact]
    public void Parents_in_a_circle_end()
    {
        var read = Imported.Text(
            """
            {"id":"a","traceId":"t","parentObservationId":"b","type":"GENERATION","startTime":"2026-09-14T08:00:00Z","endTime":"2026-09-14T08:00:02Z","usageDetails":{"input":1}}
            {"id":"b","traceId":"t","parentObservationId":"a","type":"AGENT","name":"x","startTime":"2026-09-14T08:00:00Z","endTime":"2026-09-14T08:00:02Z","usageDetails":{}}
            """);

        Assert.Equal("x", Assert.Single(read.Calls).Agent);
    }

    [Fact]
    public void A_whole_trace_with_everything_inside_is_read()
    {
        var read = Imported.Text(
            """
            {"id":"t","timestamp":"2026-09-14T08:00:00Z","name":"bot","sessionId":"s","userId":"u","tags":["answer"],"scores":[{"name":"ok","value":0.5,"observationId":"a","traceId":"t","source":"EVAL"}],"observations":[{"id":"a","traceId":"t","type":"GENERATION","startTime":"2026-09-14T08:00:00Z","endTime":"2026-09-14T08:00:02Z","model":"gpt-5-mini","usageDetails":{"input":1,"output":1}}]}
            """);

        var call = Assert.Single(read.Calls);
        Assert.Equal(("answer", "s"), (call.Tag, call.Session));
        Assert.Equal([new ImportedVerdict("ok", 0.5, false)], call.Verdicts.ToArray());
    }
}
