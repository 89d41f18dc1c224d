using System.CommandLine;
using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Eval;
using Rung.Demo.Outcomes;
using Rung.Tests.Cascade;
using Xunit.Abstractions;

namespace Rung.Tests.Evals;

/// <summary>How many rows an eval needs, and whether it keeps its word on recorded and on made-up outcomes.</summary>
public sealed class EvalPowerTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-eval-power-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Power_is_told_for_true_differences_with_the_rows_that_it_takes()
    {
        var (code, text, _) = await RunAsync("--rows", "200");
        var (_, json, _) = await RunAsync("--rows", "200", "--json");

        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("as good", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        var report = JsonDocument.Parse(json).RootElement;
        var powers = report.GetProperty("power").EnumerateArray().Select(one => one.GetProperty("power").GetDouble()).ToList();
        Assert.Equal(powers.Order(), powers);
        var needed = report.GetProperty("rows_needed").EnumerateArray().Select(one => one.GetProperty("rows").GetInt32()).ToList();
        Assert.True(needed[0] is > 500 and < 1000 && needed[1] > needed[0]);
    }

    [Fact]
    public async Task On_made_up_outcomes_the_false_share_is_kept_and_a_seed_decides_everything()
    {
        var path = Path.Combine(_folder.FullName, "outcomes.jsonl");
        OutcomeFile.Write(path, rows: 600, seed: 1);
        string[] args = ["--outcomes", path, "--reference", "sim-frontier", "--candidates", "sim-mid,sim-tiny", "--source", "order-sums", "--repetitions", "400", "--json"];

        var (code, json, _) = await RunAsync(args);
        var (_, again, _) = await RunAsync(args);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(json, again);
        var models = JsonDocument.Parse(json).RootElement.GetProperty("candidates").EnumerateArray().ToList();
        Assert.Equal(["sim-mid", "sim-tiny"], models.Select(model => model.GetProperty("model").GetString()));
        Assert.All(models, IsKept);
        Assert.Equal(0, models[1].GetProperty("eligible").GetDouble());
        Assert.Equal(300, models[0].GetProperty("population").GetInt32());
    }

    /// <summary>The first thing that evals must show: over 500 seeded repetitions on real models' recorded answers, the false share at the margin is at most the stated level.</summary>
    [Theory]
    [InlineData("data/routellm-gsm8k/outcomes.jsonl.gz", "gpt-4-1106-preview", "mixtral-8x7b-instruct-v0.1", "")]
    [InlineData("data/bfcl-2024-08/outcomes.jsonl.gz", "claude-3-5-sonnet-20240620-FC", "gpt-4o-mini-2024-07-18-FC,gpt-4o-2024-08-06-FC,gpt-4-0125-preview-FC,claude-3-haiku-20240307-FC", "bfcl/simple")]
    public async Task On_recorded_models_the_false_share_at_the_margin_is_at_most_the_level(string file, string reference, string candidates, string source)
    {
        if (RepositoryFiles.Shared(output, file) is not { } path) return;

        var (code, json, error) = await RunAsync("--outcomes", path, "--reference", reference, "--candidates", candidates, "--source", source, "--json");

        Assert.True(code == ExitCode.Ok, error);
        output.WriteLine(json);
        Assert.All(JsonDocument.Parse(json).RootElement.GetProperty("candidates").EnumerateArray(), IsKept);
    }

    [Theory]
    [InlineData("--margin is 0.001 to 0.5", "--margin", "0")]
    [InlineData("name models of a recording", "--reference", "a")]
    public async Task What_makes_no_sense_is_refused(string expected, params string[] args)
    {
        var (code, _, error) = await RunAsync(args);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    /// <summary>At most 5 %, and three standard errors of the simulation: 2.9 points at 500 repetitions.</summary>
    private static void IsKept(JsonElement candidate)
    {
        foreach (var name in new[] { "false_eligible_at_margin", "false_eligible_at_own_difference" })
        {
            if (candidate.GetProperty(name).ValueKind == JsonValueKind.Number) Assert.InRange(candidate.GetProperty(name).GetDouble(), 0, 0.079);
        }
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (text, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var root = new RootCommand { new Command("eval") { EvalPowerCommand.Create() } };
        var code = await CommandLine.RunAsync(root, ["eval", "power", .. args], new InvocationConfiguration { Output = text, Error = error });
        return (code, text.ToString(), error.ToString());
    }
}
