using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Rung.Control.Imports.ClaudeCode;
using Rung.Control.Imports.Reading;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Control.Imports.Anthropic;

/// <summary>Reads what an answer of the Messages API holds: usage, text, tools.</summary>
internal static class AnthropicMessage
{
    /// <summary>Most tool calls that are kept.</summary>
    public const int MostTools = 64;

    /// <summary>The counts of a usage block (or of one of its iterations): input with its cached parts, writes split by lifetime.</summary>
    /// <returns>False when it holds no counts.</returns>
    public static bool TryUsage(JsonElement usage, out TokenUsage counts)
    {
        counts = default;
        return usage.ValueKind == JsonValueKind.Object
            && UsageReader.TryReadUsageObject(JsonMarshal.GetRawUtf8Value(usage), out counts)
            && UsageReader.IsBelievable(counts);
    }

    /// <summary>The text that the answer says, thoughts left out; empty when it only calls tools.</summary>
    public static string Text(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array) return TranscriptText.Of(content);
        var texts = new List<string>();
        foreach (var block in content.EnumerateArray())
        {
            if (TypeOf(block) == "text" && block.TryGetProperty("text", out var text)) texts.Add(TranscriptText.Of(text));
        }
        return texts.Count == 1 ? texts[0] : TranscriptText.Cut(string.Join('\n', texts));
    }

    /// <summary>The tools that the answer calls, by id and name, in their order.</summary>
    public static IEnumerable<(string? Id, string Name)> ToolCalls(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array) yield break;
        foreach (var block in content.EnumerateArray())
        {
            if (TypeOf(block) is "tool_use" or "server_tool_use" or "mcp_tool_use" && TagName.Cut(TextOf(block, "name")) is { } name) yield return (TextOf(block, "id"), name);
        }
    }

    /// <summary>The names of the tools that the answer calls, at most <see cref="MostTools"/>.</summary>
    public static ImmutableArray<string> ToolNames(JsonElement content) => [.. ToolCalls(content).Take(MostTools).Select(call => call.Name)];

    /// <summary>The <c>type</c> of a block; null when it has none.</summary>
    public static string? TypeOf(JsonElement block) => TextOf(block, "type");

    /// <summary>A member that is text; null when it is missing or of another kind.</summary>
    public static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? TranscriptText.StringOf(value) : null;
}
