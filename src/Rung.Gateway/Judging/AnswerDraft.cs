using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Rung.Core.Checks;

namespace Rung.Gateway.Judging;

/// <summary>One choice as it grows: a message is added whole, a stream delta by delta.</summary>
internal sealed class AnswerDraft
{
    private readonly StringBuilder content = new();
    private readonly SortedDictionary<int, (string Name, StringBuilder Arguments)> tools = [];
    private string? finishReason;
    private bool refused;

    public void Add(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object) return;
        if (part.TryGetProperty("content", out var text)) AddContent(text);
        if (part.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String && !refusal.ValueEquals(""u8)) refused = true;
        if (!part.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array) return;
        var place = 0;
        foreach (var call in calls.EnumerateArray()) AddTool(call, place++);
    }

    public void Finish(JsonElement choice)
    {
        if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String) finishReason = reason.GetString();
    }

    /// <summary>Characters of text and arguments so far.</summary>
    public long Length => content.Length + tools.Values.Sum(tool => (long)tool.Arguments.Length);

    public Answer ToAnswer(ImmutableArray<string> declaredTools, CallContext? context) => new()
    {
        Content = Encoding.UTF8.GetBytes(content.ToString()),
        FinishReason = finishReason,
        Refused = refused,
        ToolCalls = [.. tools.Values.Select(tool => new ToolCall(tool.Name, Encoding.UTF8.GetBytes(tool.Arguments.ToString())))],
        DeclaredTools = declaredTools,
        Context = context,
    };

    /// <summary>Text, or a list of parts of which the texts count (Mistral's thinking models).</summary>
    private void AddContent(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) content.Append(JsonHalves.Text(value));
        if (value.ValueKind != JsonValueKind.Array) return;
        foreach (var part in value.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
                content.Append(JsonHalves.Text(text));
        }
    }

    /// <summary>Fragments belong together by <c>index</c>; a whole message has none, there the place counts.</summary>
    private void AddTool(JsonElement call, int place)
    {
        if (call.ValueKind != JsonValueKind.Object) return;
        var index = call.TryGetProperty("index", out var given) && given.TryGetInt32(out var number) ? number : place;
        if (!tools.TryGetValue(index, out var tool)) tool = ("", new StringBuilder());
        foreach (var kind in (ReadOnlySpan<string>)["function", "custom"])
        {
            if (!call.TryGetProperty(kind, out var body) || body.ValueKind != JsonValueKind.Object) continue;
            if (body.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String) tool.Name = tool.Name.Length == 0 ? name.GetString()! : tool.Name;
            if (body.TryGetProperty("arguments", out var text) && text.ValueKind == JsonValueKind.String) tool.Arguments.Append(JsonHalves.Text(text));
        }
        tools[index] = tool;
    }
}
