using System.Text.Json;
using Rung.Control.Imports.Anthropic;

namespace Rung.Control.Imports.ClaudeCode;

/// <summary>Transcripts that Claude Code keeps of its sessions: one JSON object a line, below <c>~/.claude/projects</c>.</summary>
internal sealed class ClaudeCodeFormat : ILogFormat
{
    public const string FormatName = "claude-code";

    public string Name => FormatName;

    public string Title => "Claude Code session transcripts";

    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape != LogShape.Json) return false;
        foreach (var record in sample.Records)
        {
            if (IsLine(record)) return true;
        }
        return false;
    }

    public ILogReader CreateReader(ImportContext context) => new ClaudeCodeReader();

    // A file may begin with lines that hold no message (a summary, a snapshot, a queue); every line of the session names it.
    private static bool IsLine(JsonElement record)
    {
        if (AnthropicMessage.TypeOf(record) is not { } type || AnthropicMessage.TextOf(record, "sessionId") is null) return false;
        if (record.TryGetProperty("traceId", out _) || record.TryGetProperty("payload", out _)) return false;
        return type is "assistant" or "user" or "system" or "attachment" or "progress" or "summary" or "queue-operation" or "file-history-snapshot"
            || record.TryGetProperty("parentUuid", out _);
    }
}
