using System.Text.Json.Nodes;
using Rung.Recorded;
using Rung.Tests.Cascade;
using Xunit.Abstractions;

namespace Rung.Tests.Evals;

/// <summary>Real models' recorded answers, where a recording stands beside the repository: build, run, decide.</summary>
public sealed class EvalSharedRecordingsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Of_two_recorded_models_the_cheap_one_is_found_worse_than_the_right_answers_by_more_than_the_margin()
    {
        if (RepositoryFiles.Shared(output, "data/routellm-gsm8k/outcomes.jsonl.gz") is not { } file) return;
        var recorded = await RecordedOutcomes.ReadAsync([file], [], CancellationToken.None);
        await using var upstream = await RecordedUpstream.StartAsync(recorded, new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);
        var folder = Directory.CreateTempSubdirectory("rung-eval-").FullName;
        try
        {
            var (policy, data) = (Path.Combine(folder, "rung.yaml"), Path.Combine(folder, "data"));
            await File.WriteAllTextAsync(policy, $$"""
                version: 1
                tiers: { small: { models: [mixtral] }, frontier: { models: [gpt] } }
                models:
                  mixtral: { provider: openai-compatible, url: "{{upstream.Url}}v1", id: mixtral-8x7b-instruct-v0.1, price: { input: 0.6, output: 0.6 } }
                  gpt: { provider: openai-compatible, url: "{{upstream.Url}}v1", id: gpt-4-1106-preview, price: { input: 10, output: 30 } }
                tags: { maths: { tier: frontier, owner: t, why: w, eval: { score: numeric, margin: 0.05 } } }
                default: { tier: frontier, owner: t, why: w }
                """);
            var built = await EvalFolder.RunAsync("eval", "build", "--from", file, "--tag", "maths", "--set", "gsm8k", "--size", "120", "--holdout", "1", "--references", "given", "--policy", policy, "--data", data);
            output.WriteLine($"{built.Output}{built.Error}");
            Assert.Equal(0, built.Code);

            var run = await EvalFolder.RunAsync("eval", "run", "--set", "gsm8k", "--candidates", "mixtral,gpt", "--policy", policy, "--data", data, "--json");
            var report = JsonNode.Parse(run.Output)!;
            foreach (var candidate in report["candidates"]!.AsArray()) output.WriteLine((string)candidate!["sentence"]!);

            Assert.Equal("not_eligible", (string)report["candidates"]![0]!["decision"]!);
            Assert.True((double)report["candidates"]![1]!["quality"]!["estimate"]! > (double)report["candidates"]![0]!["quality"]!["estimate"]!);
            Assert.True((double)report["candidates"]![0]!["power"]! > 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
