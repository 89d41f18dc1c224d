
namespace Rung.Control.Imports.ClaudeCode;

/// <summary>One thread of a transcript: the main one, or that of a sub-agent. Knows in which run the next answer stands and what it answers.</summary>
/// <remarks>A run of the main thread lasts from one prompt of the user to the next; a sub-agent's thread is one run.</remarks>
internal sealed class TranscriptThread
{
    private const int LongestInput = 8 * 1024;
    private const int MostInputs = 8;

    // A pause longer than this is a person who went away, not a model that thinks.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromHours(1);

    private readonly List<(string Role, string Text)> _inputs = [];
    private string? _prompt;
    private readonly bool _isAgent;
    private string? _run;
    private int _position;
    private DateTimeOffset? _inputAt;

    /// <summary>A thread that begins.</summary>
    /// <param name="agentRun">Of a sub-agent what its run is called; null for the main thread.</param>
    public TranscriptThread(string? agentRun)
    {
        _isAgent = agentRun is not null;
        _run = agentRun;
    }

    /// <summary>The answer that stands last in it; null when the run is new.</summary>
    public TranscriptMessage? Last { get; private set; }

    /// <summary>A line came that a model will read: a prompt, or the result of a tool.</summary>
    public void Input(in TranscriptLine line)
    {
        if (line.Time is { } time) _inputAt = time;
        var isResult = line.HasToolResult;
        if (!isResult && !line.IsMeta) BeginRun(line);
        if (_inputs.Count < MostInputs)
        {
            var text = line.ContentText;
            _inputs.Add((isResult ? "tool" : "user", text.Length > LongestInput && isResult ? text[..LongestInput] : text));
        }
    }

    /// <summary>A new answer begins: gives it its place.</summary>
    public void Begin(TranscriptMessage message, DateTimeOffset at)
    {
        message.Run = _run;
        message.Position = _run is null ? null : _position;
        if (_inputAt is { } asked && asked <= at && at - asked <= LongestAnswer) message.AskedAt = asked;
        message.Messages = [.. Conversation()];
        if (Last is { } before) before.EndsRun ??= false;
        Advance();
        Last = message;
    }

    /// <summary>An answer that is not counted here (a copy) has its place all the same.</summary>
    public void Pass()
    {
        if (Last is { } before) before.EndsRun ??= false;
        Last = null;
        Advance();
    }

    private void Advance()
    {
        _position++;
        _inputs.Clear();
    }

    private void BeginRun(in TranscriptLine line)
    {
        if (_isAgent) return;
        var run = line.PromptId ?? line.Id;
        // Two prompts before the first answer (a command and what it prints) are one.
        if (run == _run || (_position == 0 && _run is not null && Last is null && _inputs.Count > 0)) return;
        if (Last is { } before) before.EndsRun ??= true;
        Last = null;
        _run = run;
        _position = 0;
        _prompt = null;
        _inputs.Clear();
    }

    // The first prompt, what the model said last, and what came since: the log has the whole, but to build it for every answer would be quadratic.
    private IEnumerable<(string Role, string Text)> Conversation()
    {
        if (_position == 0 && _inputs.Count > 0)
        {
            _prompt = TranscriptText.Cut(_inputs[0].Text);
            return _inputs;
        }
        var messages = new List<(string, string)>();
        if (_prompt is not null) messages.Add(("user", _prompt));
        if (_position > 0 && Last is { } before) messages.Add(("assistant", before.Answer));
        messages.AddRange(_inputs);
        return messages;
    }
}
