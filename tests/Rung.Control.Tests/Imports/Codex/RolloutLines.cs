using System.Text.Json.Nodes;

namespace Rung.Control.Tests.Imports.Codex;

/// <summary>Writes lines of rollouts.</summary>
internal static class RolloutLines
{
    public const string Parent = "01a0d801-ed00-7aaa-8bbb-100000000000"; // 2026-09-25T10:00:00Z
    public const string Child = "01a0d806-80e0-7aaa-8bbb-100000000000"; // 2026-09-25T10:05:00Z

    public static string Meta(string id, string time, string? more = null) => Line("session_meta", time, $$"""{"id":"{{id}}","model_provider":"openai","source":"cli"}""", more);

    public static string ForkMeta(string time) => Meta(Child, time, $$"""{"forked_from_id":"{{Parent}}"}""");

    public static string Turn(string time, string? id, string model = "gpt-6-sol") =>
        Line("turn_context", time, id is null ? $$"""{"model":"{{model}}"}""" : $$"""{"turn_id":"{{id}}","model":"{{model}}"}""", null);

    public static string Event(string time, string type, string? more = null) => Line("event_msg", time, $$"""{"type":"{{type}}"}""", more);

    public static string Item(string time, string payload) => Line("response_item", time, payload, null);

    /// <summary>Counts: (input, cached, output, reasoning); null for what is not written.</summary>
    public static string Counts(string time, (int Input, int Cached, int Output, int Reasoning)? total, (int Input, int Cached, int Output, int Reasoning)? last)
    {
        var info = new JsonObject();
        if (total is { } sum) info["total_token_usage"] = Usage(sum);
        if (last is { } one) info["last_token_usage"] = Usage(one);
        return Line("event_msg", time, new JsonObject { ["type"] = "token_count", ["info"] = info }.ToJsonString(), null);
    }

    private static JsonObject Usage((int Input, int Cached, int Output, int Reasoning) usage) => new()
    {
        ["input_tokens"] = usage.Input, ["cached_input_tokens"] = usage.Cached, ["output_tokens"] = usage.Output, ["reasoning_output_tokens"] = usage.Reasoning,
        ["total_tokens"] = usage.Input + usage.Output,
    };

    private static string Line(string type, string time, string payload, string? more)
    {
        var content = JsonNode.Parse(payload)!.AsObject();
        if (more is not null)
        {
            foreach (var (name, value) in JsonNode.Parse(more)!.AsObject()) content[name] = value?.DeepClone();
        }
        return new JsonObject { ["timestamp"] = time.Contains('T', StringComparison.Ordinal) ? time : $"2026-09-25T{time}Z", ["type"] = type, ["payload"] = content }.ToJsonString();
    }
}
