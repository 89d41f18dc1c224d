using System.Text.Json;

namespace Rung.Gateway.Streaming;

/// <summary>Finish reasons as words that cost no new string for the usual ones.</summary>
internal static class FinishReasons
{
    public const string Stop = "stop";
    public const string Length = "length";
    public const string ToolCalls = "tool_calls";
    public const string ContentFilter = "content_filter";

    /// <summary>The reason that the reader stands on.</summary>
    public static string? Known(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("stop"u8)) return Stop;
        if (json.ValueTextEquals("tool_calls"u8)) return ToolCalls;
        if (json.ValueTextEquals("length"u8)) return Length;
        if (json.ValueTextEquals("content_filter"u8)) return ContentFilter;
        return json.GetString();
    }

    /// <summary>Whether the provider itself says that generation broke off: not an answer, but a failure.</summary>
    public static bool IsFailure(string? reason) => reason is "error" or "insufficient_system_resource";
}
