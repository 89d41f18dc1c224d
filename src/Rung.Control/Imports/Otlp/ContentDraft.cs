using System.Collections.Immutable;

namespace Rung.Control.Imports.Otlp;

/// <summary>What a call said, asked for and answered, while it is being put together from its attributes. Used again for the next call.</summary>
internal sealed class ContentDraft
{
    private const int MostNames = 64;
    private const int MostMessages = 4096;

    private readonly List<(string Role, string Text)> _messages = [];
    private readonly List<string> _tools = [];
    private readonly List<string> _toolCalls = [];
    private bool _hasTools;
    private bool _hasInput;

    public string? System { get; private set; }
    public string? Answer { get; private set; }
    public string? Schema { get; set; }
    public string? FinishReason { get; set; }
    public RequestedOutput? Output { get; set; }
    public double? Temperature { get; set; }
    public long? MaxTokens { get; set; }
    public string? Effort { get; set; }
    public bool HasMessages => _messages.Count > 0;
    /// <summary>Characters of all texts.</summary>
    public int Chars { get; private set; }

    public void Begin()
    {
        _messages.Clear();
        _tools.Clear();
        _toolCalls.Clear();
        (System, Answer, Schema, FinishReason, Output, Temperature, MaxTokens, Effort) = (null, null, null, null, null, null, null, null);
        (_hasTools, _hasInput, Chars) = (false, false, 0);
    }

    /// <summary>Where it stands, to go back to when what is being read turns out broken.</summary>
    public (int Messages, int ToolCalls, int Tools, string? System, string? Answer) Mark() => (_messages.Count, _toolCalls.Count, _tools.Count, System, Answer);

    public void Return((int Messages, int ToolCalls, int Tools, string? System, string? Answer) mark)
    {
        _messages.RemoveRange(mark.Messages, _messages.Count - mark.Messages);
        _toolCalls.RemoveRange(mark.ToolCalls, _toolCalls.Count - mark.ToolCalls);
        _tools.RemoveRange(mark.Tools, _tools.Count - mark.Tools);
        (System, Answer) = (mark.System, mark.Answer);
    }

    public void AddSystem(string? text)
    {
        _hasInput = true;
        if (string.IsNullOrEmpty(text)) return;
        // The same prompt may stand in its own attribute and in the messages.
        if (System is not null && System.Contains(text, StringComparison.Ordinal)) return;
        System = System is null ? text : $"{System}\n{text}";
        Chars += text.Length;
    }

    public void AddMessage(string role, string? text)
    {
        if (role == "system")
        {
            AddSystem(text);
            return;
        }
        _hasInput = true;
        if (_messages.Count == MostMessages) return;
        _messages.Add((role, text ?? ""));
        Chars += text?.Length ?? 0;
    }

    public void AddAnswer(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            Answer ??= "";
            return;
        }
        Answer = string.IsNullOrEmpty(Answer) ? text : $"{Answer}\n{text}";
        Chars += text.Length;
    }

    public void AddToolCall(string? name)
    {
        Answer ??= "";
        if (LogText.Name(name) is { } known && _toolCalls.Count < MostNames) _toolCalls.Add(known);
    }

    public void DeclareTools() => _hasTools = true;

    public void AddTool(string? name)
    {
        _hasTools = true;
        if (LogText.Name(name) is { } known && _tools.Count < MostNames && !_tools.Contains(known)) _tools.Add(known);
    }

    public ImmutableArray<string> Tools => _hasTools ? [.. _tools] : default;

    public ImmutableArray<string> ToolCalls => _toolCalls.Count > 0 ? [.. _toolCalls] : Answer is not null ? [] : default;

    /// <summary>The content; null when the log has none.</summary>
    public CallContent? ToContent() =>
        !_hasInput && Answer is null && Schema is null ? null : new CallContent { System = System, Messages = [.. _messages], Schema = Schema, Answer = Answer };
}
