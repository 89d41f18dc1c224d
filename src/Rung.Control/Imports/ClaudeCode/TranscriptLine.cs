using System.Text.Json;
using Rung.Control.Imports.Anthropic;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.ClaudeCode;

/// <summary>One line of a transcript: who wrote it, where it hangs, and the message in it. Valid as long as its document is.</summary>
internal readonly struct TranscriptLine
{
    private readonly JsonElement _json;

    public TranscriptLine(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new LogRecordException("The line is no JSON object.");
        _json = json;
        Message = json.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object ? message : default;
    }

    /// <summary><c>user</c>, <c>assistant</c>, <c>system</c>, …</summary>
    public string? Type => Text("type");
    /// <summary>The line's own id.</summary>
    public string? Id => Text("uuid");
    /// <summary>The line before it in its thread.</summary>
    public string? ParentId => Text("parentUuid");
    /// <summary>The session.</summary>
    public string? Session => Text("sessionId");
    /// <summary>The sub-agent that wrote it.</summary>
    public string? AgentId => Text("agentId");
    /// <summary>What the sub-agent is called, where the line says so itself.</summary>
    public string? AttributionAgent => Text("attributionAgent");
    /// <summary>The request that was answered.</summary>
    public string? RequestId => Text("requestId");
    /// <summary>The user's prompt that it belongs to.</summary>
    public string? PromptId => Text("promptId");
    /// <summary>The effort that was asked for.</summary>
    public string? Effort => Text("effort");
    /// <summary>The folder that was worked in.</summary>
    public string? Folder => Text("cwd");
    /// <summary>Whether a sub-agent wrote it.</summary>
    public bool IsSidechain => Flag("isSidechain");
    /// <summary>Whether the program wrote it, not a person.</summary>
    public bool IsMeta => Flag("isMeta");
    /// <summary>Whether it is an answer that the program made up, to show an error or nothing.</summary>
    public bool IsSynthetic => Flag("isApiErrorMessage") || AnthropicMessage.TextOf(Message, "model") == "<synthetic>";

    /// <summary>The message; undefined when there is none.</summary>
    public JsonElement Message { get; }
    /// <summary>What the message says; undefined when there is none.</summary>
    public JsonElement Content => Of(Message, "content");
    /// <summary>What the message used; undefined when there is nothing.</summary>
    public JsonElement Usage => Of(Message, "usage") is { ValueKind: JsonValueKind.Object } usage ? usage : default;
    /// <summary>What a tool gave back, as the program keeps it.</summary>
    public JsonElement ToolResult => Of(_json, "toolUseResult");

    /// <summary>When it was written, UTC; null when it does not say.</summary>
    public DateTimeOffset? Time => Text("timestamp") is { } text && TimeReading.TryText(text, TimeUnit.BySize, zone: null, out var time) ? time : null;

    /// <summary>What old versions said it cost, in nano-USD; null in new ones.</summary>
    public long? CostNanoUsd =>
        Of(_json, "costUSD") is { ValueKind: JsonValueKind.Number } cost && cost.TryGetDecimal(out var usd) && NumberReading.TryNanoUsd(usd, out var nano) ? nano : null;

    /// <summary>Whether the message brings the result of a tool, rather than a prompt.</summary>
    public bool HasToolResult
    {
        get
        {
            if (Content.ValueKind != JsonValueKind.Array) return false;
            foreach (var block in Content.EnumerateArray())
            {
                if (AnthropicMessage.TypeOf(block) == "tool_result") return true;
            }
            return false;
        }
    }

    /// <summary>The text of the message.</summary>
    public string ContentText => TranscriptText.Of(Content);

    private string? Text(string name) => AnthropicMessage.TextOf(_json, name);

    private bool Flag(string name) => Of(_json, name).ValueKind == JsonValueKind.True;

    private static JsonElement Of(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;
}
