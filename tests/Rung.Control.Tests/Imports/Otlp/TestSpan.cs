using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rung.Control.Tests.Imports.Otlp;

/// <summary>A span to be written as OTLP's JSON.</summary>
internal sealed record TestSpan
{
    public string Trace { get; init; } = "00000000000000000000000000000001";
    public required string Id { get; init; }
    public string Parent { get; init; } = "";
    public string Name { get; init; } = "chat gpt-5";
    /// <summary>Milliseconds after an arbitrary moment.</summary>
    public int Start { get; init; }
    public int End { get; init; } = 100;
    public Dictionary<string, object> Attributes { get; init; } = [];

    /// <summary>A model call with usage.</summary>
    public static TestSpan Call(string id, string parent = "", int start = 0, int input = 100, int output = 10) => new()
    {
        Id = id, Parent = parent, Start = start, End = start + 5,
        Attributes = new() { ["gen_ai.operation.name"] = "chat", ["gen_ai.provider.name"] = "openai", ["gen_ai.request.model"] = "gpt-5", ["gen_ai.usage.input_tokens"] = input, ["gen_ai.usage.output_tokens"] = output },
    };

    public TestSpan With(params (string Key, object Value)[] attributes)
    {
        var all = new Dictionary<string, object>(Attributes);
        foreach (var (key, value) in attributes) all[key] = value;
        return this with { Attributes = all };
    }

    public JsonObject ToJson()
    {
        const long Moment = 1_790_000_000_000;
        return new JsonObject
        {
            ["traceId"] = Trace, ["spanId"] = Id, ["parentSpanId"] = Parent, ["name"] = Name, ["kind"] = 3,
            ["startTimeUnixNano"] = $"{Moment + Start}000000", ["endTimeUnixNano"] = $"{Moment + End}000000",
            ["attributes"] = new JsonArray([.. Attributes.Select(attribute => new JsonObject { ["key"] = attribute.Key, ["value"] = Value(attribute.Value) })]),
        };
    }

    public static string Export(params IEnumerable<TestSpan> spans) => new JsonObject
    {
        ["resourceSpans"] = new JsonArray(new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = new JsonArray() },
            ["scopeSpans"] = new JsonArray(new JsonObject { ["spans"] = new JsonArray([.. spans.Select(span => span.ToJson())]) }),
        }),
    }.ToJsonString();

    private static JsonObject Value(object value) => value switch
    {
        int whole => new JsonObject { ["intValue"] = whole.ToString() },
        double real => new JsonObject { ["doubleValue"] = real },
        bool truth => new JsonObject { ["boolValue"] = truth },
        JsonNode node => node.Deserialize<JsonObject>()!,
        _ => new JsonObject { ["stringValue"] = (string)value },
    };
}
