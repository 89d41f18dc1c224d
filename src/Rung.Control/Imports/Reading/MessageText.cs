using System.Text;
using System.Text.Json;

namespace Rung.Control.Imports.Reading;

/// <summary>The text of messages and of their parts, in the shapes of OpenAI, Anthropic, Gemini, LangChain and the OpenTelemetry conventions.</summary>
internal static class MessageText
{
    // Parts within parts (a tool's result that holds a list of parts): deeper is nobody's format.
    private const int Deepest = 4;

    /// <summary>The text of a message's content; parts of text on lines of their own, pictures and tool calls left out; empty when there is none.</summary>
    public static string Of(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String) return content.GetString()!;
        var text = new StringBuilder();
        Append(text, content, depth: 0);
        return text.ToString();
    }

    /// <summary>Whether an object has any field that messages have.</summary>
    public static bool IsMessage(JsonElement json)
    {
        foreach (var name in (ReadOnlySpan<string>)["role", "content", "parts", "type", "text"])
        {
            if (json.TryGetProperty(name, out _)) return true;
        }
        return false;
    }

    /// <summary>A role in OpenAI's words: system, user, assistant, tool; another one in lower case; <c>user</c> when there is none.</summary>
    public static string RoleOf(JsonElement message)
    {
        var role = Word(message, "role") ?? Word(message, "type");
        return role?.ToLowerInvariant() switch
        {
            null or "human" or "user" or "message" => "user",
            "ai" or "model" or "assistant" or "aimessage" => "assistant",
            "developer" or "system" or "systemmessage" => "system",
            "function" or "tool" or "function_call_output" or "tool_result" or "toolmessage" => "tool",
            { } other => other.Length > 32 ? other[..32] : other,
        };
    }

    /// <summary>Names of the tools that a message calls, in its own fields or among its parts.</summary>
    public static void AddToolCalls(JsonElement message, List<string> names)
    {
        if (message.ValueKind != JsonValueKind.Object) return;
        if (Array(message, "tool_calls") is { } calls)
        {
            foreach (var call in calls.EnumerateArray()) AddName(names, Within(call, "function") ?? call);
        }
        if (Within(message, "function_call") is { } single) AddName(names, single);
        if ((Array(message, "content") ?? Array(message, "parts")) is not { } parts) return;
        foreach (var part in parts.EnumerateArray())
        {
            if (Word(part, "type") is "tool_use" or "tool_call" or "function_call" or "tool-call" or "server_tool_use") AddName(names, part);
            else if ((Within(part, "functionCall") ?? Within(part, "function_call") ?? Within(part, "toolUse")) is { } called) AddName(names, called);
        }
    }

    /// <summary>Adds the name of a tool, at most 64 of them.</summary>
    public static void AddName(List<string> names, JsonElement named)
    {
        if (names.Count >= 64) return;
        var name = named.ValueKind == JsonValueKind.String ? named.GetString() : Word(named, "name") ?? Word(named, "toolName");
        if (TagName.Cut(name) is { } word) names.Add(word);
    }

    /// <summary>A member that is text.</summary>
    public static string? Word(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A member that is an object.</summary>
    public static JsonElement? Within(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>A member that is an array.</summary>
    public static JsonElement? Array(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value : null;

    private static void Append(StringBuilder text, JsonElement content, int depth)
    {
        if (depth > Deepest) return;
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                AppendLine(text, content.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (var part in content.EnumerateArray()) Append(text, part, depth + 1);
                break;
            case JsonValueKind.Object:
                AppendPart(text, content, depth);
                break;
        }
    }

    private static void AppendPart(StringBuilder text, JsonElement part, int depth)
    {
        if (part.TryGetProperty("text", out var words))
        {
            // Anthropic and Responses write the text itself; some exporters an object around it.
            if (words.ValueKind == JsonValueKind.Object && words.TryGetProperty("value", out var value)) words = value;
            if (words.ValueKind == JsonValueKind.String) AppendLine(text, words.GetString()!);
            return;
        }
        foreach (var name in (ReadOnlySpan<string>)["content", "parts", "output"])
        {
            if (!part.TryGetProperty(name, out var inner)) continue;
            Append(text, inner, depth + 1);
            return;
        }
    }

    private static void AppendLine(StringBuilder text, string words)
    {
        if (text.Length > 0) text.Append('\n');
        text.Append(words);
    }
}
