using System.Collections.Immutable;
using Rung.Core.Checks;

namespace Rung.Core.Policies;

/// <summary>What the policy says for one tag (or role, or everything else).</summary>
public sealed record Route
{
    /// <summary>The tag, <c>role:&lt;role&gt;</c>, or <c>default</c>.</summary>
    public required string Name { get; init; }
    /// <summary>What kind of route it is.</summary>
    public required RouteKind Kind { get; init; }
    /// <summary>The role that the tag belongs to; null when none.</summary>
    public string? Role { get; init; }
    /// <summary>The rung to start at.</summary>
    public required Tier Tier { get; init; }
    /// <summary>Why, in the words of the policy's author; null when not stated.</summary>
    public string? Why { get; init; }
    /// <summary>Who answers for it; null when not stated.</summary>
    public string? Owner { get; init; }
    /// <summary>Whether a person reads the answer as it is.</summary>
    public bool UserVisible { get; init; }
    /// <summary>Data class of everything under this tag; null when none. Pins see it beside the client's.</summary>
    public string? DataClass { get; init; }
    /// <summary>Most output tokens; 0 for no cap. A clamp: the client's smaller value stands.</summary>
    public int MaxTokens { get; init; }
    /// <summary>Highest temperature; null for no cap. A clamp: the client's smaller value stands.</summary>
    public double? MaxTemperature { get; init; }
    /// <summary>The checks, in order; empty: answers stream at once.</summary>
    public ImmutableArray<Check> Checks { get; init; } = [];
    /// <summary>
    /// What each of <see cref="Checks"/> is in full, in the same order: <c>regex "^\d+$"</c>, <c>schema intent.json sha256:…</c>. A check
    /// has only a short name; this text is what tells two revisions of it apart.
    /// </summary>
    public ImmutableArray<string> CheckTexts { get; init; } = [];
    /// <summary>When the first byte of a checked stream may go out.</summary>
    public StreamMode Streaming { get; init; }
    /// <summary>Where a failed call goes; null: nowhere.</summary>
    public Escalation? Escalation { get; init; }
    /// <summary>Least acceptable quality; null when not stated.</summary>
    public Floor? Floor { get; init; }
    /// <summary>Most acceptable cost; null when not stated.</summary>
    public Ceiling? Ceiling { get; init; }
    /// <summary>What is kept of the content of its calls; null: nothing.</summary>
    public Capture? Capture { get; init; }
    /// <summary>How an answer is graded, and what a cheaper model must prove: the defaults where the policy says nothing.</summary>
    public EvalTerms Eval { get; init; } = EvalTerms.Default;
    /// <summary>What proved this tier: a path or a link; null when nothing did.</summary>
    public string? Evidence { get; init; }
    /// <summary>That nothing has proved this tier yet, as the policy itself states it; null when it does not.</summary>
    public EvidenceGap? EvidenceGap { get; init; }
    /// <summary>Limits of its calls: the policy's, narrowed by the route.</summary>
    public required CallLimits Limits { get; init; }
    /// <summary>The start of the reason that every call of this route carries, in words: <c>tag classify-intent: small</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether an answer must be held until it has been judged: it has checks, or its escalation looks at how the answer ended.</summary>
    public bool Holds => !Checks.IsEmpty || Escalation is { LooksAtTheAnswer: true };

    /// <summary>Whether any check looks at what was asked.</summary>
    public bool NeedsContext
    {
        get
        {
            foreach (var check in Checks)
            {
                if (check.NeedsContext) return true;
            }
            return false;
        }
    }
}

/// <summary>When the first byte of a stream may go out on a route with checks.</summary>
public enum StreamMode : byte
{
    /// <summary><c>hold</c>: when the verdict is there.</summary>
    Hold = 0,
    /// <summary>
    /// <c>hold_until: first_valid_prefix</c>: when every check that watches has a valid beginning (<see cref="AnswerWatch.HasValidPrefix"/>). A doomed
    /// beginning still climbs; after it the verdict is only recorded.
    /// </summary>
    FirstValidPrefix = 1,
    /// <summary><c>pass</c>: at once. The verdict is recorded; the call cannot climb because of it.</summary>
    Pass = 2,
}

/// <summary>What kind of route it is.</summary>
public enum RouteKind : byte
{
    /// <summary>For one tag.</summary>
    Tag = 0,
    /// <summary>For one role.</summary>
    Role = 1,
    /// <summary>For everything else.</summary>
    Default = 2,
}

/// <summary>Why a call may climb.</summary>
[Flags]
public enum ClimbCause
{
    /// <summary>No cause.</summary>
    None = 0,
    /// <summary><c>check_failed</c>: a check failed the answer.</summary>
    CheckFailed = 1,
    /// <summary><c>truncated</c>: the answer ended at its token cap (finish reason <c>length</c>).</summary>
    Truncated = 2,
    /// <summary><c>refused</c>: the model refused.</summary>
    Refused = 4,
    /// <summary><c>filtered</c>: a content filter cut the answer.</summary>
    Filtered = 8,
    /// <summary><c>unavailable</c>: no model of the rung could answer.</summary>
    Unavailable = 16,
}

/// <summary>What happens when no rung remains and the last answer failed.</summary>
public enum Exhausted : byte
{
    /// <summary><c>last_answer</c>: the client gets the last answer, marked by a header.</summary>
    LastAnswer = 0,
    /// <summary><c>error</c>: the client gets an error.</summary>
    Error = 1,
}

/// <summary>Where a failed call goes.</summary>
public sealed record Escalation
{
    /// <summary>The rung to climb to. A second climb goes one rung above it, and so on.</summary>
    public required Tier To { get; init; }
    /// <summary>What makes it climb.</summary>
    public required ClimbCause On { get; init; }
    /// <summary>Most climbs of one call, at least 1.</summary>
    public required int Times { get; init; }
    /// <summary>What the client gets when nothing remains.</summary>
    public Exhausted Exhausted { get; init; }
    /// <summary>A call that has already cost this much (nano-USD) does not climb; null for no limit.</summary>
    public long? MaxCostNanoUsd { get; init; }
    /// <summary>A call that has already taken this long does not climb; null for no limit but the total.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Whether any cause needs the whole answer.</summary>
    public bool LooksAtTheAnswer => (On & ~ClimbCause.Unavailable) != ClimbCause.None;
}

/// <summary>Least acceptable quality of a tag.</summary>
/// <param name="Verdict">Which verdicts measure it: judge, verifier, check, feedback, override.</param>
/// <param name="AtLeast">Least mean score, 0 to 1.</param>
/// <param name="Of">Name of the tier it is measured against; null for an absolute floor.</param>
public sealed record Floor(string Verdict, double AtLeast, string? Of);

/// <summary>Most acceptable cost of a tag, nano-USD; at least one is set.</summary>
/// <param name="NanoUsdPerCall">A call.</param>
/// <param name="NanoUsdPerSession">A session.</param>
/// <param name="NanoUsdPerDay">A day.</param>
public sealed record Ceiling(long? NanoUsdPerCall, long? NanoUsdPerSession, long? NanoUsdPerDay);
