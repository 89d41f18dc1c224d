using System.Collections.Immutable;
using Rung.Core.Policies;
using Rung.Core.Rollouts;

namespace Rung.Control.Rollouts;

/// <summary>A policy with everything that storing it needs.</summary>
/// <param name="Name">What to call it: a path, or <c>revision 7</c>.</param>
/// <param name="Text">The document.</param>
/// <param name="Files">The files that it includes, by their path as written.</param>
/// <param name="Snapshot">What compiling gave.</param>
public sealed record WholePolicy(string Name, string Text, ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files, PolicySnapshot Snapshot);

/// <summary>What somebody asks of a rollout. What is null or empty is chosen from the difference and the traffic.</summary>
public sealed record RolloutRequest
{
    /// <summary>The policy that should come.</summary>
    public required WholePolicy Candidate { get; init; }
    /// <summary>The tags that take part; empty: those that the candidate changes.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];
    /// <summary>Whether every call takes part, with a tag or without.</summary>
    public bool EveryCall { get; init; }
    /// <summary>Shares, stage by stage, in hundredths of a percent, rising to <see cref="RolloutPlan.Whole"/>.</summary>
    public ImmutableArray<int> Stages { get; init; } = [100, 1_000, 5_000, RolloutPlan.Whole];
    /// <summary>Least time until the whole traffic.</summary>
    public TimeSpan MinTime { get; init; } = TimeSpan.FromDays(7);
    /// <summary>Least number of observations of the candidate in every guard and stage.</summary>
    public int MinSample { get; init; } = 50;
    /// <summary>What is assigned; null: the session, else the user, else the call, whichever nearly every call carries.</summary>
    public RolloutUnit? Unit { get; init; }
    /// <summary>What must not become worse; empty: chosen from what the tags' calls were judged by.</summary>
    public ImmutableArray<Guard> Guards { get; init; } = [];
    /// <summary>Share that never gets the candidate, hundredths of a percent.</summary>
    public int Holdback { get; init; }
    /// <summary>Copies first; null: none.</summary>
    public ShadowTerms? Shadow { get; init; }
    /// <summary>Who asks.</summary>
    public required string By { get; init; }
    /// <summary>Why; null: what changes, in words.</summary>
    public string? Why { get; init; }
}
