using System.Collections.Immutable;
using Rung.Core.Statistics;

namespace Rung.Core.Policies;

/// <summary>What was lately seen of the traffic under a policy, for opinions that its text alone cannot give.</summary>
public sealed record PolicyObservations
{
    /// <summary>Nothing was seen.</summary>
    public static PolicyObservations None { get; } = new();

    /// <summary>What the recent inputs of a tag look like, by tag.</summary>
    public ImmutableDictionary<string, InputProfile> Inputs { get; init; } = ImmutableDictionary<string, InputProfile>.Empty;

    /// <summary>The name and version that upstreams reported last, by the policy's name of the model.</summary>
    public ImmutableDictionary<string, string> Reported { get; init; } = ImmutableDictionary<string, string>.Empty;
}
