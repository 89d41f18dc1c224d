using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Core.Spans;

namespace Rung.Gateway.Shadows;

/// <summary>A question with two answers: the one that the client got, and the candidate's.</summary>
public sealed record ShadowPair
{
    /// <summary>Number of the rollout.</summary>
    public required long Rollout { get; init; }
    /// <summary>The call; its tag and arm are as the client's call had them.</summary>
    public required CallRecord Current { get; init; }
    /// <summary>The copy as it was booked, under the tag <c>shadow.</c> and the call's own.</summary>
    public required CallRecord Candidate { get; init; }
    /// <summary>The policy in force that answered the call.</summary>
    public required PolicySnapshot CurrentPolicy { get; init; }
    /// <summary>What was known of the call, for pins: whoever else sees the content is bound by them, too.</summary>
    public required CallFacts Facts { get; init; }
    /// <summary>The client's request, JSON in UTF-8. Held in memory only.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }
    /// <summary>The message that the client got: role, content, tool calls, JSON in UTF-8.</summary>
    public required ReadOnlyMemory<byte> CurrentMessage { get; init; }
    /// <summary>The candidate's.</summary>
    public required ReadOnlyMemory<byte> CandidateMessage { get; init; }
}

/// <summary>What became of a comparison.</summary>
/// <param name="IsJudged">Whether there is a verdict.</param>
/// <param name="CostNanoUsd">What it cost, nano-USD; null when a price is unknown, which ends the copies.</param>
public readonly record struct ShadowJudgement(bool IsJudged, long? CostNanoUsd);

/// <summary>Compares the two answers of a pair, and keeps the verdict. Runs beside the calls, never on one.</summary>
public delegate Task<ShadowJudgement> JudgeShadow(ShadowPair pair, CancellationToken cancellationToken);
