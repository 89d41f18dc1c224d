using System.Text;
using System.Text.Json;

namespace Rung.Recorded;

/// <summary>The few fields of a chat request that matter to an upstream that already knows what it will say.</summary>
internal sealed record RecordedChatRequest
{
    /// <summary>The model asked.</summary>
    public required string Model { get; init; }
    /// <summary>Whether the answer is streamed.</summary>
    public required bool Stream { get; init; }
    /// <summary>Whether a stream ends with a usage event.</summary>
    public required bool IncludeUsage { get; init; }
    /// <summary>Most tokens of the answer; null for no cap.</summary>
    public required int? MaxTokens { get; init; }
    /// <summary>Text of each user message, in order.</summary>
    public required IReadOnlyList<string> UserTexts { get; init; }

    /// <summary>Reads a request body.</summary>
    /// <returns>Null when it is no chat request; then the fault says why.</returns>
    public static RecordedChatRequest? Read(JsonElement body, out RecordedError? fault)
    {
        fault = null;
        if (body.ValueKind != JsonValueKind.Object) return Reject("The body is not a JSON object.", null, out fault);
        if (Text(body, "model") is not { Length: > 0 } model) return Reject("'model' is missing.", "model", out fault);
        if (!body.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            return Reject("'messages' is missing or empty.", "messages", out fault);
        }
        if (!TryCap(body, "max_tokens", out var old) || !TryCap(body, "max_completion_tokens", out var cap))
        {
            return Reject("A token cap is a whole number of at least 1.", "max_completion_tokens", out fault);
        }

        return new RecordedChatRequest
        {
            Model = model,
            Stream = IsTrue(body, "stream"),
            IncludeUsage = body.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object && IsTrue(options, "include_usage"),
            MaxTokens = old is { } a && cap is { } b ? Math.Min(a, b) : old ?? cap,
            UserTexts = [.. messages.EnumerateArray().Where(message => message.ValueKind == JsonValueKind.Object && Text(message, "role") == "user").Select(TextOf)],
        };
    }

    private static string TextOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content)) return "";
        if (content.ValueKind == JsonValueKind.String) return content.GetString()!;
        if (content.ValueKind != JsonValueKind.Array) return "";

        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && Text(part, "type") == "text") text.Append(Text(part, "text"));
        }
        return text.ToString();
    }

    private static bool TryCap(JsonElement body, string name, out int? cap)
    {
        cap = null;
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number) || number < 1) return false;
        cap = number;
        return true;
    }

    private static bool IsTrue(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static RecordedChatRequest? Reject(string message, string? param, out RecordedError? fault)
    {
        fault = new RecordedError(400, message, "invalid_request_error", param, "invalid_value");
        return null;
    }
}
