using System.Text.Json;
using Rung.Control.Imports.Anthropic;

namespace Rung.Control.Imports.Codex;

/// <summary>Rollouts that the Codex CLI keeps of its sessions (<c>~/.codex/sessions</c>), and what <c>codex exec --json</c> prints.</summary>
internal sealed class CodexFormat : ILogFormat
{
    public const string FormatName = "codex";

    public string Name => FormatName;

    public string Title => "Codex CLI session rollouts";

    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape != LogShape.Json) return false;
        foreach (var record in sample.Records)
        {
            if (IsRollout(record) || IsExec(record)) return true;
        }
        return false;
    }

    public ILogReader CreateReader(ImportContext context) => new CodexReader();

    private static bool IsRollout(JsonElement record) =>
        AnthropicMessage.TypeOf(record) is "session_meta" or "turn_context" or "event_msg" or "response_item" or "compacted"
        && record.TryGetProperty("payload", out var payload) && payload.ValueKind == JsonValueKind.Object;

    private static bool IsExec(JsonElement record) => AnthropicMessage.TypeOf(record) switch
    {
        "thread.started" => AnthropicMessage.TextOf(record, "thread_id") is not null,
        "turn.completed" => record.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object,
        _ => false,
    };
}
