namespace Rung.Core.Measurement;

/// <summary>Where a judgement of quality comes from: the words of <c>floor.verdict</c>, and of guards.</summary>
public enum QualitySignal : byte
{
    /// <summary>Whether the checks of the route passed the answer that the client got.</summary>
    Check = 1,
    /// <summary>The score of a verifier.</summary>
    Verifier = 2,
    /// <summary>A judge, or a person who reviewed.</summary>
    Judge = 3,
    /// <summary>Thumbs, scores, completed tasks, evaluations of other systems.</summary>
    Feedback = 4,
    /// <summary>A person who replaced the answer: 1 minus the share that was changed.</summary>
    Override = 5,
}

/// <summary>One judgement of one call, which may come long after it.</summary>
public readonly record struct ObservedVerdict
{
    /// <summary>When it was given, UTC.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>What gave it.</summary>
    public required QualitySignal Signal { get; init; }
    /// <summary>0 (bad) to 1 (good).</summary>
    public required double Score { get; init; }
    /// <summary>The call; null for a verdict about a session.</summary>
    public string? CallId { get; init; }
    /// <summary>The call's tag; null when none.</summary>
    public string? Tag { get; init; }
    /// <summary>The call's arm; null outside rollouts.</summary>
    public string? Arm { get; init; }
    /// <summary>The call's unit, as <see cref="ObservedCall.Unit"/>.</summary>
    public required string Unit { get; init; }
    /// <summary>The rung on which the call started; null when it is not known.</summary>
    public string? Tier { get; init; }
    /// <summary>Number of the policy revision that decided the call; 0 when it is not known.</summary>
    public long Revision { get; init; }
    /// <summary>What a verifier had said of the same answer, 0 to 1; null when none had.</summary>
    public double? VerifierScore { get; init; }
}
