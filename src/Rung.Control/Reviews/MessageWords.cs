using System.Text;
using System.Text.Json;

namespace Rung.Control.Reviews;

/// <summary>What people read of a message in the form of chat completions: its text, and its tool calls in words.</summary>
public static class MessageWords
{
    /// <summary>The words of a message. What is no JSON object gives a note in brackets, never an exception.</summary>
    public static string Of(ReadOnlyMemory<byte> message)
    {
        if (message.IsEmpty) return "[no answer]";
        try
        {
            using var document = JsonDocument.Parse(message);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Of(document.RootElement) : document.RootElement.GetRawText();
        }
        catch (JsonException)
        {
            return "[unreadable]";
        }
    }

    /// <summary>The words of one message.</summary>
    public static string Of(JsonElement message)
    {
        var text = new StringBuilder();
        if (message.TryGetProperty("content", out var content)) Content(text, content);
        if (message.TryGetProperty("refusal", out var refusal) && refusal.ValueKind == JsonValueKind.String) Line(text, "[refusal] " + refusal.GetString());
        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            foreach (var call in calls.EnumerateArray()) Line(text, ToolCall(call));
        }
        return text.Length == 0 ? "[empty]" : text.ToString();
    }

    /// <summary>The messages of a request, in order.</summary>
    /// <returns>Role and words of each; empty when there are none.</returns>
    public static IReadOnlyList<ReviewMessage> Conversation(ReadOnlyMemory<byte> request)
    {
        try
        {
            using var document = JsonDocument.Parse(request);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array) return [];
            return [.. messages.EnumerateArray().Where(message => message.ValueKind == JsonValueKind.Object).Select(message => new ReviewMessage(
                message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String ? role.GetString()! : "?", Of(message)))];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static void Content(StringBuilder text, JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String) Line(text, content.GetString()!);
        if (content.ValueKind != JsonValueKind.Array) return;
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind != JsonValueKind.Object) continue;
            if (part.TryGetProperty("text", out var words) && words.ValueKind == JsonValueKind.String) Line(text, words.GetString()!);
            else Line(text, part.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? $"[{type.GetString()}]" : "[part without text]");
        }
    }

    private static string ToolCall(JsonElement call)
    {
        if (call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object) return "[tool call]";
        var name = function.TryGetProperty("name", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : "?";
        var arguments = !function.TryGetProperty("arguments", out var given) ? "" : given.ValueKind == JsonValueKind.String ? given.GetString() : given.GetRawText();
        return $"[tool call] {name}({arguments})";
    }

    private static void Line(StringBuilder text, string? words)
    {
        if (string.IsNullOrEmpty(words)) return;
        if (text.Length > 0) text.Append('\n');
        text.Append(words);
    }
}

/// <summary>One message of a conversation, as people read it.</summary>
/// <param name="Role">Who speaks: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>.</param>
/// <param name="Text">What is said. May hold anything, control characters included.</param>
public sealed record ReviewMessage(string Role, string Text);
