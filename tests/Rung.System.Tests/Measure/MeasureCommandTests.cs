using System.CommandLine;
using System.Text.Json.Nodes;
using Rung.Commands;
using Rung.Commands.Measure;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;
using Rung.Storage;

namespace Rung.Tests.Measure;

public sealed class MeasureCommandTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rung-measure-").FullName;
    private readonly ManualClock clock = new();

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task One_tag_is_shown_whole_with_intervals_and_a_holdback_says_what_was_saved()
    {
        await FillAsync();
        var (code, output, _) = await RunAsync("measure", "--data", directory, "--tag", "classify");

        Assert.Equal(0, code);
        Assert.Contains("judge 0.800 (", output);
        Assert.Contains("saved            50.0 % (50.0 to 50.0)", output);
        Assert.Contains("against 20 calls held back", output);
        Assert.Contains("failed checks    10.0 % (", output);
        Assert.Contains("overridden       1.3 % (", output);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public async Task In_json_money_is_usd_times_are_milliseconds_and_arms_stand_apart()
    {
        await FillAsync();
        var (code, output, _) = await RunAsync("measure", "--data", directory, "--by", "arm", "--json");

        Assert.Equal(0, code);
        var rows = JsonNode.Parse(output)!["rows"]!.AsArray();
        Assert.Equal(["7:candidate", "7:holdback"], rows.Select(row => (string?)row!["arm"]));
        var candidate = rows[0]!;
        Assert.Equal((60, 0.0005), ((int)candidate["calls"]!, (double)candidate["cost_per_call_usd"]!["estimate"]!));
        Assert.Equal("holdback", (string?)candidate["saving"]!["basis"]);
        Assert.Equal("baseline", (string?)rows[1]!["saving"]!["basis"]);
        Assert.InRange((double)candidate["latency_ms"]!["p50"]!, 895, 905);
        Assert.Equal((6, 60), ((int)candidate["check_failure"]!["events"]!, (int)candidate["check_failure"]!["of"]!));
    }

    [Theory]
    [InlineData("day")]
    [InlineData("hour")]
    [InlineData("tier")]
    [InlineData("tag")]
    public async Task Every_grouping_fits_the_page(string by)
    {
        await FillAsync();
        var (code, output, _) = await RunAsync("measure", "--data", directory, "--by", by);

        Assert.Equal(0, code);
        Assert.Contains("classify", output);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public async Task Copies_for_a_shadow_are_no_traffic_and_an_empty_window_says_so()
    {
        await FillAsync();
        var (_, output, _) = await RunAsync("measure", "--data", directory, "--json");
        Assert.DoesNotContain("shadow.", output);
        (var code, output, _) = await RunAsync("measure", "--data", directory, "--since", "1m");
        Assert.Equal(0, code);
        Assert.Contains("There are no calls", output);
    }

    [Theory]
    [InlineData("--since", "soon")]
    [InlineData("--until", "never")]
    [InlineData("--by", "mood")]
    public async Task A_wrong_option_is_told(string option, string value)
    {
        await Ledger.Open(directory, clock).DisposeAsync();
        var (code, _, error) = await RunAsync("measure", "--data", directory, option, value);
        Assert.Equal(2, code);
        Assert.NotEmpty(error);
    }

    // 60 calls of a candidate at half the cost of 20 that are held back, every tenth with a failed check; 40 judgements (32 good), one override, one verdict on a session.
    private async Task FillAsync()
    {
        await using var ledger = Ledger.Open(directory, clock);
        var begin = clock.GetUtcNow().AddHours(-2);
        var calls = Enumerable.Range(0, 80).Select(number => new CallRecord
        {
            Id = $"{begin.ToUnixTimeMilliseconds():x12}7{number:x19}", StartedAt = begin, Tag = "classify", Session = $"s{number}", Route = "classify", Arm = number < 60 ? "7:candidate" : "7:holdback",
            PolicyRevision = 1, PolicyHash = "h", Status = CallStatus.Answered, Model = "haiku", Tier = "small", CostNanoUsd = number < 60 ? 500_000 : 1_000_000, BaselineNanoUsd = 5_000_000,
            LatencyMicros = 900_000, FirstByteMicros = 200_000,
            Attempts = [Attempt(begin, number % 10 > 0)],
        }).ToList();
        calls.Add(new CallRecord
        {
            Id = $"{begin.ToUnixTimeMilliseconds():x12}7{999:x19}", StartedAt = begin, Tag = "shadow.classify", Route = "classify", PolicyRevision = 1, PolicyHash = "h", Status = CallStatus.Answered,
            CostNanoUsd = 1, Attempts = [Attempt(begin, true)],
        });
        await ledger.AppendAsync(calls, CancellationToken.None);
        VerdictRecord Verdict(int number, VerdictKind kind, double score) => new()
        {
            Id = $"{kind}{number}", CallId = calls[number].Id, Kind = kind, Score = score, Weight = 1, By = "u", At = begin.AddHours(1),
        };
        await ledger.AppendVerdictsAsync(
            [
                .. Enumerable.Range(0, 40).Select(number => Verdict(number, VerdictKind.Judge, number < 32 ? 1 : 0)), Verdict(3, VerdictKind.Override, 0.5),
                Verdict(0, VerdictKind.TaskCompleted, 1) with { CallId = null, Session = "s0" },
            ], CancellationToken.None);
    }

    private static AttemptRecord Attempt(DateTimeOffset at, bool passed) => new()
    {
        Ordinal = 0, Kind = AttemptKind.First, Model = "haiku", Provider = "p", Tier = "small", Propensity = 1, StartedAt = at,
        Outcome = passed ? AttemptOutcome.Completed : AttemptOutcome.CheckFailed, Checks = [new CheckVerdict("json", passed, passed ? null : "no")],
    };

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var root = new RootCommand { MeasureCommand.Create(clock) };
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(root, args, new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
