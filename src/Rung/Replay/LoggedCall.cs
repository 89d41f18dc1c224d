using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Core.Spans;

namespace Rung.Replay;

/// <summary>One attempt of a logged call: which model was asked, and what it used.</summary>
internal sealed record LoggedAttempt
{
    /// <summary>Why it was made.</summary>
    public required AttemptKind Kind { get; init; }
    /// <summary>The provider, in the words of policies; empty when unknown.</summary>
    public required string Provider { get; init; }
    /// <summary>The model: a policy's name of it, or (imported) the log's.</summary>
    public required string Model { get; init; }
    /// <summary>The model's id as the upstream reported it; null when it did not.</summary>
    public string? UpstreamModel { get; init; }
    /// <summary>When it began, UTC: the instant whose prices hold.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>Tokens used.</summary>
    public required TokenUsage Usage { get; init; }
    /// <summary>What was paid, in nano-USD; null when unknown.</summary>
    public required long? CostNanoUsd { get; init; }
    /// <summary>What the price is multiplied with, in thousandths (a batch at half price: 500).</summary>
    public int PricePermille { get; init; } = 1000;
    /// <summary>Probability of this choice, in (0, 1]; null when it was not logged.</summary>
    public double? Propensity { get; init; }
    /// <summary>What it was chosen from: a tier, and the hash of the policy that filled it; null when not logged.</summary>
    public (string PolicyHash, string Tier)? Pool { get; init; }
    /// <summary>What spoke against its answer, as far as the log tells.</summary>
    public ClimbCause Against { get; init; }
    /// <summary>Names of the checks that ran on it.</summary>
    public IReadOnlyList<string> Checks { get; init; } = [];
}

/// <summary>A call that was really made, by the gateway or (imported) without it.</summary>
internal sealed record LoggedCall
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }
    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>The tag; null when none.</summary>
    public string? Tag { get; init; }
    /// <summary>The role; null when none.</summary>
    public string? Role { get; init; }
    /// <summary>The end user; null when none.</summary>
    public string? User { get; init; }
    /// <summary>The session; null when none.</summary>
    public string? Session { get; init; }
    /// <summary>What the model had to be able to do, as far as the log tells.</summary>
    public ModelNeeds Needs { get; init; }
    /// <summary>The output cap that was asked for; 0 when none or not told.</summary>
    public int RequestedMaxTokens { get; init; }
    /// <summary>Every attempt, in order; at least one.</summary>
    public required IReadOnlyList<LoggedAttempt> Attempts { get; init; }
    /// <summary>Place of the attempt whose answer the client got; null when it got none.</summary>
    public int? Answer { get; init; }
    /// <summary>A word for why there was no answer; null when there was one.</summary>
    public string? Error { get; init; }
    /// <summary>What was paid for all of it, in nano-USD; null when a price is unknown.</summary>
    public long? CostNanoUsd { get; init; }
    /// <summary>What it would have cost at the reference tier of its time, in nano-USD; null when unknown.</summary>
    public long? BaselineNanoUsd { get; init; }
    /// <summary>How good the first answer was, 0 to 1, by the verdicts on it; null without one.</summary>
    public double? Verdict { get; init; }
    /// <summary>The rung that answered; null when not told.</summary>
    public string? Tier { get; init; }

    /// <summary>What the call is decided by. The log keeps no more of it.</summary>
    public CallFacts Facts => new()
    {
        Tag = Tag, TagSource = Tag is null ? TagSource.None : TagSource.Header, Role = Role, User = User, Needs = Needs, RequestedMaxTokens = RequestedMaxTokens,
        EstimatedInputTokens = (int)Math.Clamp(Attempts[0].Usage.Input, 0, int.MaxValue),
    };

    /// <summary>The attempt whose tokens stand for the call's: the one that answered, else the last that used any; null when none did.</summary>
    public LoggedAttempt? Measured => Answer is { } answer ? Attempts[answer] : Attempts.LastOrDefault(attempt => attempt.Usage.Source != UsageSource.None);

    /// <summary>What was really done, as a side of a replay.</summary>
    public ReplayedCall AsItWas => new()
    {
        Model = Answer is { } answer ? Attempts[answer].Model : null,
        Tier = Tier,
        Made = [.. Attempts.Select(attempt => $"{attempt.Kind.ToString().ToLowerInvariant()} {attempt.Model}")],
        Climbs = Attempts.Count(attempt => attempt.Kind == AttemptKind.Escalation),
        CostNanoUsd = CostNanoUsd,
        CostSource = CostNanoUsd is null ? CostSource.Unknown : CostSource.Paid,
        BaselineNanoUsd = BaselineNanoUsd,
        Score = Verdict,
        Error = Error,
    };
}
