using System.CommandLine;
using System.Text.Json.Nodes;
using Rung.Commands;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;
using Rung.Storage;

namespace Rung.Tests.Feedback;

public sealed class QualityCommandTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rung-quality-").FullName;
    private readonly ManualClock clock = new();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Checks_reviews_and_thumbs_of_a_tag_become_one_estimate_beside_its_floor()
    {
        await FillAsync();
        var (code, output, _) = await RunAsync("quality", "--data", directory, "--policy", Policy(0.5));

        Assert.Equal(0, code);
        Assert.Contains("classify", output);
        Assert.Contains("thumbs*", output);
        Assert.Contains("met", output);
        Assert.Contains("not a random sample", output);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public async Task In_json_every_kind_stands_by_itself_and_a_broken_floor_is_said()
    {
        await FillAsync();
        var (code, output, _) = await RunAsync("quality", "--data", directory, "--policy", Policy(0.97), "--tag", "classify", "--json");

        Assert.Equal(0, code);
        var row = Assert.Single(JsonNode.Parse(output)!["rows"]!.AsArray())!;
        Assert.Equal("broken", (string?)row["floor"]!["state"]);
        var kinds = row["kinds"]!.AsArray().ToDictionary(kind => (string)kind!["kind"]!, kind => kind!);
        Assert.Equal(["check", "review", "thumbs"], kinds.Keys.Order());
        Assert.Equal(0.75, (double)kinds["review"]["quality"]!["estimate"]!, 12);
        Assert.Equal(1.0, (double)kinds["check"]["quality"]!["estimate"]!, 12);
        Assert.Equal((60, 60), ((int)kinds["review"]["quality"]!["items"]!, (int)kinds["review"]["quality"]!["sessions"]!));
        Assert.True((bool)kinds["check"]["is_random_sample"]!);
    }

    [Fact]
    public async Task By_model_there_is_a_row_for_each_and_the_words_fit()
    {
        await FillAsync();
        var (code, output, error) = await RunAsync("quality", "--data", directory, "--by", "model");
        Assert.Equal(0, code);
        Assert.Contains("haiku", output);
        Assert.Contains("no floor is looked at", error);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public async Task With_nothing_judged_it_says_what_judges()
    {
        await Ledger.Open(directory, clock).DisposeAsync();
        var (code, output, _) = await RunAsync("quality", "--data", directory);
        Assert.Equal(0, code);
        Assert.Contains("POST /rung/feedback", output);
    }

    [Theory]
    [InlineData("--since", "soon")]
    [InlineData("--until", "never")]
    [InlineData("--policy", "nothing.yaml")]
    [InlineData("--by", "mood")]
    public async Task A_wrong_option_is_told(string option, string value)
    {
        await Ledger.Open(directory, clock).DisposeAsync();
        var (code, _, error) = await RunAsync("quality", "--data", directory, option, value);
        Assert.Equal(2, code);
        Assert.NotEmpty(error);
    }

    [Fact]
    public async Task A_token_is_made_on_the_command_line()
    {
        var (code, output, _) = await RunAsync("feedback", "token", "--call", FeedbackHost.Call, "--ttl", "2h", "--by", "u-1", "--json");
        Assert.Equal(0, code);
        var token = (string)JsonNode.Parse(output)!["token"]!;
        var scope = Control.Feedback.FeedbackTokens.Read(FeedbackHost.Secret)!.Read(token, clock.GetUtcNow(), out _);
        Assert.Equal((FeedbackHost.Call, "u-1"), (scope!.CallId, scope.By));

        foreach (var wrong in new string[][] { [], ["--call", "x"], ["--call", FeedbackHost.Call, "--session", "s"], ["--session", "s", "--ttl", "40d"], ["--session", "s", "--ttl", "1y"] })
        {
            Assert.Equal(2, (await RunAsync(["feedback", "token", .. wrong])).Code);
        }
    }

    // 80 checked calls in sessions of their own, 60 reviews of them (45 good), 10 thumbs down.
    private async Task FillAsync()
    {
        await using var ledger = Ledger.Open(directory, clock);
        var now = clock.GetUtcNow();
        var calls = Enumerable.Range(0, 80).Select(number => new CallRecord
        {
            Id = $"{now.AddHours(-2).ToUnixTimeMilliseconds():x12}7{number:x19}", StartedAt = now.AddHours(-2), Tag = "classify", Session = $"s{number}", Route = "classify",
            PolicyRevision = 1, PolicyHash = "h", Status = CallStatus.Answered, Model = "haiku", Tier = "small",
            Attempts =
            [
                new AttemptRecord
                {
                    Ordinal = 0, Kind = AttemptKind.First, Model = "haiku", Provider = "p", Tier = "small", Propensity = 1, StartedAt = now.AddHours(-2),
                    Outcome = AttemptOutcome.Completed, Checks = [new CheckVerdict("json", true, null)],
                },
            ],
        }).ToArray();
        await ledger.AppendAsync(calls, CancellationToken.None);
        VerdictRecord Verdict(int number, VerdictKind kind, double score) => new()
        {
            Id = $"{kind}{number}", CallId = calls[number].Id, Kind = kind, Score = score, Weight = Control.Measurement.QualityWeights.Of(kind), By = "u",
            At = now.AddHours(-1), SampledAt = kind == VerdictKind.Review ? 0.5 : null,
        };
        await ledger.AppendVerdictsAsync(
            [.. Enumerable.Range(0, 60).Select(number => Verdict(number, VerdictKind.Review, number < 45 ? 1 : 0)), .. Enumerable.Range(0, 10).Select(number => Verdict(number, VerdictKind.Thumbs, 0))],
            CancellationToken.None);
    }

    private string Policy(double floor)
    {
        var path = Path.Combine(directory, "floor.yaml");
        File.WriteAllText(path, $$"""
            version: 1
            tiers: { small: { models: [haiku] } }
            models: { haiku: { provider: openai-compatible, url: "http://127.0.0.1:9/v1", id: h, price: { input: 1, output: 2 } } }
            tags: { classify: { tier: small, owner: t, why: w, floor: { verdict: judge, at_least: {{floor.ToString(System.Globalization.CultureInfo.InvariantCulture)}} } } }
            default: { tier: small, owner: t, why: w }
            """);
        return path;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var root = new RootCommand { QualityCommand.Create(clock), FeedbackCommand.Create(clock, () => FeedbackHost.Secret) };
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(root, args, new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
