using System.Collections.Immutable;
using Rung.Core.Spans;

namespace Rung.Recorded;

/// <summary>One attempt of a call that was worked out from the recording.</summary>
/// <param name="Model">The policy's name of the model.</param>
/// <param name="Tier">The rung it was asked on.</param>
/// <param name="Kind">Why it was asked: first, failover, escalation.</param>
/// <param name="Checks">What the checks said of its answer; empty without checks, or without an answer.</param>
/// <param name="Failed">What spoke against its answer, in the words of the policy; null when nothing counted.</param>
/// <param name="CostNanoUsd">What it cost, in nano-USD; null when its price is unknown.</param>
internal sealed record OfflineAttempt(string Model, string Tier, string Kind, ImmutableArray<CheckVerdict> Checks, string? Failed, long? CostNanoUsd);

/// <summary>What a policy makes of one recorded prompt.</summary>
internal sealed record OfflineCall
{
    /// <summary>The error of a call that cannot be judged: something hangs on a check, and of the answer only the grade was recorded.</summary>
    public const string Unjudged = "unjudged_stand_in";

    /// <summary>Every attempt, in order.</summary>
    public required IReadOnlyList<OfflineAttempt> Attempts { get; init; }
    /// <summary>The attempt whose answer is served; null when none is.</summary>
    public OfflineAttempt? Served { get; init; }
    /// <summary>The served answer; null when none is.</summary>
    public ChatAnswer? Answer { get; init; }
    /// <summary>A word for why no answer is served, the one that a gateway would give; else null.</summary>
    public string? Error { get; init; }
    /// <summary>What the attempts with a known price cost, in nano-USD.</summary>
    public required long CostNanoUsd { get; init; }
    /// <summary>What the served answer's tokens would have cost at the reference model, in nano-USD; null when unknown.</summary>
    public long? BaselineNanoUsd { get; init; }
}
