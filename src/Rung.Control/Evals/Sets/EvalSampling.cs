namespace Rung.Control.Evals.Sets;

/// <summary>How a set is drawn.</summary>
public sealed record EvalSampling
{
    /// <summary>Likeness from which a row counts as a near-duplicate, where nothing else is said.</summary>
    public const double DefaultNearDuplicates = 0.8;

    /// <summary>Rows wanted, at least 1; null: all.</summary>
    public int? Size { get; init; }
    /// <summary>Decides every random choice.</summary>
    public long Seed { get; init; } = 1;
    /// <summary>Share of the rows that is held out for deciding, 0 to 1.</summary>
    public double Holdout { get; init; } = 0.5;
    /// <summary>Jaccard index over runs of three words from which a row is left out as a near-duplicate, 0.5 to 1; at 1 only rows with the same runs are.</summary>
    public double NearDuplicates { get; init; } = DefaultNearDuplicates;

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public string? Fault() =>
        Size is < 1 ? "The size of a set is at least 1."
        : !(Holdout is >= 0 and <= 1) ? "The held-out share is 0 to 1."
        : !(NearDuplicates is >= 0.5 and <= 1) ? "The likeness of near-duplicates is 0.5 to 1."
        : null;
}
