using System.Globalization;
using System.Text.Json;

namespace Rung.Control.Imports.Otlp.Evaluations;

/// <summary>Finds evaluations in OTLP's JSON, of traces and of logs. What is of another kind than the protocol says is passed over.</summary>
internal static class EvaluationJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, MaxDepth = 128 };

    /// <exception cref="FormatException">It is no JSON.</exception>
    public static void Read(ReadOnlyMemory<byte> body, EvaluationDraft draft)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            foreach (var resource in Items(document.RootElement, "resourceSpans")) ReadResource(resource, "scopeSpans", "spans", draft, ReadSpan);
            foreach (var resource in Items(document.RootElement, "resourceLogs")) ReadResource(resource, "scopeLogs", "logRecords", draft, ReadLog);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // Half of a surrogate pair in a text is the second.
        {
            throw new FormatException("The body is no JSON of OTLP.", e);
        }
    }

    private static void ReadResource(JsonElement resource, string scopes, string items, EvaluationDraft draft, Action<JsonElement, EvaluationDraft> read)
    {
        draft.Resource.Clear();
        if (Member(resource, "resource") is { } told) ReadAttributes(told, draft.Resource);
        foreach (var scope in Items(resource, scopes))
        {
            foreach (var item in Items(scope, items)) read(item, draft);
        }
    }

    private static void ReadSpan(JsonElement span, EvaluationDraft draft)
    {
        var events = Items(span, "events");
        if (!events.Any()) return;
        draft.Span.Clear();
        ReadAttributes(span, draft.Span);
        (draft.Trace, draft.SpanId) = (Text(span, "traceId") ?? "", Text(span, "spanId") ?? "");
        var ordinal = 0;
        foreach (var item in events)
        {
            draft.Event.Clear();
            ReadAttributes(item, draft.Event);
            draft.Nanos = Nanos(item, "timeUnixNano");
            draft.EndEvent(Text(item, "name"), ordinal++);
        }
    }

    private static void ReadLog(JsonElement log, EvaluationDraft draft)
    {
        draft.Span.Clear();
        draft.Event.Clear();
        ReadAttributes(log, draft.Event);
        (draft.Trace, draft.SpanId) = (Text(log, "traceId") ?? "", Text(log, "spanId") ?? "");
        draft.Nanos = Nanos(log, "timeUnixNano") is > 0 and var time ? time : Nanos(log, "observedTimeUnixNano");
        draft.EndLog(Text(log, "eventName") is { Length: > 0 } name ? name : null);
    }

    private static void ReadAttributes(JsonElement owner, EvaluationAttributes attributes)
    {
        foreach (var attribute in Items(owner, "attributes"))
        {
            if (Text(attribute, "key") is not { } key || !EvaluationAttributes.Wants(key) || Member(attribute, "value") is not { ValueKind: JsonValueKind.Object } value) continue;
            foreach (var member in value.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.String) attributes.Set(key, member.Value.GetString());
                else if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDouble(out var number)) attributes.Set(key, number);
                else if (member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False) attributes.Set(key, member.Value.GetBoolean() ? "true" : "false");
            }
        }
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;

    private static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static ulong Nanos(JsonElement owner, string name) => Member(owner, name) switch
    {
        { ValueKind: JsonValueKind.String } text when ulong.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var nanos) => nanos,
        { ValueKind: JsonValueKind.Number } number when number.TryGetUInt64(out var nanos) => nanos,
        _ => 0,
    };
}
