using System.Collections.Immutable;

namespace Rung.Core.Guarantees;

/// <summary>One threshold and what it would do.</summary>
public sealed record CalibrationPoint
{
    /// <summary>Answers with at least this score are kept, 0 to 1.</summary>
    public required double Threshold { get; init; }
    /// <summary>Share of the queries whose weak answer is kept, 0 to 1.</summary>
    public required double KeptShare { get; init; }
    /// <summary>Mean grade of what the cascade gives, 0 to 1.</summary>
    public required double Quality { get; init; }
    /// <summary>Mean loss against the strong model, −1 to 1; negative where the cascade is better.</summary>
    public required double Loss { get; init; }
    /// <summary>Upper bound of the loss at the plan's confidence, for this threshold alone, 0 to 1.</summary>
    public required double Bound { get; init; }
    /// <summary>P-value of "the loss is more than promised".</summary>
    public required double PValue { get; init; }
    /// <summary>Whether the promise is certified here: at this threshold and at every stricter one that was tried, the p-value is at most δ.</summary>
    public required bool Certified { get; init; }
    /// <summary>Mean cost of a call in nano-USD: the weak answer, and the strong one where the call climbs.</summary>
    public required double CostNanoUsd { get; init; }
    /// <summary>Lower end of the cost's 95 % interval (normal approximation).</summary>
    public required double CostLowNanoUsd { get; init; }
    /// <summary>Upper end of the cost's 95 % interval (normal approximation).</summary>
    public required double CostHighNanoUsd { get; init; }
    /// <summary>Cost as a share of always strong; above 1 it costs more. Null where the strong model costs nothing.</summary>
    public required double? CostShare { get; init; }
}

/// <summary>What calibrating found.</summary>
public sealed record CalibrationResult
{
    /// <summary>What was promised.</summary>
    public required CalibrationPlan Plan { get; init; }
    /// <summary>Queries.</summary>
    public required int Rows { get; init; }
    /// <summary>Groups of near-identical queries; each counts once.</summary>
    public required int Units { get; init; }
    /// <summary>Mean grade of the weak model alone, 0 to 1.</summary>
    public required double WeakQuality { get; init; }
    /// <summary>Mean grade of the strong model alone, 0 to 1.</summary>
    public required double StrongQuality { get; init; }
    /// <summary>Mean cost of a weak answer, its verifiers included, nano-USD.</summary>
    public required double WeakCostNanoUsd { get; init; }
    /// <summary>Mean cost of a strong answer, nano-USD.</summary>
    public required double StrongCostNanoUsd { get; init; }
    /// <summary>Every threshold that keeps a query more than the one before it, strictest first.</summary>
    public required ImmutableArray<CalibrationPoint> Curve { get; init; }

    /// <summary>The cheapest certified threshold; null when none qualifies.</summary>
    public CalibrationPoint? Certified => Curve.LastOrDefault(point => point.Certified);

    /// <summary>What the same data suggest without any guarantee: the cheapest threshold whose own mean loss is at most ε; null when none is.</summary>
    public CalibrationPoint? Uncalibrated => Curve.LastOrDefault(point => point.Loss <= Plan.MostLoss);

    /// <summary>Whether the certified threshold keeps every answer that its checks pass: the score adds nothing.</summary>
    public bool KeepsAll => Certified is { } point && ReferenceEquals(point, Curve[^1]);

    /// <summary>Whether the certified cascade costs less than sending every call to the strong model.</summary>
    public bool Pays => Certified is { } point && point.CostNanoUsd < StrongCostNanoUsd;
}
