using System.Text.Json;
using Rung.Storage.Content;

namespace Rung.Control.Feedback;

/// <summary>The text of the answer that the client got, out of captured content.</summary>
internal static class CapturedText
{
    /// <summary>The text; null when no answer was served, or when it has none (tool calls only).</summary>
    public static string? Of(CapturedCall call)
    {
        var served = call.Answers.LastOrDefault(answer => answer.Served);
        if (served is null || served.Message.IsEmpty) return null;
        try
        {
            using var message = JsonDocument.Parse(served.Message);
            return message.RootElement.ValueKind == JsonValueKind.Object && message.RootElement.TryGetProperty("content", out var content) ? Text(content) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // Cut off or broken: there is nothing to compare with.
        }
    }

    private static string? Text(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String) return content.GetString();
        if (content.ValueKind != JsonValueKind.Array) return null;
        var texts = content.EnumerateArray()
            .Where(part => part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            .Select(part => part.GetProperty("text").GetString());
        var all = string.Join('\n', texts);
        return all.Length > 0 ? all : null;
    }
}
