using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rung.Gateway.Judging;

namespace Rung.Gateway.Recording;

/// <summary>The assistant's message of the first choice of an answer: role, text, refusal and tool calls, from a reply or from the deltas of a stream.</summary>
internal sealed class HeardMessage
{
    private static readonly JsonDocumentOptions s_reading = new() { MaxDepth = 256 };
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 260 };

    private readonly StringBuilder content = new();
    private readonly StringBuilder refusal = new();
    private readonly SortedDictionary<int, ToolDraft> tools = [];
    private string? parts; // Content that is a list, as it was written.
    private bool hasContent;

    /// <summary>Reads an answer.</summary>
    /// <returns>Null when it has no readable choice.</returns>
    public static byte[]? Of(HeardAnswer answer)
    {
        try
        {
            var message = new HeardMessage();
            var isRead = answer.IsStream ? message.Stream(answer.Bytes) : message.Event(answer.Bytes, "message"u8);
            return isRead ? message.ToJson() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool Stream(ReadOnlyMemory<byte> events)
    {
        var isRead = false;
        while (!events.IsEmpty)
        {
            var end = events.Span.IndexOf((byte)'\n');
            var line = end < 0 ? events : events[..end];
            events = end < 0 ? default : events[(end + 1)..];
            var length = line.Span.TrimEnd((byte)'\r').Length;
            if (!line.Span.StartsWith("data:"u8)) continue;
            if (line.Span[5..].TrimStart((byte)' ').StartsWith("[DONE]"u8)) break;
            isRead |= Event(line[5..length], "delta"u8);
        }
        return isRead;
    }

    private bool Event(ReadOnlyMemory<byte> json, ReadOnlySpan<byte> member)
    {
        using var document = JsonDocument.Parse(json, s_reading);
        if (!document.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array) return false;
        var isRead = false;
        var place = 0;
        foreach (var choice in choices.EnumerateArray())
        {
            var index = choice.TryGetProperty("index", out var given) && given.TryGetInt32(out var number) ? number : place;
            place++;
            if (index != 0) continue;
            isRead = true;
            if (choice.TryGetProperty(member, out var part) && part.ValueKind == JsonValueKind.Object) Add(part);
        }
        return isRead;
    }

    private void Add(JsonElement part)
    {
        if (part.TryGetProperty("content", out var text))
        {
            if (text.ValueKind == JsonValueKind.String)
            {
                hasContent = true;
                content.Append(JsonHalves.Text(text));
            }
            else if (text.ValueKind == JsonValueKind.Array) AddParts(text);
        }
        if (part.TryGetProperty("refusal", out var refused) && refused.ValueKind == JsonValueKind.String) refusal.Append(JsonHalves.Text(refused));
        if (!part.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array) return;
        var place = 0;
        foreach (var call in calls.EnumerateArray()) AddTool(call, place++);
    }

    // A list of parts comes whole in a reply; in a stream its texts are added up.
    private void AddParts(JsonElement list)
    {
        hasContent = true;
        parts ??= list.GetRawText();
        foreach (var part in list.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String) content.Append(JsonHalves.Text(text));
        }
    }

    private void AddTool(JsonElement call, int place)
    {
        if (call.ValueKind != JsonValueKind.Object) return;
        var index = call.TryGetProperty("index", out var given) && given.TryGetInt32(out var number) ? number : place;
        if (!tools.TryGetValue(index, out var tool)) tools[index] = tool = new ToolDraft();
        if (call.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String) tool.Id ??= id.GetString();
        foreach (var kind in (ReadOnlySpan<string>)["function", "custom"])
        {
            if (!call.TryGetProperty(kind, out var body) || body.ValueKind != JsonValueKind.Object) continue;
            tool.Kind = kind;
            if (body.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String) tool.Name ??= name.GetString();
            var input = kind == "custom" ? "input" : "arguments";
            if (body.TryGetProperty(input, out var text) && text.ValueKind == JsonValueKind.String) tool.Arguments.Append(JsonHalves.Text(text));
        }
    }

    private byte[] ToJson()
    {
        var into = new ArrayBufferWriter<byte>(content.Length + 256);
        using (var writer = new Utf8JsonWriter(into, s_writing))
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, "assistant"u8);
            writer.WritePropertyName("content"u8);
            if (!hasContent) writer.WriteNullValue();
            else if (parts is not null && content.Length == 0) writer.WriteRawValue(parts);
            else writer.WriteStringValue(content.ToString());
            if (refusal.Length > 0) writer.WriteString("refusal"u8, refusal.ToString());
            if (tools.Count > 0) WriteTools(writer);
            writer.WriteEndObject();
        }
        return into.WrittenSpan.ToArray();
    }

    private void WriteTools(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("tool_calls"u8);
        foreach (var tool in tools.Values)
        {
            writer.WriteStartObject();
            if (tool.Id is not null) writer.WriteString("id"u8, tool.Id);
            writer.WriteString("type"u8, tool.Kind);
            writer.WriteStartObject(tool.Kind);
            writer.WriteString("name"u8, tool.Name ?? "");
            writer.WriteString(tool.Kind == "custom" ? "input" : "arguments", tool.Arguments.ToString());
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private sealed class ToolDraft
    {
        public string? Id;
        public string? Name;
        public string Kind = "function";
        public readonly StringBuilder Arguments = new();
    }
}
