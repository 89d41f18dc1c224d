using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Imports;

namespace Rung.Control.Tests.Imports;

/// <summary>Whatever stands in a field, a reader gives a call or one of the agreed faults.</summary>
public sealed class MutatedRecordsTests
{
    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-1", "1.5", "1e30", "-1e-30", "1e999", "9999999999999999999", "123456789012345678901234567890", "\"\"", "\" \"", "\"x\"", "\"NaN\"", "\"-5\"",
        "\"1e30\"", "\"\\ud800\"", "\"\\u0000\"", "\"2026-13-45T99:99:99\"", "\"0001-01-01\"", "\"9999-12-31T23:59:59.999999999-14:00\"", "[]", "[null]", "[1,\"a\",{}]", "[[[[[[[]]]]]]]",
        "{}", "{\"a\":1}", "{\"value\":[]}", "\"{\"", "\"[1\"", "\"{}\"", "\"[{}]\"", "\"" + "\uD83D\uDE00" + "\"", "\"sk-live\"",
    ];

    [Theory]
    [InlineData("litellm", "litellm/spend-logs.json")]
    [InlineData("litellm", "litellm/payload.jsonl")]
    [InlineData("litellm", "litellm/daily-user.json")]
    [InlineData("langfuse", "langfuse/observations-v2.json")]
    [InlineData("langfuse", "langfuse/observations.jsonl")]
    [InlineData("langfuse", "langfuse/traces.jsonl")]
    [InlineData("langfuse", "langfuse/scores.jsonl")]
    [InlineData("helicone", "helicone/requests.jsonl")]
    [InlineData("tensorzero", "tensorzero/model_inferences.jsonl")]
    [InlineData("tensorzero", "tensorzero/inferences.jsonl")]
    [InlineData("tensorzero", "tensorzero/feedback.jsonl")]
    [InlineData("bifrost", "bifrost/logs.json")]
    [InlineData("openrouter", "openrouter/activity.json")]
    [InlineData("openrouter", "openrouter/generation.json")]
    [InlineData("table", "table/nested.jsonl")]
    public void A_mutated_record_is_read_or_refused_and_nothing_else(string format, string sample)
    {
        var records = Records(File.ReadAllText(Imported.PathOf(sample)));
        var reading = LogFormats.All.Single(candidate => candidate.Name == format);
        var mutation = from record in Gen.Choose(0, records.Count - 1)
                       from places in Gen.Choose(0, 1_000_000).ArrayOf(2)
                       from values in Gen.Choose(0, s_values.Length - 1).ArrayOf(2)
                       select (record, places, values);

        Prop.ForAll(mutation.ToArbitrary(), chosen =>
        {
            var text = records[chosen.record];
            for (var i = 0; i < 2; i++) text = Mutate(text, chosen.places[i], s_values[chosen.values[i]]);
            return ReadsOrRefuses(reading, text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    private static bool ReadsOrRefuses(ILogFormat format, string text)
    {
        var reader = format.CreateReader(new ImportContext());
        var sink = new Taken();
        reader.BeginFile(new LogFile("x", null));
        try
        {
            reader.Read(new LogRecord { Line = 1, Bytes = Encoding.UTF8.GetBytes(text), Shape = LogShape.Json }, sink);
        }
        catch (Exception e) when (e is LogRecordException or JsonException or FormatException or InvalidOperationException)
        {
        }
        reader.EndFile(sink);
        reader.Complete(sink);
        // What is taken holds to its own rules.
        return sink.Calls.All(call => call.Key.Length > 0 && call.Usage.CacheRead + call.Usage.CacheWrite + call.Usage.CacheWriteLong <= call.Usage.Input && call.Usage.Reasoning <= call.Usage.Output
            && call.LatencyMicros is null or >= 0 && call.ReportedCostNanoUsd is null or >= 0 && (call.Tag is null || call.Tag.Length <= 64)
            && call.Team?.StartsWith("sk-", StringComparison.Ordinal) != true);
    }

    // The value stands in as raw text, because some of them (half a surrogate pair, an endless number) no writer would write.
    private static string Mutate(string text, int place, string value)
    {
        const string Mark = "@@mutated@@";
        JsonNode root;
        try
        {
            root = JsonNode.Parse(text)!;
            var places = new List<Action>();
            Collect(root, places, Mark);
            if (places.Count == 0) return text;
            places[place % places.Count]();
            return root.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return text; // The first mutation made it unreadable: that is the case then.
        }
    }

    private static void Collect(JsonNode? node, List<Action> places, string mark)
    {
        if (node is JsonObject map)
        {
            foreach (var name in map.Select(member => member.Key).ToList())
            {
                places.Add(() => map[name] = mark);
                Collect(map[name], places, mark);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                var at = i;
                places.Add(() => list[at] = mark);
                Collect(list[i], places, mark);
            }
        }
    }

    private static List<string> Records(string text)
    {
        if (text.StartsWith('[')) return [.. JsonNode.Parse(text)!.AsArray().Select(node => node!.ToJsonString())];
        if (text.TrimEnd().IndexOf('\n') < 0 || text.Contains("\n \"", StringComparison.Ordinal))
        {
            var whole = JsonNode.Parse(text)!;
            return whole["data"] is JsonArray page ? [.. page.Select(node => node!.ToJsonString())] : [whole.ToJsonString()];
        }
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private sealed class Taken : IImportSink
    {
        public List<ImportedCall> Calls { get; } = [];
        public void Add(ImportedCall call) => Calls.Add(call);
        public void Leave(LeftOut reason, int count = 1) { }
        public void Fault(string message) { }
        public void Note(string message) { }
    }
}
