using System.CommandLine;
using System.Text;
using System.Text.Json;
using Rung.Commands;
using Rung.Demo.Outcomes;
using Rung.Recorded;

namespace Rung.Tests.Demo;

public sealed class DemoOutcomesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-demo-outcomes-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_made_up_recording_is_whole_labelled_and_graded_as_its_answers_deserve()
    {
        var path = PathOf("made-up.jsonl.gz");

        var (code, text, error) = await RunAsync("demo", "outcomes", "--out", path, "--rows", "300");

        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Contains("SIMULATED", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100 || line.Contains(_folder.FullName, StringComparison.Ordinal), line));
        var recorded = await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None);
        Assert.Equal((300, 0, 0), (recorded.Rows.Count, recorded.Duplicates, recorded.FaultCount));
        Assert.Equal(MadeUpModel.All.Select(model => model.Name).Order(StringComparer.Ordinal), recorded.Models);
        foreach (var row in recorded.Rows)
        {
            Assert.StartsWith("simulated/", row.Id, StringComparison.Ordinal);
            foreach (var outcome in row.Outcomes)
            {
                var answer = Encoding.UTF8.GetString(outcome.Answer!.Text!);
                var isRight = row.Source == MessageSorting.Source ? answer == row.Gold : RecordedGrade.IsRight(answer, row.Gold!) == true;
                Assert.Equal(outcome.Score == 1, isRight);
                Assert.True(outcome is { CostNanoUsd: > 0, PromptTokens: > 0, CompletionTokens: > 0, LatencySeconds: > 0, FinishReason: "stop" });
            }
        }
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_other_ones()
    {
        foreach (var (name, seed) in new[] { ("a", "1"), ("b", "1"), ("c", "2") }) await RunAsync("demo", "outcomes", "--out", PathOf(name), "--rows", "40", "--seed", seed);

        Assert.Equal(await File.ReadAllTextAsync(PathOf("a")), await File.ReadAllTextAsync(PathOf("b")));
        Assert.NotEqual(await File.ReadAllTextAsync(PathOf("a")), await File.ReadAllTextAsync(PathOf("c")));
        Assert.All(await File.ReadAllLinesAsync(PathOf("a")), line => Assert.True(JsonDocument.Parse(line).RootElement.GetProperty("simulated").GetBoolean()));
    }

    [Fact]
    public async Task Models_are_as_good_as_they_are_set_and_JSON_says_so()
    {
        var (_, text, _) = await RunAsync("demo", "outcomes", "--out", PathOf("large.jsonl"), "--rows", "4000", "--json");

        foreach (var model in JsonDocument.Parse(text).RootElement.GetProperty("models").EnumerateArray())
        {
            var set = MadeUpModel.All.Single(one => one.Name == model.GetProperty("model").GetString());
            var quality = model.GetProperty("source").GetString() == MessageSorting.Source ? set.IntentQuality : set.SumQuality;
            Assert.Equal(quality, (double)model.GetProperty("right").GetInt32() / model.GetProperty("rows").GetInt32(), 0.035);
        }
    }

    [Fact]
    public async Task A_file_that_exists_is_kept()
    {
        await File.WriteAllTextAsync(PathOf("mine"), "mine");

        var (code, _, error) = await RunAsync("demo", "outcomes", "--out", PathOf("mine"));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("exists", error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(PathOf("mine")));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (text, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await CommandLine.RunAsync(new RootCommand { DemoCommand.Create() }, args, new InvocationConfiguration { Output = text, Error = error });
        return (code, text.ToString(), error.ToString());
    }
}
