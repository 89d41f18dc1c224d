using System.Collections.Immutable;

namespace Rung.Core.Learning.Evaluation;

/// <summary>A number with its interval.</summary>
/// <param name="Value">The number.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end.</param>
public readonly record struct Estimate(double Value, double Low, double High);

/// <summary>What a cascade reached with thresholds that were chosen on other rows, for one target.</summary>
/// <param name="Target">The target: this share of the strong model's quality, 0 to 1.</param>
/// <param name="Quality">The quality reached on rows that had no part in the threshold, as a share of the strong model's.</param>
/// <param name="CostShare">What it cost, weak answers paid, as a share of always strong.</param>
/// <param name="ClimbShare">The share of queries that climbed, 0 to 1.</param>
/// <param name="Threshold">The threshold of the final model; null when only always climbing reaches the target.</param>
public sealed record BlindLevel(double Target, Estimate Quality, Estimate CostShare, double ClimbShare, double? Threshold);

/// <summary>What another way of choosing would cost to reach a target, as shares of always strong.</summary>
/// <param name="Target">The target, 0 to 1.</param>
/// <param name="RandomCostShare">Climbing at random; null when the strong model is not better.</param>
/// <param name="PerfectCostShare">Climbing exactly where the weak answer is wrong.</param>
/// <param name="HindsightCostShare">This verifier, its threshold chosen with hindsight: what blindness costs is the difference.</param>
public sealed record BaselineLevel(double Target, double? RandomCostShare, double? PerfectCostShare, double? HindsightCostShare);

/// <summary>Whether a cascade is worth it.</summary>
public enum Recommendation : byte
{
    /// <summary>It saves at the quality asked for.</summary>
    Cascade = 1,
    /// <summary>It does not: one model alone does better.</summary>
    DoNotCascade = 2,
}

/// <summary>What the cross-validation of a verifier showed. Every figure is out of fold: no row was scored by a model that had seen it or its group.</summary>
public sealed record VerifierReport
{
    /// <summary>The targets that thresholds are chosen for, as shares of the strong model's quality.</summary>
    public static ImmutableArray<double> Targets { get; } = [0.95, 0.98, 1.0];

    /// <summary>Rows learned from and judged on.</summary>
    public required int Rows { get; init; }
    /// <summary>Groups of rows that were kept together.</summary>
    public required int Groups { get; init; }
    /// <summary>Rows left out because the weak model's answer was not kept.</summary>
    public required int RowsWithoutAnswer { get; init; }
    /// <summary>Whether the verifier saw prompts only, because too few answers were kept.</summary>
    public required bool PromptOnly { get; init; }
    /// <summary>Mean quality of the weak model, 0 to 1.</summary>
    public required double WeakQuality { get; init; }
    /// <summary>Mean quality of the strong model, 0 to 1.</summary>
    public required double StrongQuality { get; init; }
    /// <summary>What costs are counted in.</summary>
    public required CostBasis CostBasis { get; init; }
    /// <summary>Costs that were missing and took the mean of their model.</summary>
    public required int CostsFilled { get; init; }
    /// <summary>What weak answers cost, as a share of always strong; 0 when no prices are known.</summary>
    public required double WeakCostShare { get; init; }
    /// <summary>Chance that a right weak answer has a higher probability of being right than a wrong one; null when all are alike.</summary>
    public required Estimate? Auroc { get; init; }
    /// <summary>Expected calibration error of that probability: ten bins of equal size, mean distance of probability and share, 0 to 1.</summary>
    public required double Ece { get; init; }
    /// <summary>Log loss of that probability, nats.</summary>
    public required double LogLoss { get; init; }
    /// <summary>Average performance gap recovered; null when the strong model is not better.</summary>
    public required Estimate? Apgr { get; init; }
    /// <summary>Per cent of climbs that close half of the gap.</summary>
    public required Estimate? Cpt50 { get; init; }
    /// <summary>Per cent of climbs that close four fifths of the gap.</summary>
    public required Estimate? Cpt80 { get; init; }
    /// <summary>Blind thresholds, one for each of <see cref="Targets"/>.</summary>
    public required ImmutableArray<BlindLevel> Blind { get; init; }
    /// <summary>What else there is, one for each of <see cref="Targets"/>.</summary>
    public required ImmutableArray<BaselineLevel> Baselines { get; init; }
    /// <summary>APGR of the perfect verifier, which climbs exactly where the weak answer is wrong.</summary>
    public required double? PerfectApgr { get; init; }
    /// <summary>Cross-validated APGR of each kind of model: <c>logistic</c>, <c>trees</c>, <c>blend</c>.</summary>
    public required ImmutableSortedDictionary<string, double> Learners { get; init; }
    /// <summary>The kind that the final model is.</summary>
    public required string Learner { get; init; }
    /// <summary>The final model's calibration: <c>platt</c> or <c>isotonic</c>.</summary>
    public required string Calibration { get; init; }
    /// <summary>Whether a cascade is worth it.</summary>
    public required Recommendation Recommend { get; init; }
    /// <summary>Why, with the arithmetic.</summary>
    public required string Reason { get; init; }
}
