using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Policies;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Rollouts;

namespace Rung.Gateway;

/// <summary>A policy snapshot, the upstreams and the served verifiers it names: what one call holds on to from start to end.</summary>
internal sealed record ActivePolicy(PolicySnapshot Snapshot, ImmutableArray<Upstream> Upstreams, FrozenDictionary<string, VerifierEndpoint> Verifiers)
{
    /// <summary>The revision as a header says it: <c>3@1a2b3c4d5e6f</c>.</summary>
    public string Label { get; } = $"{Snapshot.Revision}@{Snapshot.Hash[..Math.Min(12, Snapshot.Hash.Length)]}";

    /// <summary>What the pins of the policy in force leave to this one, which a rollout put beside it; null for the policy in force itself.</summary>
    public PinBounds? Bounds { get; init; }
}
