using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Evals.Sets;

/// <summary>Requests and messages in the one form that eval sets keep them in: chat completions, compact JSON, names in the order in which they came.</summary>
internal static class ChatForm
{
    // What decides the answer besides the messages. Who asks, how it is sent and billed, and which model is asked do not.
    private static readonly string[] s_kept =
    [
        "tools", "tool_choice", "parallel_tool_calls", "functions", "function_call", "response_format", "temperature", "top_p", "max_tokens", "max_completion_tokens",
        "stop", "seed", "n", "presence_penalty", "frequency_penalty", "logit_bias", "reasoning_effort", "verbosity", "modalities", "audio", "prediction",
    ];

    private static readonly JsonWriterOptions s_compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Longer texts are all different anyway; their beginning and their end say what they are about.
    private const int MostChars = 32 * 1024;
    private const int MostOfEnd = 8 * 1024;

    /// <summary>Any JSON value as compact text that does not depend on how it was written.</summary>
    public static byte[] Compact(JsonElement value) => Write(json => value.WriteTo(json));

    /// <summary>A captured request without what does not belong to a row: the model, the stream, the user, bookkeeping.</summary>
    public static byte[] RequestOf(JsonElement request) => Write(json =>
    {
        json.WriteStartObject();
        foreach (var property in request.EnumerateObject())
        {
            if (property.Name is not ("model" or "stream" or "stream_options" or "user" or "metadata" or "store" or "service_tier" or "safety_identifier" or "prompt_cache_key" or "rung")) property.WriteTo(json);
        }
        json.WriteEndObject();
    });

    /// <summary>A request of messages.</summary>
    /// <param name="system">Text of a system message before them; null for none.</param>
    /// <param name="messages">The messages, objects with a role.</param>
    /// <param name="settings">An object whose settings (tools, caps, response format) are taken over; null for none.</param>
    /// <param name="tools">Tools in the form of chat completions; null: those of the settings.</param>
    public static byte[] RequestOf(string? system, IEnumerable<JsonElement> messages, JsonElement? settings, string? tools) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("messages");
        if (!string.IsNullOrEmpty(system)) WriteMessage(json, "system", system);
        foreach (var message in messages) message.WriteTo(json);
        json.WriteEndArray();
        Settings(json, settings, tools);
        json.WriteEndObject();
    });

    /// <summary>A request of one message of the user.</summary>
    public static byte[] RequestOf(string? system, string prompt, JsonElement? settings, string? tools) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("messages");
        if (!string.IsNullOrEmpty(system)) WriteMessage(json, "system", system);
        WriteMessage(json, "user", prompt);
        json.WriteEndArray();
        Settings(json, settings, tools);
        json.WriteEndObject();
    });

    /// <summary>An answer: a text.</summary>
    public static byte[] AnswerOf(string text) => Write(json => WriteMessage(json, "assistant", text));

    /// <summary>The text of a request, for likeness: what was said, the system's part of it last, cut to 32,768 characters.</summary>
    public static string TextOf(ReadOnlyMemory<byte> request)
    {
        using var parsed = JsonDocument.Parse(request);
        if (MessageText.Array(parsed.RootElement, "messages") is not { } messages) return "";
        var (said, system) = (new StringBuilder(), new StringBuilder());
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object) continue;
            var text = message.TryGetProperty("content", out var content) ? MessageText.Of(content) : "";
            if (text.Length > 0) (MessageText.RoleOf(message) == "system" ? system : said).Append(text).Append('\n');
        }
        var all = said.Append(system).ToString();
        return all.Length <= MostChars ? all : string.Concat(all.AsSpan(0, MostChars - MostOfEnd), all.AsSpan(all.Length - MostOfEnd));
    }

    /// <summary>The tools that a request declares, as JSON text; empty when none.</summary>
    public static string ToolsOf(ReadOnlyMemory<byte> request, out int count)
    {
        using var parsed = JsonDocument.Parse(request);
        var tools = MessageText.Array(parsed.RootElement, "tools");
        count = tools?.GetArrayLength() ?? 0;
        return tools?.GetRawText() ?? "";
    }

    private static void Settings(Utf8JsonWriter json, JsonElement? settings, string? tools)
    {
        if (tools is not null)
        {
            json.WritePropertyName("tools");
            using var parsed = JsonDocument.Parse(tools);
            parsed.RootElement.WriteTo(json);
        }
        if (settings is not { ValueKind: JsonValueKind.Object } from) return;
        foreach (var name in s_kept)
        {
            if (name == "tools" && tools is not null || !from.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) continue;
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string text)
    {
        json.WriteStartObject();
        json.WriteString("role", role);
        json.WriteString("content", text);
        json.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, s_compact)) write(json);
        return buffer.WrittenSpan.ToArray();
    }
}
