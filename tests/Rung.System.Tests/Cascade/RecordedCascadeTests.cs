using System.Text.Json;
using System.Text.RegularExpressions;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Recorded;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Reports;
using Xunit.Abstractions;

namespace Rung.Tests.Cascade;

/// <summary>The main job on recorded answers: real gateway, real ledger, real HTTP; what comes out is worked out anew from the file alone.</summary>
public sealed class RecordedCascadeTests(ITestOutputHelper output) : IDisposable
{
    private const string Pattern = @"####\s*\$?-?[\d,]+(\.\d+)?";
    private readonly string folder = Directory.CreateTempSubdirectory("rung-cascade-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_ledger_says_equals_what_the_recording_says(bool stream)
    {
        var path = Path.Combine(folder, "outcomes.jsonl");
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, 60).Select(Row));

        await CompareAsync(path, stream, expected: null);
    }

    [Fact]
    public async Task The_recorded_grade_school_sums_climb_133_times_and_917_are_right()
    {
        if (RepositoryFiles.Shared(output, "data/routellm-gsm8k/outcomes.jsonl.gz") is not { } path) return;

        await CompareAsync(path, stream: false, expected: (Calls: 1307, Climbs: 133, Right: 917));
    }

    /// <summary>Every third weak answer lacks its last line; every fifth strong one is wrong.</summary>
    private static string Row(int i) => JsonSerializer.Serialize(new
    {
        id = $"q{i}",
        source = "sums",
        split_hint = "",
        prompt = $"What is {i} and {i}?",
        gold = $"{2 * i}",
        models = new Dictionary<string, object>
        {
            ["mixtral-8x7b-instruct-v0.1"] = new { correct = i % 3 == 0 ? 0 : i % 2, prompt_tokens = 7 + i, completion_tokens = 3 + i, response = i % 3 == 0 ? "I lost count." : $"#### {2 * i}" },
            ["gpt-4-1106-preview"] = new { correct = i % 5 == 0 ? 0 : 1, prompt_tokens = 7 + i, completion_tokens = 11, response = $"Easily. #### {2 * i}" },
        },
    });

    private async Task CompareAsync(string path, bool stream, (int Calls, int Climbs, double Right)? expected)
    {
        var outcomes = await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None);
        await using var upstream = await RecordedUpstream.StartAsync(outcomes, new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);
        await using var ledger = Ledger.Open(Path.Combine(folder, "data"), TimeProvider.System);
        DriveReport report;
        await using (var gateway = await GatewayServer.StartAsync(
            new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = Policy(upstream.Url), Prices = PriceBook.Embedded, Clock = TimeProvider.System, Log = null },
            ledger, CancellationToken.None))
        {
            using var http = new HttpMessageInvoker(new SocketsHttpHandler());
            report = await new RecordedDrive(outcomes).RunAsync(
                new DriveOptions { Gateway = new Uri(gateway.Urls[0]), Tag = "gsm8k", Stream = stream }, http, TimeProvider.System, progress: null, CancellationToken.None);
        }

        var truth = Truth(outcomes, await ReadRowsAsync(path));
        Assert.Equal(outcomes.Rows.Count, report.Answered);
        Assert.Equal(truth.Right, report.Correct);
        Assert.Equal(truth.Climbs, report.Escalations);
        Assert.Equal(truth.Climbs, report.CallsByModel.GetValueOrDefault("gpt4"));
        Assert.Equal(outcomes.Rows.Count - truth.Climbs, report.CallsByModel.GetValueOrDefault("mixtral"));
        Assert.Equal(truth.CostNanoUsd, report.CostNanoUsd);

        var booked = await ledger.ReportAsync(new ReportQuery { By = ReportGrouping.Tag }, CancellationToken.None);
        Assert.Equal(truth.CostNanoUsd, booked.Totals.CostNanoUsd);
        Assert.Equal(outcomes.Rows.Count + truth.Climbs, booked.Totals.Attempts);
        if (expected is { } known) Assert.Equal(known, (report.Calls, truth.Climbs, report.Correct));
    }

    /// <summary>The policy that ships, pointed at this test's upstream.</summary>
    private static PolicySnapshot Policy(Uri upstream)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "policies", "gsm8k-cascade.yaml")).Replace("http://127.0.0.1:8090/v1", $"{upstream}v1", StringComparison.Ordinal);
        var compiled = PolicyCompiler.Compile(new PolicySource("gsm8k-cascade.yaml", text, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22));
        return compiled.Snapshot ?? throw new InvalidOperationException(string.Join("\n", compiled.Faults));
    }

    /// <summary>Worked out from the file alone: 600 nano-dollars a token for the weak model, 10,000 and 30,000 for the strong one.</summary>
    private static (long CostNanoUsd, int Climbs, double Right) Truth(RecordedOutcomes outcomes, Dictionary<string, JsonElement> rows)
    {
        var (cost, climbs, right) = (0L, 0, 0.0);
        foreach (var id in outcomes.Rows.Select(row => row.Id))
        {
            var models = rows[id].GetProperty("models");
            var weak = models.GetProperty("mixtral-8x7b-instruct-v0.1");
            var strong = models.GetProperty("gpt-4-1106-preview");
            cost += 600 * (Tokens(weak, "prompt_tokens") + Tokens(weak, "completion_tokens"));
            var passes = Regex.IsMatch(weak.GetProperty("response").GetString()!, Pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
            right += (passes ? weak : strong).GetProperty("correct").GetDouble();
            if (passes) continue;
            climbs++;
            cost += 10_000 * Tokens(strong, "prompt_tokens") + 30_000 * Tokens(strong, "completion_tokens");
        }
        return (cost, climbs, right);
    }

    private static long Tokens(JsonElement model, string name) => model.GetProperty(name).GetInt64();

    private static async Task<Dictionary<string, JsonElement>> ReadRowsAsync(string path)
    {
        await using var file = File.OpenRead(path);
        await using Stream text = path.EndsWith(".gz", StringComparison.Ordinal) ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Decompress) : file;
        using var reader = new StreamReader(text);
        var rows = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        while (await reader.ReadLineAsync() is { } line)
        {
            var row = JsonDocument.Parse(line).RootElement;
            rows[row.GetProperty("id").GetString()!] = row;
        }
        return rows;
    }
}
