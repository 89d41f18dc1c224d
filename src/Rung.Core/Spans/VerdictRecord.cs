namespace Rung.Core.Spans;

/// <summary>What a verdict says. Stored in the ledger: add at the end, never renumber.</summary>
public enum VerdictKind : byte
{
    /// <summary>A judge's score.</summary>
    Judge = 1,
    /// <summary>A person's review: a spot check.</summary>
    Review = 2,
    /// <summary>Thumbs of a user: 1 or 0.</summary>
    Thumbs = 3,
    /// <summary>A user's or a product's score.</summary>
    Score = 4,
    /// <summary>A person replaced the answer: 1 minus the share of it that was changed.</summary>
    Override = 5,
    /// <summary>The task was completed (1) or not (0).</summary>
    TaskCompleted = 6,
    /// <summary>The conversation was handed to a person (0), or said not to have been (1).</summary>
    Escalated = 7,
    /// <summary>Length of the conversation, in turns: recorded, never part of quality.</summary>
    ConversationLength = 8,
    /// <summary>An evaluation of another system, received as a <c>gen_ai.evaluation.result</c> event.</summary>
    Evaluation = 9,
}

/// <summary>One quality signal about a call or a session, which may come long after it. Never holds content.</summary>
public sealed record VerdictRecord
{
    /// <summary>Unique id: the sender's idempotency key, or one made of what it says. The same id again changes nothing.</summary>
    public required string Id { get; init; }
    /// <summary>The call; null for a verdict about a session.</summary>
    public string? CallId { get; init; }
    /// <summary>The session; null for a verdict about a call alone.</summary>
    public string? Session { get; init; }
    /// <summary>The tag of the call, where it is known; null otherwise.</summary>
    public string? Tag { get; init; }
    /// <summary>The model whose answer it judges, where it is known; null otherwise.</summary>
    public string? Model { get; init; }
    /// <summary>What it says.</summary>
    public required VerdictKind Kind { get; init; }
    /// <summary>What was judged, as the sender names it (<c>relevance</c>); null when there is nothing to tell apart.</summary>
    public string? Name { get; init; }
    /// <summary>0 (bad) to 1 (good); for <see cref="VerdictKind.ConversationLength"/> the number of turns.</summary>
    public required double Score { get; init; }
    /// <summary>Weight in the tag's quality, at least 0; 0: recorded only.</summary>
    public required double Weight { get; init; }
    /// <summary>Who judged: a judge's tag, a reviewer, <c>user</c>, a system; never an e-mail address.</summary>
    public required string By { get; init; }
    /// <summary>When it was given, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Probability with which the item was chosen to be judged, above 0, at most 1; null when it was not sampled (users speak up by themselves).</summary>
    public double? SampledAt { get; init; }
}
