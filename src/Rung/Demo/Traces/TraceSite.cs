namespace Rung.Demo.Traces;

/// <summary>What a made-up answer looks like.</summary>
internal enum TraceAnswer
{
    /// <summary>One of a few labels.</summary>
    Label,
    /// <summary>JSON with always the same keys.</summary>
    Json,
    /// <summary>A tool call and no text.</summary>
    Tool,
    /// <summary>Sentences.</summary>
    Text,
    /// <summary>Code.</summary>
    Code,
}

/// <summary>A place in a made-up program that makes calls of one kind.</summary>
internal sealed record TraceSite
{
    /// <summary>Its true name, which only the truth file tells.</summary>
    public required string Name { get; init; }
    /// <summary>Whether its calls carry the name as their tag.</summary>
    public bool IsTagged { get; init; }
    /// <summary>Name of its spans; null for the client library's own (<c>chat gpt-…</c>).</summary>
    public string? Span { get; init; }
    /// <summary>The role that its spans carry; null for none.</summary>
    public string? Role { get; init; }
    /// <summary>Its models; each call takes one of them.</summary>
    public required IReadOnlyList<string> Models { get; init; }
    /// <summary>Calls in a run, on average.</summary>
    public required double CallsPerRun { get; init; }
    /// <summary>System prompt with variables in braces; null for none.</summary>
    public string? System { get; init; }
    /// <summary>The system prompt after it was edited, halfway through; null when it never was.</summary>
    public string? SystemLater { get; init; }
    /// <summary>The user's message with variables in braces.</summary>
    public required string User { get; init; }
    /// <summary>Messages of an earlier conversation, at most.</summary>
    public int History { get; init; }
    /// <summary>What answers look like.</summary>
    public required TraceAnswer Answer { get; init; }
    /// <summary>Labels, keys or tool names, by the kind of answer.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
    /// <summary>Words of a text, or lines of code: from and to.</summary>
    public (int From, int To) Length { get; init; } = (40, 120);
    /// <summary>Tools that are declared.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];
    /// <summary>Temperature that is asked for; null for none.</summary>
    public double? Temperature { get; init; }
    /// <summary>Output cap; null for none.</summary>
    public int? MaxTokens { get; init; }
    /// <summary>Name of the step that looks at its answers; null when none does.</summary>
    public string? CheckedBy { get; init; }
    /// <summary>Tokens of a call, in and out, where nothing is said and only counted; null: those of its texts.</summary>
    public (long Input, long Output)? Tokens { get; init; }
    /// <summary>Share of the calls that are made again at once.</summary>
    public double AskedAgain { get; init; }
}

/// <summary>A made-up agent.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sites">Its calls, in the order of a run.</param>
internal sealed record TraceAgent(string Name, IReadOnlyList<TraceSite> Sites);
