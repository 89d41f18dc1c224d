using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rung.Commands;
using Rung.Commands.Eval;
using Rung.Control.Reviews;
using Rung.Storage;
using Rung.Storage.Content;
using Rung.Tests.Policy;

namespace Rung.Tests.Evals;

/// <summary><c>rung eval judge</c> on a real store, against a judge on loopback.</summary>
public sealed class EvalJudgeCommandTests : IDisposable
{
    private readonly PolicyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Anchors_are_asked_through_the_gateway_kept_and_compared_and_a_drift_is_told_with_its_cause()
    {
        await using var judge = new LoopbackJudge();
        await judge.StartAsync();
        var policy = _folder.Write("rung.yaml", Policy(judge.Url));
        var anchors = _folder.Write("anchors.jsonl", string.Join('\n', Enumerable.Range(0, 24).Select(i => $$"""{"prompt":"Question {{i}}?","answer":"good {{i}}","score":1}""")));

        var first = await RunAsync("--tag", "label", "--anchors", anchors, "--policy", policy, "--data", _folder.Data);
        var again = await RunAsync("--tag", "label", "--policy", policy, "--data", _folder.Data);
        judge.Changed = true;
        var drifted = await RunAsync("--tag", "label", "--policy", policy, "--data", _folder.Data, "--json");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok, ExitCode.Faults), (first.Code, again.Code, drifted.Code));
        Assert.Contains("This is the first run", first.Unbroken);
        Assert.Contains("right 100.0 (", first.Unbroken);
        Assert.Contains("24 of 24 anchors right, 24 then", again.Unbroken);
        Assert.Contains("another version (judge-1 then, judge-2 now)", drifted.Json.GetProperty("drift").GetProperty("words").GetString());
        Assert.All(first.Lines, line => Assert.True(line.Length <= 100, line));
        await using var ledger = Ledger.OpenReadOnly(_folder.Data, TimeProvider.System);
        var booked = 0;
        await foreach (var call in ledger.ReadAsync(new CallQuery(), CancellationToken.None))
        {
            Assert.Equal(("judge-label", "judge"), (call.Tag, call.Role));
            booked++;
        }
        Assert.Equal(72, booked);
    }

    [Fact]
    public async Task The_judge_of_a_run_is_held_against_labels_and_opens_a_gate_only_when_it_agrees()
    {
        var policy = _folder.Write("rung.yaml", Policy("http://127.0.0.1:1"));
        await StoreRunAsync(rows: 120);
        var labels = _folder.Write("labels.csv", "row,score\n" + string.Join('\n', Enumerable.Range(0, 60).Select(i => $"{RowId(i)},{i % 2}")));

        var without = await RunAsync("--run", "r-000000000001", "--policy", policy, "--data", _folder.Data);
        var with = await RunAsync("--run", "r-000000000001", "--labels", labels, "--policy", policy, "--data", _folder.Data, "--json");

        Assert.Equal((ExitCode.Faults, ExitCode.Ok), (without.Code, with.Code));
        Assert.Contains("0 answers were judged by it and by people; at least 30 are needed", without.Unbroken);
        Assert.Contains("! The judge (large) and large are of one family", without.Unbroken);
        Assert.All(without.Lines, line => Assert.True(line.Length <= 100, line));
        var agreement = with.Json.GetProperty("agreement");
        Assert.Equal((60, 1.0), (agreement.GetProperty("items").GetInt32(), agreement.GetProperty("kappa").GetProperty("kappa").GetProperty("estimate").GetDouble()));
        Assert.True(with.Json.GetProperty("trust").GetProperty("may_open_gate").GetBoolean());
        Assert.Equal(60, with.Json.GetProperty("candidates")[0].GetProperty("by_people").GetProperty("labelled").GetInt32());
        await using var store = ContentStore.Open(_folder.Data, key: null, TimeProvider.System);
        Assert.Equal(60, (await store.ReadDoublyJudgedAsync("label", model: null, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task What_reviewers_said_of_a_run_is_held_against_its_judge_under_whatever_tag_it_was_planned()
    {
        var policy = _folder.Write("rung.yaml", Policy("http://127.0.0.1:1"));
        await StoreRunAsync(rows: 120);
        var judged = 0;
        await using (var store = ContentStore.Open(_folder.Data, key: null, TimeProvider.System))
        {
            var run = (await store.FindEvalRunAsync("r-000000000001", CancellationToken.None))!;
            await new ReviewPlanner(store, ledger: null, TimeProvider.System).PlanRunAsync(new ReviewPlanRequest { Tag = "for-people", Quota = 60 }, run, CancellationToken.None);
            var desk = new ReviewDesk(store, ledger: null, TimeProvider.System);
            while (await desk.NextAsync(new ReviewTurn { Reviewer = "ana" }, CancellationToken.None) is { } shown)
            {
                // As the judge has it, but once the other way round after a change of mind.
                var isGood = Convert.ToInt64(shown.Item.RowId![2..], 16) % 2 == 1;
                if (judged++ == 0) await SayAsync(desk, shown, !isGood);
                await SayAsync(desk, shown, isGood);
            }
        }

        var report = await RunAsync("--run", "r-000000000001", "--policy", policy, "--data", _folder.Data, "--json");

        Assert.InRange(judged, 40, 80);
        var agreement = report.Json.GetProperty("agreement");
        Assert.Equal((judged, 1.0), (agreement.GetProperty("items").GetInt32(), agreement.GetProperty("kappa").GetProperty("kappa").GetProperty("estimate").GetDouble()));

        static Task<GivenReview> SayAsync(ReviewDesk desk, ReviewCase shown, bool isGood) => desk.GiveAsync(
            shown.Item.Id, new ReviewOpinion { Reviewer = "ana", Choice = ReviewChoice.Tie, Good = isGood ? ReviewGood.Both : ReviewGood.Neither }, CancellationToken.None);
    }

    [Fact]
    public async Task A_simulated_judge_is_labelled_as_one_and_a_wrong_command_line_says_what_to_do()
    {
        var text = await RunAsync("--simulate", "position=0.1,length=0.05,self=0.08", "--rows", "60", "--labelled", "30", "--repetitions", "20");
        var json = await RunAsync("--simulate", "self=0.1", "--rows", "60", "--repetitions", "5", "--json");

        Assert.StartsWith("SIMULATED judge", text.Output);
        Assert.All(text.Lines, line => Assert.True(line.Length <= 100, line));
        Assert.True(json.Json.GetProperty("simulated").GetBoolean());
        Assert.Equal(ExitCode.Usage, (await RunAsync()).Code);
        Assert.Contains("three questions", (await RunAsync("--run", "r-1", "--simulate", "self=0")).Error);
        Assert.Contains("more than 0.23 together", (await RunAsync("--simulate", "self=0.5")).Error);
        Assert.Contains("There is no content", (await RunAsync("--run", "r-1", "--policy", _folder.Write("rung.yaml", Policy("http://127.0.0.1:1")), "--data", _folder.Data)).Error);
    }

    private async Task<Printed> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var root = new RootCommand { EvalCommand.Create(TimeProvider.System) };
        var code = await CommandLine.RunAsync(root, ["eval", "judge", .. args], new InvocationConfiguration { Output = output, Error = error });
        return new Printed(code, output.ToString(), error.ToString());
    }

    private async Task StoreRunAsync(int rows)
    {
        Directory.CreateDirectory(_folder.Data);
        await using var store = ContentStore.Open(_folder.Data, key: null, TimeProvider.System);
        var set = await store.AddEvalSetAsync(
            new EvalSetDraft { Name = "labels", Tag = "label", MadeBy = "a test", Rows = [.. Enumerable.Range(0, rows).Select(Row)] }, CancellationToken.None);
        var run = new EvalRun { Id = "r-000000000001", SetName = set.Name, SetVersion = set.Version, SetHash = set.Hash, Tag = "label", Plan = "{}", BegunAt = TimeProvider.System.GetUtcNow() };
        await store.BeginEvalRunAsync(run, CancellationToken.None);
        for (var i = 0; i < rows; i++)
        {
            await store.SaveEvalAnswerAsync(run.Id, Row(i), new EvalRunAnswer { Candidate = "large", RowId = RowId(i), Status = EvalAnswerStatus.Answered, Message = """{"content":"x"}"""u8.ToArray() }, CancellationToken.None);
            // As the runner stores what a rubric judge said.
            var verdicts = Encoding.UTF8.GetBytes($$"""[{"model":"large","score":{{i % 2}},"candidate_chars":{{10 + i}},"reference_chars":20,"attempts":1,"cost_nano_usd":1000}]""");
            await store.SaveEvalGradeAsync(run.Id, "large", RowId(i), new EvalRunGrade { Score = i % 2, ReferenceScore = 1, Verdicts = verdicts }, CancellationToken.None);
        }
    }

    private static EvalRow Row(int number) => new()
    {
        Id = RowId(number), Position = number, Part = EvalPart.Test, Origin = $"file rows.jsonl:{number + 1}", Request = Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"Question {{number}}?"}]}"""),
        Reference = """{"content":"ref"}"""u8.ToArray(), ReferenceSource = ReferenceSource.Model, ReferenceBy = "large",
    };

    private static string RowId(int number) => $"r-{number:x16}";

    private static string Policy(string url) => $$"""
        version: 1
        tiers:
          small: { models: [mini] }
          frontier: { models: [large] }
        models:
          mini: { provider: openai-compatible, url: "{{url}}/v1", id: claude-haiku-4-5, price: { input: 1, output: 2 } }
          large: { provider: openai-compatible, url: "{{url}}/v1", id: claude-opus-4-5, price: { input: 3, output: 6 } }
        tags:
          label: { tier: small, why: "Labels.", eval: { score: rubric, judge: judge-label } }
          judge-label: { tier: frontier, why: "Judges." }
        default: { tier: frontier, why: "Not yet understood." }
        """;

    /// <summary>A judge that finds everything good, until its provider changes it.</summary>
    private sealed class LoopbackJudge : IAsyncDisposable
    {
        private WebApplication _app = null!;

        public string Url { get; private set; } = "";

        public bool Changed { get; set; }

        public async Task StartAsync()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
            builder.Services.AddRoutingCore();
            _app = builder.Build();
            _app.UseRouting();
            _app.MapPost("/v1/chat/completions", (RequestDelegate)AnswerAsync);
            await _app.StartAsync();
            Url = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().TrimEnd('/');
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private Task AnswerAsync(HttpContext context)
        {
            context.Response.ContentType = "application/json";
            var reply = new JsonObject
            {
                ["id"] = "x", ["object"] = "chat.completion", ["model"] = Changed ? "judge-2" : "judge-1",
                ["choices"] = new JsonArray(new JsonObject
                {
                    ["index"] = 0, ["finish_reason"] = "stop",
                    ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = JsonSerializer.Serialize(new { reason = "as it is", score = Changed ? 0.25 : 1 }) },
                }),
                ["usage"] = new JsonObject { ["prompt_tokens"] = 100, ["completion_tokens"] = 20, ["total_tokens"] = 120 },
            };
            return context.Response.WriteAsync(reply.ToJsonString());
        }
    }
}
