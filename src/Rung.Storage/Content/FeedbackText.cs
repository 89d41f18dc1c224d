namespace Rung.Storage.Content;

/// <summary>What a text of feedback is. Stored: add at the end, never renumber.</summary>
public enum FeedbackTextKind : byte
{
    /// <summary>A free comment.</summary>
    Comment = 1,
    /// <summary>What a person replaced the answer with.</summary>
    Replacement = 2,
}

/// <summary>A text that came as feedback: content, already redacted.</summary>
public sealed record FeedbackText
{
    /// <summary>Unique id. The same id again changes nothing.</summary>
    public required string Id { get; init; }
    /// <summary>The call that it is about; null for one about a session.</summary>
    public string? CallId { get; init; }
    /// <summary>The session; null when it is not known.</summary>
    public string? Session { get; init; }
    /// <summary>What it is.</summary>
    public required FeedbackTextKind Kind { get; init; }
    /// <summary>When it was given, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>From when on it is to be gone, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>The text.</summary>
    public required string Text { get; init; }
}
