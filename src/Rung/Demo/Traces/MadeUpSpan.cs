namespace Rung.Demo.Traces;

/// <summary>A span that is made up.</summary>
internal sealed record MadeUpSpan
{
    public required string Trace { get; init; }
    public required string Id { get; init; }
    public required string Parent { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset Start { get; init; }
    public required DateTimeOffset End { get; init; }
    public required string Agent { get; init; }
    /// <summary>The site of a model call; null for an agent's or a tool's span.</summary>
    public TraceSite? Site { get; init; }
    public string Model { get; init; } = "";
    public long InputTokens { get; init; }
    public long CacheReadTokens { get; init; }
    public long OutputTokens { get; init; }
    public string? System { get; init; }
    public IReadOnlyList<(string Role, string Text)> Messages { get; init; } = [];
    public string? Answer { get; init; }
    public IReadOnlyList<string> ToolCalls { get; init; } = [];
    /// <summary>The operation of an agent's or tool's span.</summary>
    public string Operation { get; init; } = "chat";
}
