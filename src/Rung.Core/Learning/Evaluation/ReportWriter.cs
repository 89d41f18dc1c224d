using System.Collections.Immutable;

namespace Rung.Core.Learning.Evaluation;

/// <summary>Draws up what a cross-validation showed.</summary>
internal sealed class ReportWriter(
    CurveRows rows, CascadeCosts costs, string[] groups, VerifierPrediction[] scored, bool[][] climbs, double[] thresholds, ulong seed)
{
    private readonly Bootstrap _bootstrap = new(groups, seed);

    public VerifierReport Write(int count, int withoutAnswer, bool promptOnly, CrossValidation.Choice choice)
    {
        var keep = scored.Select(one => one.KeepScore).ToArray();
        var right = scored.Select(one => one.RightProbability).ToArray();
        var (order, rightOrder) = (CascadeCurve.Order(keep), CascadeCurve.Order(right));
        var curve = new CascadeCurve(keep, rows, order);
        var perfect = new CascadeCurve(rows.Weak, rows, CascadeCurve.Order(rows.Weak));
        var strongCost = rows.StrongCost.Sum(cost => (double)cost);
        var report = new VerifierReport
        {
            Rows = count, Groups = groups.Distinct(StringComparer.Ordinal).Count(), RowsWithoutAnswer = withoutAnswer, PromptOnly = promptOnly,
            WeakQuality = curve.Weak, StrongQuality = curve.Strong, CostBasis = costs.Basis, CostsFilled = costs.Filled,
            WeakCostShare = rows.WeakCost.Sum(cost => (double)cost) / strongCost,
            Auroc = _bootstrap.Of(rightOrder, sample => ProbabilityMeasures.Auroc(right, rows.Weak, sample)),
            Ece = ProbabilityMeasures.Ece(right, rows.Weak),
            LogLoss = right.Select((p, i) => Models.Target.Loss(Models.Target.LogOdds(p), rows.Weak[i])).Average(),
            Apgr = _bootstrap.Of(order, sample => new CascadeCurve(keep, rows, sample).Apgr()),
            Cpt50 = _bootstrap.Of(order, sample => new CascadeCurve(keep, rows, sample).Cpt(0.5)),
            Cpt80 = _bootstrap.Of(order, sample => new CascadeCurve(keep, rows, sample).Cpt(0.8)),
            Blind = [.. VerifierReport.Targets.Select((target, level) => Blind(target, climbs[level], thresholds[level], strongCost))],
            Baselines = [.. VerifierReport.Targets.Select(target => new BaselineLevel(target, Random(target, curve, strongCost), perfect.CostShare(target), curve.CostShare(target)))],
            PerfectApgr = perfect.Apgr(),
            Learners = CrossValidation.Learners.Select((learner, i) => KeyValuePair.Create(Word(learner), Apgr(choice.Areas[i], curve))).ToImmutableSortedDictionary(StringComparer.Ordinal),
            Learner = Word(choice.Learner), Calibration = Word(choice.Calibration.Kind), Recommend = Recommendation.Cascade, Reason = "",
        };
        var (recommend, reason) = Advice.Of(report);
        return report with { Recommend = recommend, Reason = reason };
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static double Apgr(double area, CascadeCurve curve) => curve.Strong - curve.Weak <= 1e-9 ? 0 : (area - curve.Weak) / (curve.Strong - curve.Weak);

    private BlindLevel Blind(double target, bool[] climbing, double threshold, double strongCost)
    {
        var all = Enumerable.Range(0, climbing.Length).ToArray();
        var quality = _bootstrap.Of(all, sample =>
        {
            var strong = sample.Sum(row => rows.Strong[row]);
            return strong <= 0 ? null : sample.Sum(row => climbing[row] ? rows.Strong[row] : rows.Weak[row]) / strong;
        });
        var cost = _bootstrap.Of(all, sample =>
        {
            var strong = sample.Sum(row => (double)rows.StrongCost[row]);
            return strong <= 0 ? null : sample.Sum(row => rows.WeakCost[row] + (climbing[row] ? (double)rows.StrongCost[row] : 0)) / strong;
        });
        return new BlindLevel(
            target, quality ?? new Estimate(1, 1, 1), cost ?? new Estimate(1, 1, 1), climbing.Count(climbs => climbs) / (double)climbing.Length,
            double.IsFinite(threshold) ? threshold : null);
    }

    // Climbing a random share x gives weak + x·(strong − weak) and costs every weak answer and x of the strong ones.
    private double? Random(double target, CascadeCurve curve, double strongCost)
    {
        if (curve.Strong - curve.Weak <= 1e-9) return null;
        var share = Math.Clamp(((target * curve.Strong) - curve.Weak) / (curve.Strong - curve.Weak), 0, 1);
        return (rows.WeakCost.Sum(cost => (double)cost) / strongCost) + share;
    }
}
