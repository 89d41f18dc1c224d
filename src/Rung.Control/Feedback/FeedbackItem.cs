using System.Collections.Immutable;
using Rung.Core.Spans;

namespace Rung.Control.Feedback;

/// <summary>What one body of feedback says about one call or session.</summary>
public sealed record FeedbackItem
{
    /// <summary>Where it stands in the body: empty, or <c>[2]</c>.</summary>
    public required string Place { get; init; }
    /// <summary>The sender's idempotency key; null when it gave none.</summary>
    public string? Key { get; init; }
    /// <summary>The call; null for feedback about a session.</summary>
    public string? CallId { get; init; }
    /// <summary>The session; null when none is named.</summary>
    public string? Session { get; init; }
    /// <summary>Who gives it: a pseudonym of a user, or <c>user</c>.</summary>
    public required string By { get; init; }
    /// <summary>What is judged (<c>tone</c>); null when there is nothing to tell apart.</summary>
    public string? Name { get; init; }
    /// <summary>When it was given, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The numbers, without that of <see cref="Override"/>.</summary>
    public ImmutableArray<FeedbackSignal> Signals { get; init; } = [];
    /// <summary>What the answer was replaced with; null when it was not.</summary>
    public FeedbackOverride? Override { get; init; }
    /// <summary>A free comment: content; null when none.</summary>
    public string? Comment { get; init; }
}

/// <summary>One number.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Score">0 to 1, or a number of turns.</param>
public readonly record struct FeedbackSignal(VerdictKind Kind, double Score);

/// <summary>A person replaced the answer.</summary>
/// <param name="Original">The answer as it was; null when it is to be taken from the captured content.</param>
/// <param name="Replacement">What it was replaced with; null when only the distance is told.</param>
/// <param name="Distance">Share that was changed, 0 to 1; null when it is to be worked out.</param>
public sealed record FeedbackOverride(string? Original, string? Replacement, double? Distance);
