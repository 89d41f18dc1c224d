using System.Text.Json;

namespace Rung.Demo;

/// <summary>What a simulated model reads of a chat request.</summary>
/// <param name="Model">The model asked.</param>
/// <param name="Instruction">The system message.</param>
/// <param name="Prompt">The user message.</param>
/// <param name="Cap">Token cap.</param>
/// <param name="Stream">Whether the answer is streamed.</param>
/// <param name="IncludeUsage">Whether a stream ends with its usage.</param>
internal sealed record SimulatedRequest(string Model, string Instruction, string Prompt, int Cap, bool Stream, bool IncludeUsage)
{
    private const int NoCap = 4096;

    /// <summary>Reads a request; null when it is not of the kind that the demo sends.</summary>
    public static async Task<SimulatedRequest?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            var root = document.RootElement;
            var messages = root.GetProperty("messages");
            return new SimulatedRequest(
                root.GetProperty("model").GetString()!, Content(messages[0]), Content(messages[1]), CapOf(root),
                IsTrue(root, "stream"), root.TryGetProperty("stream_options", out var options) && IsTrue(options, "include_usage"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or FormatException)
        {
            return null;
        }
    }

    private static string Content(JsonElement message) => message.GetProperty("content").GetString() ?? "";

    private static int CapOf(JsonElement root)
    {
        if (root.TryGetProperty("max_completion_tokens", out var cap) || root.TryGetProperty("max_tokens", out cap)) return Math.Max(1, cap.GetInt32());
        return NoCap;
    }

    private static bool IsTrue(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
