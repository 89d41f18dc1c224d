using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rung.Control.Tests.Imports.ClaudeCode;

/// <summary>Writes lines of transcripts.</summary>
internal static class TranscriptLines
{
    public const string Model = "claude-opus-5";

    /// <summary>A line of an answer; <paramref name="more"/> is merged into it.</summary>
    public static string Answer(string id, string? request, int output, string? stop = "end_turn", int input = 100, int read = 0, int written = 0, bool side = false, int second = 10,
        string? tool = null, string? text = null, string model = Model, string? more = null, string? usageMore = null)
    {
        var usage = new JsonObject
        {
            ["input_tokens"] = input, ["cache_creation_input_tokens"] = written, ["cache_read_input_tokens"] = read, ["output_tokens"] = output,
        };
        Merge(usage, usageMore);
        var block = tool is null ? new JsonObject { ["type"] = "text", ["text"] = text ?? "Yes." } : new JsonObject { ["type"] = "tool_use", ["id"] = $"t-{id}-{tool}", ["name"] = tool, ["input"] = new JsonObject() };
        var line = Base("assistant", $"u-{id}-{output}", second, side);
        if (request is not null) line["requestId"] = request;
        line["message"] = new JsonObject
        {
            ["id"] = id, ["type"] = "message", ["role"] = "assistant", ["model"] = model, ["content"] = new JsonArray(block), ["stop_reason"] = stop, ["usage"] = usage,
        };
        Merge(line, more);
        return line.ToJsonString();
    }

    public static string Prompt(string id, string text, int second = 0, bool side = false, string? more = null)
    {
        var line = Base("user", id, second, side);
        line["message"] = new JsonObject { ["role"] = "user", ["content"] = text };
        Merge(line, more);
        return line.ToJsonString();
    }

    public static string Result(string id, string text, int second = 0, bool side = false, string? more = null)
    {
        var line = Base("user", id, second, side);
        line["message"] = new JsonObject { ["role"] = "user", ["content"] = new JsonArray(new JsonObject { ["type"] = "tool_result", ["tool_use_id"] = "t", ["content"] = text }) };
        Merge(line, more);
        return line.ToJsonString();
    }

    private static JsonObject Base(string type, string id, int second, bool side) => new()
    {
        ["type"] = type, ["uuid"] = id, ["isSidechain"] = side, ["sessionId"] = "s-1", ["cwd"] = "/home/me/app",
        ["timestamp"] = $"2026-09-14T12:{second / 60:00}:{second % 60:00}.000Z",
    };

    private static void Merge(JsonObject into, string? more)
    {
        if (more is null) return;
        foreach (var (name, value) in JsonSerializer.Deserialize<JsonObject>(more)!) into[name] = value?.DeepClone();
    }
}
