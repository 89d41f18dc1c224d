using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Rung.Control.Imports.Reading;
using Rung.Core.Checks;

namespace Rung.Control.Evals.Scoring;

/// <summary>Reads messages and requests in the form of chat completions, as far as grading looks at them. Never throws for what stands in them.</summary>
internal static class MessageReading
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 256 };

    /// <summary>An assistant's message as checks see it: text (of its parts, a line each), refusal, tool calls.</summary>
    /// <param name="message">The message, JSON, UTF-8. A JSON text instead of an object is its content.</param>
    /// <param name="finishReason">How it ended; null when unknown.</param>
    /// <param name="context">What was asked; null when nobody needs it.</param>
    /// <returns>Null when it cannot be read.</returns>
    public static Answer? Answer(ReadOnlyMemory<byte> message, string? finishReason, CallContext? context)
    {
        if (message.IsEmpty) return null;
        try
        {
            using var document = JsonDocument.Parse(message, s_deep);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.String) return new Answer { Content = Encoding.UTF8.GetBytes(root.GetString()!), FinishReason = finishReason, Context = context };
            if (root.ValueKind != JsonValueKind.Object) return null;
            var content = root.TryGetProperty("content", out var given) && given.ValueKind != JsonValueKind.Null ? MessageText.Of(given) : "";
            var refusal = MessageText.Word(root, "refusal");
            return new Answer
            {
                Content = Encoding.UTF8.GetBytes(content.Length == 0 && refusal is { Length: > 0 } ? refusal : content),
                Refused = refusal is { Length: > 0 },
                FinishReason = finishReason,
                ToolCalls = Calls(root),
                DeclaredTools = context is null ? [] : Declared(context.Tools),
                Context = context,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // No JSON, or half a surrogate pair.
        }
    }

    /// <summary>What a request asked: the last message of the user, everything that was given, the tools.</summary>
    public static CallContext Context(ReadOnlyMemory<byte> request)
    {
        var (prompt, given, tools) = ("", new List<string>(), ReadOnlyMemory<byte>.Empty);
        foreach (var (role, text) in Messages(request, out var declared))
        {
            if (role == "assistant") continue;
            if (role == "user") prompt = text;
            if (text.Length > 0) given.Add(text);
            tools = declared;
        }
        return new CallContext { Prompt = Encoding.UTF8.GetBytes(prompt), Given = Encoding.UTF8.GetBytes(string.Join('\n', given)), Tools = tools };
    }

    /// <summary>The messages of a request: role in OpenAI's words, and text.</summary>
    public static List<(string Role, string Text)> Messages(ReadOnlyMemory<byte> request, out ReadOnlyMemory<byte> tools)
    {
        var messages = new List<(string, string)>();
        tools = default;
        try
        {
            using var document = JsonDocument.Parse(request, s_deep);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return messages;
            if (MessageText.Array(document.RootElement, "tools") is { } declared) tools = Encoding.UTF8.GetBytes(declared.GetRawText());
            if (MessageText.Array(document.RootElement, "messages") is not { } list) return messages;
            foreach (var message in list.EnumerateArray())
            {
                if (message.ValueKind != JsonValueKind.Object) continue;
                var text = message.TryGetProperty("content", out var content) && content.ValueKind != JsonValueKind.Null ? MessageText.Of(content) : "";
                var called = string.Join('\n', Calls(message).Select(Words));
                messages.Add((MessageText.RoleOf(message), text.Length > 0 && called.Length > 0 ? $"{text}\n{called}" : text + called));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What was read until then is what can be shown.
        }
        return messages;
    }

    /// <summary>An answer as a judge or a program gets to see it: its text, then its tool calls, one a line.</summary>
    public static string Text(Answer answer)
    {
        var text = Encoding.UTF8.GetString(answer.Content.Span);
        var calls = string.Join('\n', answer.ToolCalls.Select(Words));
        return text.Length > 0 && calls.Length > 0 ? $"{text}\n{calls}" : text + calls;
    }

    private static string Words(ToolCall call) => $"{call.Name}({Encoding.UTF8.GetString(call.Arguments.Span)})";

    private static ImmutableArray<ToolCall> Calls(JsonElement message)
    {
        if (MessageText.Array(message, "tool_calls") is not { } calls) return [];
        var read = ImmutableArray.CreateBuilder<ToolCall>();
        foreach (var call in calls.EnumerateArray())
        {
            if (MessageText.Within(call, "function") is not { } function || MessageText.Word(function, "name") is not { } name) continue;
            // Text that holds JSON, as the APIs send it; files written by hand have the object itself.
            var arguments = function.TryGetProperty("arguments", out var given) ? given.ValueKind == JsonValueKind.String ? given.GetString()! : given.GetRawText() : "";
            read.Add(new ToolCall(name, Encoding.UTF8.GetBytes(arguments)));
        }
        return read.ToImmutable();
    }

    private static ImmutableArray<string> Declared(ReadOnlyMemory<byte> tools)
    {
        if (tools.IsEmpty) return [];
        using var document = JsonDocument.Parse(tools, s_deep);
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var tool in document.RootElement.EnumerateArray())
        {
            if ((MessageText.Within(tool, "function") ?? MessageText.Within(tool, "custom")) is { } body && MessageText.Word(body, "name") is { } name) names.Add(name);
        }
        return names.ToImmutable();
    }
}
