using System.Collections.Immutable;
using System.Text.Json;
using Rung.Core.Learning;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Recorded;
using Rung.Serving;
using Rung.Storage;
using Xunit.Abstractions;

namespace Rung.Tests.Cascade;

/// <summary>One policy, one recording, two ways: through a real gateway and a real upstream over HTTP, and in process. They agree on every call.</summary>
public sealed class OfflineCascadeTests(ITestOutputHelper output) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rung-offline-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_gateway_and_the_offline_run_agree_on_every_call()
    {
        var path = Path.Combine(folder, "outcomes.jsonl");
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, 90).SelectMany(i => new[] { Sum(i), Call(i) }));

        var (gateway, offline) = await BothAsync(path, Ladder, new DriveOptions { Gateway = new Uri("http://127.0.0.1"), TagFromSource = true, ReadAttempts = true });

        Assert.True(offline.Escalations > 60, "The policy must be put to work.");
        Assert.True(offline.Errors.Values.Sum() > 0);
        Assert.Equal(gateway.Escalations, offline.Escalations);
    }

    [Theory]
    [InlineData("last_answer")]
    [InlineData("error")]
    public async Task They_agree_where_no_rung_remains(string exhausted)
    {
        var path = Path.Combine(folder, "outcomes.jsonl");
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, 40).Select(Sum));

        await BothAsync(path, url => Ladder(url).Replace("times: 2", $"times: 1, exhausted: {exhausted}", StringComparison.Ordinal),
            new DriveOptions { Gateway = new Uri("http://127.0.0.1"), Tag = "sums", ReadAttempts = true });
    }

    [Fact]
    public async Task They_agree_where_a_trained_verifier_decides()
    {
        var path = Path.Combine(folder, "outcomes.jsonl");
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, 150).Select(Sum));
        var verifier = Verifier(await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None));

        var (_, offline) = await BothAsync(
            path, url => Ladder(url).Replace("checks: [ { regex: '####\\s*-?\\d+' } ]", "checks: [ { verifier: { use: v, at_least: 0.4 } } ]", StringComparison.Ordinal) + "\nverifiers:\n  v: { trained: v.json }\n",
            new DriveOptions { Gateway = new Uri("http://127.0.0.1"), Tag = "sums", ReadAttempts = true }, file => file == "v.json" ? verifier : (ReadOnlyMemory<byte>?)null);

        Assert.InRange(offline.Escalations!.Value, 10, 140);
    }

    private static ReadOnlyMemory<byte> Verifier(RecordedOutcomes outcomes)
    {
        var rows = outcomes.Rows.Where(row => row.Of("small")!.Answer is not null).Select(row => new TrainingRow
        {
            Id = row.Id,
            Group = row.Id,
            WeakAnswer = new RecordedReply(row, row.Of("small")!, row.Of("small")!.Answer!, null, 0).ToAnswer([], OfflineCascade.ContextOf(row, default)),
            WeakQuality = row.Of("small")!.Score!.Value,
            StrongQuality = row.Of("mid")!.Score!.Value,
        }).ToArray();
        return VerifierTraining.Train(rows, new TrainingOptions { Weak = "small", Strong = "mid", Folds = 2 }).Verifier.Write(new VerifierProvenance
        {
            TrainedAt = DateTimeOffset.UnixEpoch, Label = "correct", Rows = rows.Length, Folds = 2, Seed = 1, Files = [], Metrics = ImmutableSortedDictionary<string, double>.Empty,
        });
    }

    [Fact]
    public async Task They_agree_on_the_recorded_grade_school_sums()
    {
        if (RepositoryFiles.Shared(output, "data/routellm-gsm8k/outcomes.jsonl.gz") is not { } path) return;
        var policy = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, "policies", "gsm8k-cascade.yaml"));

        var (_, offline) = await BothAsync(
            path, url => policy.Replace("http://127.0.0.1:8090/v1", $"{url}v1", StringComparison.Ordinal),
            new DriveOptions { Gateway = new Uri("http://127.0.0.1"), Tag = "gsm8k", Limit = 400, ReadAttempts = true });

        Assert.Equal(400, offline.Answered);
    }

    /// <summary>Three rungs; sums are checked by form and by how they end, tool calls by the tools that were declared.</summary>
    private static string Ladder(Uri url) => $$"""
        version: 1
        tiers:
          small: { models: [small] }
          mid: { models: [mid] }
          large: { models: [large] }
        models:
          small: { provider: openai-compatible, url: "{{url}}v1", id: small, price: { input: 0.1, output: 0.2 } }
          mid: { provider: openai-compatible, url: "{{url}}v1", id: mid, price: { input: 1, output: 3 } }
          large: { provider: openai-compatible, url: "{{url}}v1", id: large, price: { input: 10, output: 30 } }
        tags:
          sums:
            tier: small
            max_tokens: 40
            checks: [ { regex: '####\s*-?\d+' } ]
            escalate: { to: mid, on: [check_failed, truncated], times: 2 }
          calls:
            tier: small
            checks: [ { tool_calls: required } ]
            escalate: { to: large, on: [check_failed], times: 1 }
        default: { tier: large }
        """;

    private static string Sum(int i) => JsonSerializer.Serialize(new
    {
        id = $"s{i}", source = "sums", prompt = $"What is {i} and {i}? Say “####” before the answer.", gold = $"{2 * i}",
        models = new Dictionary<string, object>
        {
            ["small"] = i % 13 == 12 ? new { correct = 0 } : (object)new { correct = i % 3 == 0 ? 0 : 1, prompt_tokens = 7 + i, completion_tokens = i % 7 == 1 ? 90 : 3 + i % 20, response = i % 3 == 0 ? "I lost count." : $"#### {2 * i} {(i % 7 == 1 ? new string('x', 300) : "")}" },
            ["mid"] = new { correct = i % 5 == 0 ? 0 : 1, completion_tokens = 11, response = i % 5 == 0 ? "Who knows." : $"Surely #### {2 * i}" },
            ["large"] = i % 11 == 5 ? (object)new { correct = 1 } : new { correct = 1, prompt_tokens = 8 + i, completion_tokens = 12, response = i % 10 == 0 ? "Twice as many." : $"Easily. #### {2 * i}" },
        },
    });

    private static string Call(int i) => JsonSerializer.Serialize(new
    {
        id = $"c{i}", source = "calls", prompt = $"What is the weather in town {i}?",
        tools = """[{"name":"get.weather","description":"Now","parameters":{"type":"dict","properties":{"town":{"type":"str"}},"required":["town"]}}]""",
        models = new Dictionary<string, object>
        {
            ["small"] = new { correct = i % 2, prompt_tokens = 20, completion_tokens = 9, response = (i % 4) switch
            {
                0 => (object)"It is warm.",
                1 => new[] { new Dictionary<string, string> { ["get_weather"] = $"{{\"town\": \"{i}\"}}" } },
                2 => new[] { new Dictionary<string, string> { ["get_climate"] = "{}" } },
                _ => new[] { new Dictionary<string, string> { ["get_weather"] = "{\"town\": " } },
            } },
            ["large"] = new { correct = 1, prompt_tokens = 20, completion_tokens = 9, response = new[] { new Dictionary<string, string> { ["get_weather"] = $"{{\"town\":\"{i}\"}}" } } },
        },
    });

    private async Task<(DriveReport Gateway, DriveReport Offline)> BothAsync(string path, Func<Uri, string> policy, DriveOptions options, Func<string, ReadOnlyMemory<byte>?>? files = null)
    {
        var outcomes = await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None);
        await using var upstream = await RecordedUpstream.StartAsync(outcomes, new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"] }, CancellationToken.None);
        await using var ledger = Ledger.Open(Path.Combine(folder, "data"), TimeProvider.System);
        var compiled = PolicyCompiler.Compile(new PolicySource("policy.yaml", policy(upstream.Url), files ?? (_ => null)), PriceBook.Embedded, new DateOnly(2026, 11, 22));
        var snapshot = compiled.Snapshot ?? throw new InvalidOperationException(string.Join("\n", compiled.Faults));
        await using var gateway = await GatewayServer.StartAsync(
            new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = snapshot, Prices = PriceBook.Embedded, Clock = TimeProvider.System, Log = null }, ledger, CancellationToken.None);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());

        var (served, calls) = await new RecordedDrive(outcomes).RunCallsAsync(options with { Gateway = new Uri(gateway.Urls[0]) }, http, TimeProvider.System, progress: null, CancellationToken.None);
        var offline = new OfflineDrive(outcomes).Run(snapshot, "policy.yaml", options, DateTimeOffset.UtcNow, out var decided);

        Assert.Equal(calls.Count, decided.Count);
        foreach (var (through, without) in calls.Zip(decided.Select(one => one.Call))) Assert.Equal(Words(through), Words(without));
        output.WriteLine($"{calls.Count} calls, {offline.Escalations} climbed, {offline.Errors.Values.Sum()} errors: the same both ways.");
        return (served, offline);
    }

    /// <summary>All that is decided about a call, as one line.</summary>
    private static string Words(DriveCall call) =>
        $"{call.Row.Id}: {call.Error ?? $"{call.Tier}/{call.Model}"}, {call.Escalations} climbs, {string.Join(" > ", call.Attempts!.Select(attempt => $"{attempt.Kind?.ToLowerInvariant()} {attempt.Model}"))}, "
        + $"grade {call.Grade?.Score} {call.Grade?.Source}, cost {call.CostNanoUsd}, baseline {(call.Error is null ? call.BaselineNanoUsd : null)}";
}
