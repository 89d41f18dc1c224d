using Rung.Core.Checks;

namespace Rung.Core.Learning;

/// <summary>One query whose two answers were graded: what a verifier learns from.</summary>
public sealed record TrainingRow
{
    /// <summary>Id of the query.</summary>
    public required string Id { get; init; }
    /// <summary>The weak model's answer with its context, as the gateway would see it.</summary>
    public required Answer WeakAnswer { get; init; }
    /// <summary>Whether the answer was kept; otherwise only the context of <see cref="WeakAnswer"/> is true.</summary>
    public bool HasAnswer { get; init; } = true;
    /// <summary>Grade of the weak model's answer, 0 to 1.</summary>
    public required double WeakQuality { get; init; }
    /// <summary>Grade of the strong model's answer, 0 to 1.</summary>
    public required double StrongQuality { get; init; }
    /// <summary>What the weak answer cost, in nano-USD; null when not known.</summary>
    public long? WeakCostNanoUsd { get; init; }
    /// <summary>What the strong answer cost, in nano-USD; null when not known.</summary>
    public long? StrongCostNanoUsd { get; init; }
    /// <summary>Rows of one group stay on one side of any split; the id where a row stands alone.</summary>
    public required string Group { get; init; }
}
