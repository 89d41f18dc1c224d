using System.Text.Json;
using Rung.Control.Imports.Anthropic;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.ClaudeCode;

/// <summary>What sub-agents are called: by the note beside their transcript, else by what their lines or the call that started them say.</summary>
internal sealed class SubAgents
{
    /// <summary>Who works in the main thread.</summary>
    public const string MainAgent = "claude-code";
    private const string MainRole = "main";
    private const string UnnamedRole = "subagent";
    private const int LongestNote = 64 * 1024;
    private const int MostRemembered = 10_000;

    private readonly Dictionary<string, string> _typeByCall = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _typeByAgent = new(StringComparer.Ordinal);
    private string? _typeOfFile;

    /// <summary>A file begins: looks for its note, <c>agent-1a2b.meta.json</c> beside <c>agent-1a2b.jsonl</c>.</summary>
    public void BeginFile(string path)
    {
        _typeOfFile = null;
        var name = Path.GetFileName(path);
        var end = name.IndexOf(".jsonl", StringComparison.OrdinalIgnoreCase);
        if (end < 0 || !name.StartsWith("agent-", StringComparison.Ordinal)) return;

        var note = new FileInfo(Path.Combine(Path.GetDirectoryName(path) ?? "", name[..end] + ".meta.json"));
        if (note is not { Exists: true, Length: <= LongestNote }) return;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(note.FullName));
            _typeOfFile = TagName.Cut(AnthropicMessage.TextOf(json.RootElement, "agentType"));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // Half written or not ours to read: the lines themselves still tell something.
        }
    }

    /// <summary>Looks at a line for sub-agents that it starts, or that report back.</summary>
    public void Look(in TranscriptLine line)
    {
        if (line.Content.ValueKind != JsonValueKind.Array) return;
        foreach (var block in line.Content.EnumerateArray())
        {
            switch (AnthropicMessage.TypeOf(block))
            {
                case "tool_use" when block.TryGetProperty("input", out var input):
                    Remember(_typeByCall, AnthropicMessage.TextOf(block, "id"), AnthropicMessage.TextOf(input, "subagent_type"));
                    break;
                case "tool_result" when AnthropicMessage.TextOf(block, "tool_use_id") is { } call && _typeByCall.TryGetValue(call, out var type):
                    Remember(_typeByAgent, AnthropicMessage.TextOf(line.ToolResult, "agentId"), type);
                    break;
            }
        }
    }

    /// <summary>Agent and role of whoever wrote a line.</summary>
    public (string? Agent, string Role) AuthorOf(in TranscriptLine line)
    {
        if (!line.IsSidechain && line.AgentId is null && _typeOfFile is null) return (MainAgent, MainRole);
        var name = _typeOfFile ?? TagName.Cut(line.AttributionAgent);
        if (name is null && line.AgentId is { } id) name = _typeByAgent.GetValueOrDefault(id);
        return (name, TagName.Of(name) ?? UnnamedRole);
    }

    private static void Remember(Dictionary<string, string> types, string? key, string? type)
    {
        if (key is not null && TagName.Cut(type) is { } name && types.Count < MostRemembered) types.TryAdd(key, name);
    }
}
