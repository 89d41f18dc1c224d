using Rung.Control.Imports;
using Rung.Control.Imports.TensorZero;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Imports.TensorZero;

public sealed class TensorZeroTests
{
    [Theory]
    [InlineData("tensorzero/model_inferences.jsonl", "tensorzero/inferences.jsonl", "tensorzero/feedback.jsonl")]
    [InlineData("tensorzero/feedback.jsonl", "tensorzero/inferences.jsonl", "tensorzero/model_inferences.jsonl")]
    public void Tables_are_joined_in_any_order(params string[] files)
    {
        var read = Imported.Samples(files);

        Assert.All(read.Result.Files, file => Assert.Equal(("tensorzero", 0L), (file.Format, file.Faults)));
        Assert.Equal(3, read.Calls.Count);
        var first = read.Calls[0];
        Assert.Equal(new DateTimeOffset(2026, 9, 14, 8, 0, 0, 125, TimeSpan.Zero), first.StartedAt); // From the id; the column has whole seconds.
        Assert.Equal(new TokenUsage { Input = 1000, CacheRead = 800, Output = 300, Source = UsageSource.Provider }, first.Usage);
        Assert.Equal(("openai", "gpt-5-mini", 670_000L, 670_000L), (first.Provider, first.Model, Imported.Cost(first), first.ReportedCostNanoUsd));
        Assert.Equal(("extract_entities", ImportedTagSource.Given, "worker", "u-3"), (first.Tag, first.TagSource, first.Role, first.User));
        Assert.Equal((0.0, 64, RequestedOutput.Schema, 2_500_000L), (first.Temperature, first.MaxTokens, first.Output, first.LatencyMicros));
        Assert.Equal((0, false), (first.RunPosition, first.EndsRun));
        Assert.Equal(["demonstration", "exact_match"], first.Verdicts.Select(verdict => verdict.Name).Order());
        Assert.Contains(new ImportedVerdict("demonstration", 0, true), first.Verdicts);

        var second = read.Calls[1]; // The same inference asked a second model, and a stored answer was there.
        Assert.Equal(("extract_entities", ImportedStatus.ServedFromCache, "claude-haiku-4-5", "tool_calls"), (second.Tag, second.Status, second.Model, second.FinishReason));

        var last = read.Calls[2];
        Assert.Null(last.Tag); // The default function stands for none.
        Assert.Equal(UsageSource.None, last.Usage.Source);
        Assert.Equal((2, true), (last.RunPosition, last.EndsRun));
        Assert.Equal([new ImportedVerdict("task_success", 0.25, false)], last.Verdicts.ToArray());
    }

    [Fact]
    public void Joined_rows_need_no_other_file()
    {
        var call = Assert.Single(Imported.Text(
            """{"function_name":"f","variant_name":"v","episode_id":"e","tags":{},"id":"0192f0c1-0000-7000-8000-000000000001","inference_id":"i","model_name":"gpt-5-mini","model_provider_name":"openai","input_tokens":1,"output_tokens":2,"timestamp":"2026-09-14 08:00:00"}""").Calls);

        Assert.Equal(("f", "e", "e"), (call.Tag, call.Session, call.Run));
    }

    [Fact]
    public void What_waits_too_long_goes_without_and_no_place_is_guessed()
    {
        var text = string.Concat(Enumerable.Range(0, 3).Select(i =>
            $"{{\"id\":\"m{i}\",\"inference_id\":\"i{i}\",\"model_name\":\"gpt-5-mini\",\"model_provider_name\":\"openai\",\"input_tokens\":1,\"timestamp\":\"2026-09-14 08:00:0{i}\"}}\n"))
            + string.Concat(Enumerable.Range(0, 3).Select(i => $"{{\"id\":\"i{i}\",\"function_name\":\"f\",\"variant_name\":\"v\",\"episode_id\":\"e\"}}\n"));

        var read = Imported.With(new TensorZeroReader(mostWaiting: 1), text);

        Assert.Equal([null, null, "f"], read.Calls.Select(call => call.Tag));
        Assert.All(read.Calls, call => Assert.Null(call.RunPosition));
        Assert.StartsWith("2 inferences came so long after", Assert.Single(read.Result.Notes), StringComparison.Ordinal);
    }
}
