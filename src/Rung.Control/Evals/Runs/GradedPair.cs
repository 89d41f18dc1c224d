using Rung.Core.Checks;

namespace Rung.Control.Evals.Runs;

/// <summary>A row of an eval with the grades of two models' answers: what a cascade of the two is trained and calibrated on.</summary>
public sealed record GradedPair
{
    /// <summary>The row.</summary>
    public required string RowId { get; init; }
    /// <summary>Rows of one group stay together; the row's id where it stands alone.</summary>
    public required string Group { get; init; }
    /// <summary>The weak model's answer with what was asked, as checks and verifiers see it.</summary>
    public required Answer WeakAnswer { get; init; }
    /// <summary>Its grade, 0 to 1.</summary>
    public required double WeakScore { get; init; }
    /// <summary>The grade of the strong model's answer, 0 to 1.</summary>
    public required double StrongScore { get; init; }
    /// <summary>What the weak answer cost, in nano-USD; null when a price is unknown.</summary>
    public long? WeakCostNanoUsd { get; init; }
    /// <summary>What the strong answer cost, in nano-USD; null when unknown.</summary>
    public long? StrongCostNanoUsd { get; init; }
}
