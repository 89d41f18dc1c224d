using Rung.Core.Spans;
using Rung.Storage.Content;

namespace Rung.Control.Feedback;

/// <summary>What taking feedback needs of the world.</summary>
public sealed record FeedbackWorld
{
    /// <summary>Appends verdicts to the ledger; gives how many were new.</summary>
    public required Func<IReadOnlyList<VerdictRecord>, CancellationToken, Task<int>> Append { get; init; }
    /// <summary>Finds a call; null when there is none of that id yet.</summary>
    public required Func<string, CancellationToken, Task<CallRecord?>> FindCall { get; init; }
    /// <summary>Finds the captured content of a call; null where none is kept at all.</summary>
    public Func<string, CancellationToken, Task<CapturedCall?>>? FindCapture { get; init; }
    /// <summary>Stores comments and replacements; null where no content is kept at all.</summary>
    public Func<IReadOnlyList<FeedbackText>, CancellationToken, Task<int>>? AppendTexts { get; init; }
    /// <summary>Blots out of a text what content may not hold, and gives null for a text that it cannot judge, which is then not kept. Null: texts are dropped.</summary>
    public Func<string, string?>? Redact { get; init; }
    /// <summary>How long comments are kept of calls whose own content is not; null: not at all.</summary>
    public TimeSpan? KeepComments { get; init; }
    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }
}
