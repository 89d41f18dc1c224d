using System.Collections.Immutable;
using Rung.Core.Learning;

namespace Rung.Core.Guarantees;

/// <summary>
/// Finds the cheapest threshold of a cascade whose loss against the strong model is controlled: with a probability of at least 1 − δ over the graded
/// queries, the mean loss on fresh queries of the same kind is at most ε.
/// </summary>
/// <remarks>
/// Fixed-sequence testing as in A. Angelopoulos, S. Bates, E. Candès, M. I. Jordan, L. Lei, "Learn then Test: Calibrating Predictive Algorithms to Achieve
/// Risk Control" (arXiv 2110.01052), algorithm 1 with one start: thresholds are tried from the strictest down, in an order and on a grid that no data
/// decide, each at the full level δ, and the first that is not rejected ends it. Where the next looser threshold keeps no more queries, its p-value is the
/// same, and it is not tried again. The first is always tried, also where it keeps nothing: otherwise the data would decide where the sequence begins, and
/// with very few queries that costs confidence.
/// </remarks>
public static class ThresholdCalibration
{
    /// <summary>Calibrates.</summary>
    /// <param name="rows">The graded queries, at least one. One whose <see cref="CascadeOutcome.KeepScore"/> is below 0 (its checks failed) always climbs.</param>
    /// <param name="plan">What is promised.</param>
    public static CalibrationResult Run(IReadOnlyList<CascadeOutcome> rows, CalibrationPlan plan)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(plan);

        var sample = new CalibrationSample(rows);
        var curve = ImmutableArray.CreateBuilder<CalibrationPoint>();
        var isCertified = true;
        for (var step = CalibrationPlan.Steps; step >= 0; step--)
        {
            var threshold = ThresholdAt(step);
            var keepsMore = sample.LowerTo(threshold);
            if (!keepsMore && step < CalibrationPlan.Steps) continue;
            var pValue = sample.PValue(plan.Test, plan.MostLoss, plan.Level);
            isCertified &= pValue <= plan.Level;
            if (keepsMore) curve.Add(Point(sample, plan, threshold, pValue, isCertified));
        }
        return new CalibrationResult
        {
            Plan = plan,
            Rows = sample.Rows,
            Units = sample.Units,
            WeakQuality = sample.WeakQuality,
            StrongQuality = sample.StrongQuality,
            WeakCostNanoUsd = sample.WeakCost,
            StrongCostNanoUsd = sample.StrongCost,
            Curve = curve.ToImmutable(),
        };
    }

    /// <summary>The certified threshold alone, without the curve; null when none qualifies.</summary>
    internal static double? Certify(IReadOnlyList<CascadeOutcome> rows, CalibrationPlan plan)
    {
        var sample = new CalibrationSample(rows);
        double? certified = null;
        for (var step = CalibrationPlan.Steps; step >= 0; step--)
        {
            var threshold = ThresholdAt(step);
            var keepsMore = sample.LowerTo(threshold);
            if (!keepsMore && step < CalibrationPlan.Steps) continue;
            if (sample.PValue(plan.Test, plan.MostLoss, plan.Level) > plan.Level) break;
            if (keepsMore) certified = threshold;
        }
        return certified;
    }

    /// <summary>The cheapest threshold whose own mean loss is at most ε, without any guarantee; null when none is.</summary>
    internal static double? PlugIn(IReadOnlyList<CascadeOutcome> rows, double most)
    {
        var sample = new CalibrationSample(rows);
        double? cheapest = null;
        for (var step = CalibrationPlan.Steps; step >= 0; step--)
        {
            var threshold = ThresholdAt(step);
            if (sample.LowerTo(threshold) && sample.Loss <= most) cheapest = threshold;
        }
        return cheapest;
    }

    private static double ThresholdAt(int step) => step / (double)CalibrationPlan.Steps;

    private static CalibrationPoint Point(CalibrationSample sample, CalibrationPlan plan, double threshold, double pValue, bool isCertified)
    {
        var (loss, cost) = (sample.Loss, sample.Cost());
        return new CalibrationPoint
        {
            Threshold = threshold,
            KeptShare = (double)sample.Kept / sample.Rows,
            Quality = sample.StrongQuality - loss,
            Loss = loss,
            Bound = sample.Bound(plan.Test, plan.Level),
            PValue = pValue,
            Certified = isCertified,
            CostNanoUsd = cost.Mean,
            CostLowNanoUsd = cost.Low,
            CostHighNanoUsd = cost.High,
            CostShare = sample.StrongCost > 0 ? cost.Mean / sample.StrongCost : null,
        };
    }
}
