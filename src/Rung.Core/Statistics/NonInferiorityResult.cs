namespace Rung.Core.Statistics;

/// <summary>One row that a candidate and the reference both answered.</summary>
/// <param name="Candidate">Score of the candidate's answer, 0 to 1.</param>
/// <param name="Reference">Score of the reference's answer, 0 to 1.</param>
/// <param name="Weight">How much the row counts, above 0; 1 where every row counts alike.</param>
/// <param name="Group">Rows with the same number belong together (near-identical prompts, one conversation) and count as one piece of evidence.</param>
public readonly record struct PairedScore(double Candidate, double Reference, double Weight, int Group);

/// <summary>Whether a candidate is not worse than the reference by more than a margin, and how sure that is.</summary>
public sealed record NonInferiorityResult
{
    /// <summary>Mean score of the candidate less that of the reference, weighted; −1 to 1. Below 0: the candidate is worse.</summary>
    public required double Difference { get; init; }
    /// <summary>The difference with its two-sided interval at the confidence asked for.</summary>
    public required Interval TwoSided { get; init; }
    /// <summary>One-sided lower bound of the difference, at the confidence asked for: above −margin exactly where <see cref="NotWorse"/>.</summary>
    public required double LowerBound { get; init; }
    /// <summary>Whether "worse by the margin or more" is rejected at the confidence asked for.</summary>
    public required bool NotWorse { get; init; }
    /// <summary>P-value of "worse by the margin or more".</summary>
    public required double PValue { get; init; }
    /// <summary>The method, in words, for people and for evidence.</summary>
    public required string Method { get; init; }
    /// <summary>Rows.</summary>
    public required int Rows { get; init; }
    /// <summary>Groups of rows: the pieces of evidence.</summary>
    public required int Groups { get; init; }
    /// <summary>Weighted mean score of the candidate, 0 to 1.</summary>
    public required double CandidateMean { get; init; }
    /// <summary>Weighted mean score of the reference, 0 to 1.</summary>
    public required double ReferenceMean { get; init; }
    /// <summary>Mean squared difference of the scores, groups and weights accounted for: for right or wrong, the share of rows on which the two disagree. 0 to 1.</summary>
    public required double Discordance { get; init; }
    /// <summary>Probability that so many rows with this discordance find a candidate not worse that is exactly as good as the reference; 0 to 1.</summary>
    public required double PowerIfEqual { get; init; }
    /// <summary>Rows at which that probability reaches 0.8.</summary>
    public required int RowsForPower80 { get; init; }
}
