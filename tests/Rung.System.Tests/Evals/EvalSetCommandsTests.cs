using System.CommandLine;
using System.Text;
using System.Text.Json;
using Rung.Commands;
using Rung.Commands.Eval;
using Rung.Control.Evals.Asking;
using Rung.Storage.Content;

namespace Rung.Tests.Evals;

public sealed class EvalSetCommandsTests : IDisposable
{
    private const string Policy = """
        version: 1
        tiers: { small: { models: [cheap] }, frontier: { models: [best] } }
        models:
          cheap: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: cheap, cost: { usd_per_hour: 1, slots: 1 } }
          best: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: best, cost: { usd_per_hour: 9, slots: 1 } }
        tags:
          intent: { tier: small, owner: team, why: "A test." }
        default: { tier: frontier, owner: team, why: "A test." }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("rung-eval-").FullName;
    private readonly CountingAsker _asker = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Captured_calls_become_a_set_and_a_broken_build_goes_on()
    {
        await CaptureAsync(60);
        var build = new[] { "build", "--tag", "intent", "--size", "30", "--policy", Write("rung.yaml", Policy), "--max-usd", "1", "--json" };

        _asker.FailsAfter = 10;
        var (stopped, _, said) = await RunAsync(build);
        Assert.Equal(ExitCode.Faults, stopped);
        Assert.Contains("no more", said, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await RunAsync("list")).Code);
        await CaptureAsync(90); // What is captured meanwhile does not change the rows of the build.
        _asker.FailsAfter = int.MaxValue;
        var (code, output, error) = await RunAsync(build);

        Assert.True(code == ExitCode.Ok, error);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(30, report.GetProperty("set").GetProperty("rows").GetInt32());
        Assert.Equal(60, report.GetProperty("population").GetProperty("rows").GetInt32());
        Assert.Equal(120, report.GetProperty("population").GetProperty("stands_for").GetDouble(), 6);
        Assert.Equal(15, report.GetProperty("test").GetInt32());
        var references = report.GetProperty("references");
        var captured = references.GetProperty("captured").GetInt32();
        Assert.Equal(30 - captured, references.GetProperty("asked").GetInt32());
        Assert.True(captured > 0);
        Assert.Equal(10, references.GetProperty("asked_before").GetInt32());
        Assert.Equal(30 - captured, _asker.Answered.Distinct().Count());
        Assert.Equal(30 - captured, _asker.Answered.Count);
    }

    [Fact]
    public async Task Nothing_is_asked_where_nobody_confirms_the_cost()
    {
        var file = Write("q.jsonl", "{\"prompt\":\"one\"}\n{\"prompt\":\"two\",\"answer\":\"2\"}\n");
        var build = new[] { "build", "--tag", "intent", "--from", file, "--policy", Write("rung.yaml", Policy) };

        var (code, _, error) = await RunAsync(build);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("1 reference to be asked of best", error, StringComparison.Ordinal);
        Assert.Contains("--max-usd", error, StringComparison.Ordinal);
        Assert.Empty(_asker.Answered);

        Assert.Equal(ExitCode.Ok, (await RunAsync([.. build, "--references", "given"])).Code);
        Assert.Equal(ExitCode.Ok, (await RunAsync([.. build, "--yes"])).Code);
        Assert.Single(_asker.Answered);
        // Two versions: with and without the second reference.
        var diff = await RunAsync("diff", "intent@1", "intent@2");
        Assert.Equal(ExitCode.Faults, diff.Code);
        Assert.Contains("reference added", diff.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_is_exported_read_back_answered_by_people_and_shown_with_what_it_lost()
    {
        var file = Write("q.csv", "id,prompt,answer\n" + string.Join('\n', Enumerable.Range(0, 12).Select(i => $"{i},question number {i} about thing{i} and place{i} of day{i},answer {i}")));
        Assert.Equal(ExitCode.Ok, (await RunAsync("build", "--set", "things", "--from", file)).Code);
        var exported = Path.Combine(_folder, "things.jsonl");
        Assert.Equal(ExitCode.Ok, (await RunAsync("export", "things", "--out", exported)).Code);
        var (code, output, _) = await RunAsync("build", "--from", exported, "--set", "copy", "--json");
        Assert.Equal((ExitCode.Ok, true), (code, JsonDocument.Parse(output).RootElement.GetProperty("same_hash").GetBoolean()));
        Assert.Equal(ExitCode.Ok, (await RunAsync("diff", "things", "copy")).Code);

        var shown = JsonDocument.Parse((await RunAsync("show", "things", "--rows", "3", "--json")).Output).RootElement;
        var id = shown.GetProperty("rows")[0].GetProperty("id").GetString()!;
        var answers = Write("answers.csv", $"id,answer,by\n{id},a better one,reviewer\n");
        Assert.Equal(ExitCode.Ok, (await RunAsync("build", "--set", "things", "--answers", answers)).Code);
        Assert.Equal(ExitCode.Usage, (await RunAsync("build", "--set", "things", "--answers", Write("none.csv", "id,answer\nr-1,x\n"))).Code);

        await using (var store = ContentStore.Open(Path.Combine(_folder, "data"), null, TimeProvider.System))
        {
            var rows = await store.ReadEvalRowsAsync("things", 2, CancellationToken.None);
            Assert.Equal("reviewer", rows.Single(row => row.Id == id).ReferenceBy);
            await store.AddEvalSetAsync(new EvalSetDraft { Name = "lost", MadeBy = "test", Rows = [.. rows.Select((row, i) => row with { User = i < 2 ? "ada" : null })] }, CancellationToken.None);
            await store.ForgetAsync(new ForgetRequest { User = "ada", Reason = "asked for it" }, CancellationToken.None);
        }
        foreach (var command in (string[][])[["list"], ["show", "lost"], ["diff", "lost", "lost"]])
        {
            var told = await RunAsync(command);
            Assert.Contains("2 rows removed on", string.Join(' ', told.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
            Assert.All(told.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 100));
        }
        Assert.Contains("2 rows removed on", JsonDocument.Parse((await RunAsync("show", "lost", "--json")).Output).RootElement.GetProperty("set").GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("build")]
    [InlineData("build", "--tag", "intent")]
    [InlineData("build", "--tag", "intent", "--set", "No Name")]
    [InlineData("build", "--tag", "intent", "--size", "0")]
    [InlineData("build", "--tag", "intent", "--holdout", "2")]
    [InlineData("build", "--from", "nowhere.jsonl")]
    [InlineData("build", "--answers", "a.jsonl")]
    [InlineData("build", "--tag", "intent", "--references", "magic")]
    [InlineData("show", "nothing")]
    [InlineData("list")]
    public async Task What_cannot_be_done_is_said_with_its_fix(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.Equal(ExitCode.Usage, code);
        Assert.Equal("", output);
        Assert.True(error.Trim().Split('\n').Length >= 2, error);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand { EvalCommand.Create(TimeProvider.System, terminal: null, (_, _, _) => new OpenedAsker(_asker, () => ValueTask.CompletedTask, []), () => Stream.Null) };
        var code = await CommandLine.RunAsync(root, ["eval", .. args, "--data", Path.Combine(_folder, "data")], new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    // Every second call was kept. Every fifth was served by the reference tier.
    private async Task CaptureAsync(int count)
    {
        await using var store = ContentStore.Open(Path.Combine(_folder, "data"), null, TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        await store.AppendCapturesAsync([.. Enumerable.Range(0, count).Select(i => new CapturedCall
        {
            CallId = $"{i:x32}", StartedAt = now, ExpiresAt = now.AddDays(1), Tag = "intent", Route = "intent", SampledAt = 0.5,
            Request = Encoding.UTF8.GetBytes($$"""{"model":"x","messages":[{"role":"user","content":"word{{i}} thing{{i * 7}} place{{i * 13}} day{{i * 17}} name{{i * 19}}"}]}"""),
            Answers = [new CapturedAnswer { Ordinal = 0, Model = i % 5 == 0 ? "best" : "cheap", Tier = i % 5 == 0 ? "frontier" : "small", Served = true, Passed = true, FinishReason = "stop", Message = """{"role":"assistant","content":"a"}"""u8.ToArray() }],
        })], CancellationToken.None);
    }

    /// <summary>Answers at once, until it fails.</summary>
    private sealed class CountingAsker : IModelAsker
    {
        private int _asked;

        public int FailsAfter { get; set; } = int.MaxValue;
        public System.Collections.Concurrent.ConcurrentBag<string> Answered { get; } = [];

        public Task<ModelAnswer> AskAsync(ModelQuestion question, CancellationToken cancellationToken)
        {
            Assert.Equal(("best", "intent", AskPurpose.Reference), (question.Model, question.Tag, question.Purpose));
            if (Interlocked.Increment(ref _asked) > FailsAfter) return Task.FromResult(new ModelAnswer { Status = AskStatus.Failed, Why = "no more" });
            Answered.Add(Encoding.UTF8.GetString(question.Request.Span));
            return Task.FromResult(new ModelAnswer { Status = AskStatus.Answered, Message = """{"role":"assistant","content":"asked"}"""u8.ToArray(), Model = "best", CostNanoUsd = 1000 });
        }

        public long? Estimate(ModelQuestion question) => 1000;
    }
}
