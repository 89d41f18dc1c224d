using System.Text.Json;
using Rung.Control.Imports.Anthropic;
using Rung.Control.Imports.ClaudeCode;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Codex;

/// <summary>What a model was given and what it made of it, between one input and the next.</summary>
/// <remarks>Codex writes the counts of a call before or behind the tools that it calls, by version; an input ends the step in any case.</remarks>
internal sealed class CodexStep
{
    private const int LongestResult = 8 * 1024;
    private const int MostInputs = 16;

    private readonly List<(string Role, string Text)> _inputs = [];
    private readonly List<string> _texts = [];
    private readonly List<string> _tools = [];

    /// <summary>When the last input came; null when none did.</summary>
    public DateTimeOffset? AskedAt { get; private set; }
    /// <summary>Whether its counts have come.</summary>
    public bool IsCounted { get; set; }
    /// <summary>Whether an input would begin another step.</summary>
    public bool HasEnded => IsCounted || _texts.Count > 0 || _tools.Count > 0;
    /// <summary>What the model was given.</summary>
    public IReadOnlyList<(string Role, string Text)> Inputs => _inputs;
    /// <summary>The tools that it calls.</summary>
    public IReadOnlyList<string> Tools => _tools;
    /// <summary>What it says.</summary>
    public string Answer => _texts.Count == 1 ? _texts[0] : TranscriptText.Cut(string.Join('\n', _texts));

    /// <summary>Whether an item of the conversation is something that a model is given.</summary>
    public static bool IsInput(JsonElement item) => AnthropicMessage.TypeOf(item) switch
    {
        "message" => AnthropicMessage.TextOf(item, "role") != "assistant",
        { } type => type.EndsWith("_output", StringComparison.Ordinal),
        null => false,
    };

    /// <summary>Takes an input in.</summary>
    public void Input(JsonElement item, DateTimeOffset? at)
    {
        AskedAt = at ?? AskedAt;
        if (_inputs.Count == MostInputs) return;
        if (AnthropicMessage.TypeOf(item) == "message")
        {
            var role = AnthropicMessage.TextOf(item, "role") ?? "user";
            if (item.TryGetProperty("content", out var content)) _inputs.Add((role is "developer" ? "system" : role, TranscriptText.Of(content)));
        }
        else if (item.TryGetProperty("output", out var output))
        {
            var text = TranscriptText.Of(output);
            _inputs.Add(("tool", text.Length > LongestResult ? text[..LongestResult] : text));
        }
    }

    /// <summary>Takes something in that the model made.</summary>
    public void Output(JsonElement item)
    {
        switch (AnthropicMessage.TypeOf(item))
        {
            case "message" when _texts.Count < AnthropicMessage.MostTools && item.TryGetProperty("content", out var content):
                _texts.Add(TranscriptText.Of(content));
                break;
            case { } type when type.EndsWith("_call", StringComparison.Ordinal) && _tools.Count < AnthropicMessage.MostTools:
                _tools.Add(TagName.Cut(AnthropicMessage.TextOf(item, "name")) ?? type[..^"_call".Length]);
                break;
        }
    }
}
