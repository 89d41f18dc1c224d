using System.Collections.Immutable;
using Rung.Core.Policies;
using Rung.Core.Rollouts;

namespace Rung.Gateway.Rollouts;

/// <summary>A rollout as the gateway applies it: which share of the units gets which policy.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Plan">What it promises: tags, unit, salt, holdback.</param>
/// <param name="Share">The candidate's share now, 0 to <see cref="RolloutPlan.Whole"/>; 0 with <see cref="RolloutPlan.Shadow"/> set: copies alone.</param>
/// <param name="Candidate">What the candidate's units get; null: the policy in force, once the rollout is complete.</param>
/// <param name="Holdback">What the units held back get; null: the policy in force, until the rollout is complete.</param>
public sealed record RolloutInForce(long Id, RolloutPlan Plan, int Share, PolicySnapshot? Candidate, PolicySnapshot? Holdback)
{
    /// <summary>Whether the candidate answers copies alone.</summary>
    public bool IsShadow => Plan.Shadow is not null && Share == 0 && Candidate is not null;

    /// <summary>What its copies and their judging have cost before this process began, or in others, nano-USD: its budget is less by that.</summary>
    public long ShadowSpentNanoUsd { get; init; }
}

/// <summary>A rollout that is open and not applied: its calls stay on the policy in force, without an arm.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Why">Why, and what to do.</param>
public sealed record RolloutRefusal(long Id, string Why);

/// <summary>A rollout as <c>GET /rung/policy</c> shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Tags">The tags whose calls take part; empty: every call.</param>
/// <param name="Unit">What is assigned.</param>
/// <param name="SharePercent">The candidate's share.</param>
/// <param name="HoldbackPercent">The share that is held back.</param>
/// <param name="CandidateRevision">Number of the candidate's revision; null when it is the policy in force.</param>
/// <param name="HoldbackRevision">Number of the revision that units held back get; null when it is the policy in force.</param>
/// <param name="Shadow">Whether the candidate answers copies alone.</param>
public sealed record RolloutStatus(
    long Id, ImmutableArray<string> Tags, RolloutUnit Unit, decimal SharePercent, decimal HoldbackPercent, long? CandidateRevision, long? HoldbackRevision, bool Shadow)
{
    internal static RolloutStatus Of(RolloutInForce rollout) => new(
        rollout.Id, rollout.Plan.Tags, rollout.Plan.Unit, rollout.Share / 100m, rollout.Plan.Holdback / 100m, rollout.Candidate?.Revision, rollout.Holdback?.Revision,
        rollout.IsShadow);
}
