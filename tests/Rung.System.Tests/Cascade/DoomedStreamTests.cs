using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Recorded;
using Rung.Serving;
using Rung.Storage;
using Xunit.Abstractions;

namespace Rung.Tests.Cascade;

/// <summary>
/// Structured answers, half of them spoiled in the ways models spoil them, streamed at a steady pace through a real gateway whose schema check watches.
/// The same answers asked for whole give what waiting for the end costs.
/// </summary>
public sealed class DoomedStreamTests(ITestOutputHelper output) : IDisposable
{
    private const string Weak = "weak";
    private const string Strong = "strong";
    private static readonly string[] s_spoilings = ["prose before it", "a fence around it", "another name for the list", "arguments as text", "a field too many"];
    private readonly string folder = Directory.CreateTempSubdirectory("rung-doomed-").FullName;

    private const string Schema = """
        { "type": "object", "required": ["calls"], "additionalProperties": false, "properties": { "calls": { "type": "array", "minItems": 1, "items": {
          "type": "object", "required": ["name", "arguments"], "additionalProperties": false,
          "properties": { "name": { "type": "string", "maxLength": 128 }, "arguments": { "type": "object" } } } } } }
        """;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_doomed_stream_climbs_at_once_and_what_came_of_it_is_booked()
    {
        var answers = Enumerable.Range(0, 40).Select(i => (Prompt: $"Plan trip {i}.", Calls: Calls("book", new JsonObject { ["city"] = $"City {i}", ["nights"] = i, ["note"] = new string('x', 200) }))).ToList();

        await CompareAsync(answers, TimeSpan.FromMilliseconds(2));
    }

    [Fact]
    public async Task Recorded_tool_calls_that_were_spoiled_are_given_up_early()
    {
        if (RepositoryFiles.Shared(output, "data/bfcl-2024-08/outcomes.jsonl.gz") is not { } path) return;
        var recorded = await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None);
        var answers = new List<(string, JsonArray)>();
        foreach (var row in recorded.Rows)
        {
            if (row.Of("gpt-4o-mini-2024-07-18-FC")?.Answer is { ToolCalls.Length: > 0 } answer && Read(answer) is { } calls) answers.Add((row.Prompt, calls));
        }

        await CompareAsync([.. answers.OrderByDescending(answer => answer.Item2.ToJsonString().Length).Take(150)], TimeSpan.FromMilliseconds(5));
    }

    private async Task CompareAsync(List<(string Prompt, JsonArray Calls)> answers, TimeSpan pace)
    {
        var lines = answers.Select((answer, i) => Row(i, answer.Prompt, Text(answer.Calls), Spoilt(answer.Calls, i))).ToList();
        var path = Path.Combine(folder, "outcomes.jsonl");
        await File.WriteAllLinesAsync(path, lines);
        var outcomes = await RecordedOutcomes.ReadAsync([path], [], CancellationToken.None);
        var spoilt = Enumerable.Range(0, answers.Count).Count(i => i % 2 == 1);

        var watched = await RunAsync(outcomes, pace, stream: true);
        var waited = await RunAsync(outcomes, pace, stream: false);

        Assert.Equal(outcomes.Rows.Count, watched.Report.Correct);
        Assert.Equal((spoilt, spoilt), (watched.Report.Escalations, waited.Report.Escalations));
        var doomed = watched.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.Doomed).ToList();
        var failed = waited.Attempts.Where(attempt => attempt.Outcome == AttemptOutcome.CheckFailed).ToList();
        Assert.Equal((spoilt, spoilt), (doomed.Count, failed.Count));
        Assert.All(doomed, attempt => Assert.True(attempt is { CostNanoUsd: > 0, Checks: [{ Passed: false, Detail: not null }] }));
        Assert.All(watched.Attempts.Where(attempt => attempt.Model == Strong), attempt => Assert.Equal(AttemptOutcome.Completed, attempt.Outcome));
        Assert.True(doomed.Sum(attempt => attempt.Usage.Output) < failed.Sum(attempt => attempt.Usage.Output));

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{answers.Count} answers, {spoilt} spoiled; 8 characters each {pace.TotalMilliseconds:0} ms. Output tokens of the spoiled: {failed.Sum(attempt => attempt.Usage.Output)} waited for, "
            + $"{doomed.Sum(attempt => attempt.Usage.Output)} when watched. Time at the weak model: {failed.Average(attempt => attempt.LatencyMicros) / 1000:0} ms waited, "
            + $"{doomed.Average(attempt => attempt.LatencyMicros) / 1000:0} ms watched (mean). The ledger's own estimate: {doomed.Sum(attempt => attempt.SavedTokens ?? 0)} tokens, "
            + $"{doomed.Sum(attempt => attempt.SavedMicros ?? 0) / 1000.0 / spoilt:0} ms each ({doomed.Count(attempt => attempt.SavedTokens is not null)} of {spoilt} had something to compare with)."));
    }

    private async Task<(DriveReport Report, List<AttemptRecord> Attempts)> RunAsync(RecordedOutcomes outcomes, TimeSpan pace, bool stream)
    {
        var options = new RecordedUpstreamOptions { Urls = ["http://127.0.0.1:0"], ChunkChars = 8, Pace = pace };
        await using var upstream = await RecordedUpstream.StartAsync(outcomes, options, CancellationToken.None);
        await using var ledger = Ledger.Open(Path.Combine(folder, stream ? "watched" : "waited"), TimeProvider.System);
        DriveReport report;
        await using (var gateway = await GatewayServer.StartAsync(
            new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = Policy(upstream.Url), Prices = PriceBook.Embedded, Clock = TimeProvider.System, Log = null },
            ledger, CancellationToken.None))
        {
            using var http = new HttpMessageInvoker(new SocketsHttpHandler());
            report = await new RecordedDrive(outcomes).RunAsync(
                new DriveOptions { Gateway = new Uri(gateway.Urls[0]), Tag = "plan", Stream = stream, Concurrency = 4 }, http, TimeProvider.System, progress: null, CancellationToken.None);
        }
        var attempts = new List<AttemptRecord>();
        await foreach (var call in ledger.ReadAsync(new CallQuery(), CancellationToken.None)) attempts.AddRange(call.Attempts);
        return (report, attempts);
    }

    private static PolicySnapshot Policy(Uri upstream)
    {
        var text = $$"""
            version: 1
            tiers: { small: { models: [weak] }, large: { models: [strong] } }
            models:
              weak: { provider: openai-compatible, url: "{{upstream}}v1", id: weak, price: { input: 0.6, output: 0.6 } }
              strong: { provider: openai-compatible, url: "{{upstream}}v1", id: strong, price: { input: 10, output: 30 } }
            tags:
              plan: { tier: small, checks: [ { schema: calls.json } ], escalate: { to: large } }
            default: { tier: large }
            """;
        var compiled = PolicyCompiler.Compile(new PolicySource("doomed.yaml", text, _ => Encoding.UTF8.GetBytes(Schema)), PriceBook.Embedded, new DateOnly(2026, 11, 22));
        return compiled.Snapshot ?? throw new InvalidOperationException(string.Join("\n", compiled.Faults));
    }

    private static string Row(int i, string prompt, string good, string weak) => Line(i, prompt, new JsonObject
    {
        [Weak] = new JsonObject { ["correct"] = good == weak ? 1 : 0, ["prompt_tokens"] = 40, ["response"] = weak },
        [Strong] = new JsonObject { ["correct"] = 1, ["prompt_tokens"] = 40, ["response"] = good },
    });

    private static string Line(int i, string prompt, JsonObject models) =>
        new JsonObject { ["id"] = $"plan/{i}", ["source"] = "plan", ["split_hint"] = "", ["prompt"] = prompt, ["models"] = models }.ToJsonString();

    /// <summary>Every second answer, in one of five ways.</summary>
    private static string Spoilt(JsonArray calls, int i)
    {
        var text = Text(calls);
        if (i % 2 == 0) return text;
        switch (i / 2 % s_spoilings.Length)
        {
            case 0: return $"Here are the calls you asked for: {text}";
            case 1: return $"```json\n{text}\n```";
            case 2: return text.Replace("{\"calls\":", "{\"tool_calls\":", StringComparison.Ordinal);
            default:
                var last = (JsonObject)calls[^1]!.DeepClone();
                if (i / 2 % s_spoilings.Length == 3) last["arguments"] = last["arguments"]!.ToJsonString();
                else last.Insert(1, "confidence", JsonValue.Create(0.9));
                return Text(new JsonArray([.. calls.Take(calls.Count - 1).Select(call => call!.DeepClone()), last]));
        }
    }

    private static string Text(JsonArray calls) => new JsonObject { ["calls"] = calls.DeepClone() }.ToJsonString();

    private static JsonArray Calls(string name, JsonObject arguments) => [new JsonObject { ["name"] = name, ["arguments"] = arguments }];

    private static JsonArray? Read(RecordedAnswer answer)
    {
        var calls = new JsonArray();
        foreach (var call in answer.ToolCalls)
        {
            try
            {
                if (JsonNode.Parse(call.Arguments) is not JsonObject arguments) return null;
                calls.Add(new JsonObject { ["name"] = call.Name, ["arguments"] = arguments });
            }
            catch (JsonException)
            {
                return null;
            }
        }
        return calls;
    }
}
