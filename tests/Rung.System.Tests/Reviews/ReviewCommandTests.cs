using System.CommandLine;
using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Review;
using Rung.Control.Reviews;
using Rung.Control.Tests.Reviews;
using Rung.Storage.Content;

namespace Rung.Tests.Reviews;

/// <summary>The commands around reviews, over a data directory.</summary>
public sealed class ReviewCommandTests : IAsyncLifetime
{
    private readonly ReviewWorld world = new();

    public Task InitializeAsync() => world.CaptureAsync(0, 400);

    public Task DisposeAsync() => world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_week_is_planned_listed_judged_compared_and_exported()
    {
        var (code, output, error) = await RunAsync("plan", "--tag", "label", "--week", "2026-W48", "--quota", "60", "--double", "0.5");
        Assert.Equal((ExitCode.Ok, ""), (code, error));
        Assert.Contains("label, 2026-W48:", output, StringComparison.Ordinal);
        Assert.Contains("Aimed at 60", output, StringComparison.Ordinal);
        var again = JsonDocument.Parse((await RunAsync("plan", "--tag", "label", "--week", "2026-W48", "--quota", "60", "--double", "0.5", "--json")).Output).RootElement;
        Assert.Equal((0, 400), (again.GetProperty("added").GetInt32(), again.GetProperty("plan").GetProperty("frame").GetInt32()));

        foreach (var reviewer in new[] { "ana", "ben" })
        {
            while (await world.Desk.NextAsync(new ReviewTurn { Reviewer = reviewer }, default) is { } shown)
                await world.Desk.GiveAsync(shown.Item.Id, new ReviewOpinion { Reviewer = reviewer, Choice = shown.Item.Shuffle % 4 == 0 ? ReviewChoice.Bad : ReviewChoice.Good, Comment = "as =SUM(1)" }, default);
        }

        var list = await RunAsync("list");
        Assert.Contains("of the answers are good (95 % interval)", list.Output, StringComparison.Ordinal);
        Assert.All(list.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        var agreement = await RunAsync("agreement");
        Assert.Contains("kappa 1.00", agreement.Output, StringComparison.Ordinal);
        Assert.Contains("ana, ben", agreement.Output, StringComparison.Ordinal);
        Assert.Equal(1, JsonDocument.Parse((await RunAsync("agreement", "--tag", "label", "--json")).Output).RootElement.GetProperty("tags")[0].GetProperty("good").GetProperty("agreement").GetDouble());

        var bare = Path.Combine(world.Path, "out.jsonl");
        Assert.Equal(ExitCode.Ok, (await RunAsync("export", "--out", bare)).Code);
        var rows = (await File.ReadAllLinesAsync(bare)).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.All(rows, row => Assert.True(row.GetProperty("inclusion").GetDouble() is > 0 and <= 1 && row.GetProperty("part").GetString() is "uniform" or "targeted"));
        Assert.All(rows, row => Assert.Equal(JsonValueKind.Null, row.GetProperty("comment").ValueKind));
        Assert.DoesNotContain("question", await File.ReadAllTextAsync(bare), StringComparison.Ordinal);

        var full = Path.Combine(world.Path, "out.csv");
        Assert.Equal(ExitCode.Ok, (await RunAsync("export", "--out", full, "--with-content")).Code);
        var csv = await File.ReadAllLinesAsync(full);
        Assert.StartsWith("item,tag,scope,call_id,", csv[0], StringComparison.Ordinal);
        Assert.Contains(csv, line => line.Contains("user: question", StringComparison.Ordinal));
        Assert.Contains(csv, line => line.Contains("as =SUM(1)", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Usage, (await RunAsync("export", "--out", full)).Code); // Never over a file that is there.
    }

    [Fact]
    public async Task Labels_for_a_judge_have_the_form_that_it_reads()
    {
        var file = Path.Combine(world.Path, "labels.jsonl");

        var (code, output, _) = await RunAsync("export", "--labels", "preference", "--out", file);

        Assert.Equal((ExitCode.Ok, ""), (code, await File.ReadAllTextAsync(file)));
        Assert.Contains("0 labels", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("review", "This is no terminal")]
    [InlineData("review plan", "Which tag")]
    [InlineData("review plan --tag label --quota 20", "--quota is 50 to 200")]
    [InlineData("review plan --tag label --week 2026-48", "is no week")]
    [InlineData("review plan --tag label --uniform 0.3", "--uniform is 0.5 to 1")]
    [InlineData("review plan --tag label --week 2030-W01", "has not begun")]
    [InlineData("review plan --tag other --week 2026-W48", "No call of tag other was captured")]
    [InlineData("review plan --set nothing", "There is no eval set nothing")]
    [InlineData("review plan --run nothing", "There is no eval run nothing")]
    [InlineData("review plan --run nothing --set nothing", "exclude one another")]
    [InlineData("review list --data /nowhere-at-all", "no content was ever kept here")]
    public async Task What_cannot_be_done_is_said_with_exit_code_2(string line, string said)
    {
        var (code, _, error) = await RunAsync([.. line.Split(' ').Skip(1)]);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sitting_says_what_was_stored_and_how_to_go_on()
    {
        await RunAsync("plan", "--tag", "label", "--week", "2026-W48");
        using var terminal = new ScriptedTerminal().Press("gbq");
        using var output = new StringWriter();
        var root = new RootCommand { ReviewCommand.Create(world.Clock, () => terminal.Terminal) };

        var code = await CommandLine.RunAsync(root, ["review", "--reviewer", "ana", "--data", world.Path], new InvocationConfiguration { Output = output });

        Assert.Equal(ExitCode.Ok, code);
        Assert.StartsWith("2 verdicts stored for ana. Go on with: rung review", output.ToString(), StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand { ReviewCommand.Create(world.Clock, () => null) };
        string[] data = arguments.Contains("--data") ? [] : ["--data", world.Path];
        var code = await CommandLine.RunAsync(root, ["review", .. arguments, .. data], new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
