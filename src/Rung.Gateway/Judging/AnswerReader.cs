using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Rung.Core.Checks;

namespace Rung.Gateway.Judging;

/// <summary>Reads the choices of a reply as answers that checks can judge. Runs once per attempt of a checked route.</summary>
internal static class AnswerReader
{
    /// <summary>From a whole JSON reply.</summary>
    /// <returns>Null when it has no readable choice.</returns>
    public static List<Answer>? FromReply(ReadOnlyMemory<byte> reply, ImmutableArray<string> declaredTools)
    {
        try
        {
            using var document = JsonDocument.Parse(reply, new JsonDocumentOptions { MaxDepth = 256 });
            if (!document.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array) return null;
            var answers = new List<Answer>(choices.GetArrayLength());
            foreach (var choice in choices.EnumerateArray())
            {
                var draft = new AnswerDraft();
                if (choice.TryGetProperty("message", out var message)) draft.Add(message);
                draft.Finish(choice);
                answers.Add(draft.ToAnswer(declaredTools));
            }
            return answers.Count == 0 ? null : answers;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>From a whole held stream: the deltas of each choice put together, as a client would.</summary>
    /// <returns>Null when it has no readable choice.</returns>
    public static List<Answer>? FromStream(ReadOnlyMemory<byte> stream, ImmutableArray<string> declaredTools)
    {
        var drafts = new SortedDictionary<int, AnswerDraft>();
        var left = stream;
        while (!left.IsEmpty)
        {
            var end = left.Span.IndexOf((byte)'\n');
            var line = end < 0 ? left : left[..end];
            left = end < 0 ? default : left[(end + 1)..];
            var data = line.Span.TrimEnd((byte)'\r');
            if (!data.StartsWith("data:"u8)) continue;
            if (data[5..].TrimStart((byte)' ').StartsWith("[DONE]"u8)) break;
            if (!AddEvent(drafts, line[5..data.Length])) return null;
        }
        return drafts.Count == 0 ? null : [.. drafts.Values.Select(draft => draft.ToAnswer(declaredTools))];
    }

    /// <summary>Names of the tools that a request declares, from the bytes of its <c>tools</c> field.</summary>
    public static ImmutableArray<string> DeclaredTools(ReadOnlyMemory<byte> tools)
    {
        if (tools.IsEmpty) return [];
        using var document = JsonDocument.Parse(tools, new JsonDocumentOptions { MaxDepth = 256 });
        if (document.RootElement.ValueKind != JsonValueKind.Array) return [];
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var tool in document.RootElement.EnumerateArray())
        {
            if (tool.ValueKind != JsonValueKind.Object) continue;
            foreach (var kind in (ReadOnlySpan<string>)["function", "custom"])
            {
                if (tool.TryGetProperty(kind, out var body) && body.ValueKind == JsonValueKind.Object
                    && body.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String) names.Add(name.GetString()!);
            }
        }
        return names.ToImmutable();
    }

    private static bool AddEvent(SortedDictionary<int, AnswerDraft> drafts, ReadOnlyMemory<byte> data)
    {
        try
        {
            using var document = JsonDocument.Parse(data, new JsonDocumentOptions { MaxDepth = 256 });
            if (!document.RootElement.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array) return true;
            foreach (var choice in choices.EnumerateArray())
            {
                var index = choice.TryGetProperty("index", out var place) && place.TryGetInt32(out var number) ? number : 0;
                if (!drafts.TryGetValue(index, out var draft)) drafts[index] = draft = new AnswerDraft();
                if (choice.TryGetProperty("delta", out var delta)) draft.Add(delta);
                draft.Finish(choice);
            }
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>One choice as it grows: a message is added whole, a stream delta by delta.</summary>
    private sealed class AnswerDraft
    {
        private readonly StringBuilder content = new();
        private readonly SortedDictionary<int, (string Name, StringBuilder Arguments)> tools = [];
        private string? finishReason;
        private bool refused;

        public void Add(JsonElement part)
        {
            if (part.ValueKind != JsonValueKind.Object) return;
            if (part.TryGetProperty("content", out var text)) AddContent(text);
            if (part.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String && refusal.GetString()!.Length > 0) refused = true;
            if (!part.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array) return;
            var place = 0;
            foreach (var call in calls.EnumerateArray()) AddTool(call, place++);
        }

        public void Finish(JsonElement choice)
        {
            if (choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String) finishReason = reason.GetString();
        }

        public Answer ToAnswer(ImmutableArray<string> declaredTools) => new()
        {
            Content = Encoding.UTF8.GetBytes(content.ToString()),
            FinishReason = finishReason,
            Refused = refused,
            ToolCalls = [.. tools.Values.Select(tool => new ToolCall(tool.Name, Encoding.UTF8.GetBytes(tool.Arguments.ToString())))],
            DeclaredTools = declaredTools,
        };

        /// <summary>Text, or a list of parts of which the texts count (Mistral's thinking models).</summary>
        private void AddContent(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.String) content.Append(value.GetString());
            if (value.ValueKind != JsonValueKind.Array) return;
            foreach (var part in value.EnumerateArray())
            {
                if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
                    content.Append(text.GetString());
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
                if (body.TryGetProperty("arguments", out var text) && text.ValueKind == JsonValueKind.String) tool.Arguments.Append(text.GetString());
            }
            tools[index] = tool;
        }
    }
}
