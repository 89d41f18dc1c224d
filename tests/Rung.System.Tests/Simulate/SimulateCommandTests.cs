using System.CommandLine;
using System.Text.Json;
using Rung.Commands;
using Rung.Tests.Cascade;
using Rung.Tests.Replay;
using Xunit.Abstractions;

namespace Rung.Tests.Simulate;

public sealed class SimulateCommandTests(ITestOutputHelper log)
{
    private static readonly string[] s_small = ["--runs", "4", "--calls-per-day", "2000", "--days", "2", "--min-days", "1"];

    [Fact]
    public async Task The_table_says_that_it_is_simulated_and_keeps_within_a_hundred_columns()
    {
        var (code, text, _) = await RunAsync(["--scenario", "equal,worse:0.2", "--scenario", "novelty:+0.03,1d", .. s_small]);

        Assert.Equal(ExitCode.Ok, code);
        Assert.StartsWith("SIMULATED", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Contains("worse:0.2: The candidate's quality is 20 points lower.", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("times as fast as real time", text.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_is_the_same_for_the_same_seed_but_for_the_time_it_took()
    {
        string[] args = ["--scenario", "worse:0.3,drop:0.3@1d", .. s_small, "--stages", "10,50,100", "--json"];

        var (_, one, _) = await RunAsync([.. args, "--threads", "1"]);
        var (_, other, _) = await RunAsync([.. args, "--threads", "2"]);

        using var document = JsonDocument.Parse(one);
        var root = document.RootElement;
        Assert.True(root.GetProperty("simulated").GetBoolean());
        var scenarios = root.GetProperty("scenarios");
        Assert.Equal(4, scenarios[0].GetProperty("rollout").GetProperty("rolled_back").GetProperty("runs").GetInt32());
        Assert.Equal(4, scenarios[1].GetProperty("control").GetProperty("demoted").GetProperty("runs").GetInt32());
        Assert.Equal(scenarios.GetRawText(), JsonDocument.Parse(other).RootElement.GetProperty("scenarios").GetRawText());
    }

    [Fact]
    public async Task A_policy_of_ones_own_is_tried_with_ones_own_guards()
    {
        var demo = Path.Combine(RepositoryFiles.Root, "policies", "demo.yaml");
        var (code, json, _) = await RunAsync(["--scenario", "worse:0.2", .. s_small, "--stages", "10,50,100", "--policy", demo, "--tag", "draft-reply", "--guards", "judge=0.05,p95_latency", "--json"]);

        Assert.Equal(ExitCode.Ok, code);
        var root = JsonDocument.Parse(json).RootElement;
        Assert.Equal("draft-reply", root.GetProperty("tag").GetString());
        Assert.Equal(0.05, root.GetProperty("plan").GetProperty("guards")[0].GetProperty("margin").GetDouble());
        Assert.Equal(4, root.GetProperty("scenarios")[0].GetProperty("rollout").GetProperty("rolled_back").GetProperty("runs").GetInt32());
    }

    [Fact]
    public async Task Recorded_models_play_both_arms()
    {
        if (RepositoryFiles.Shared(log, "data/routellm-gsm8k/outcomes.jsonl.gz") is not { } outcomes) return;
        var (code, json, _) = await RunAsync(["--scenario", "recorded", .. s_small, "--recorded", Path.GetDirectoryName(outcomes)!, "--guards", "judge", "--json"]);

        Assert.Equal(ExitCode.Ok, code);
        var recorded = JsonDocument.Parse(json).RootElement.GetProperty("recorded");
        Assert.True(recorded.GetProperty("prompts").GetInt32() > 1000);
        Assert.True(recorded.GetProperty("current_mean").GetDouble() > recorded.GetProperty("candidate_mean").GetDouble());
    }

    [Theory]
    [InlineData("--scenario better", "'better' is no scenario")]
    [InlineData("--scenario equal --runs 0", "Runs are")]
    [InlineData("--scenario equal --guards speed", "is no guard")]
    [InlineData("--scenario equal --stages 10,5,100", "--stages")]
    [InlineData("--scenario equal --tag nothing", "no tag nothing")]
    [InlineData("--scenario recorded", "recorded outcomes")]
    [InlineData("--scenario equal --candidate other.yaml", "--candidate")]
    [InlineData("--scenario equal --policy no-such-file.yaml", "no policy file")]
    public async Task What_makes_no_sense_is_said_before_anything_runs(string arguments, string expected)
    {
        var (code, text, error) = await RunAsync(arguments.Split(' '));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(text);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await SimulateCommand.Create(new ReplayFiles.StoppedClock()).Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
