using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Learning.Evaluation;
using Rung.Core.Learning.Models;

namespace Rung.Core.Tests.Learning;

public sealed class CascadeCurveTests
{
    private static CascadeCurve Curve(double[] scores, double[] weak, double[] strong)
    {
        var rows = new CurveRows(weak, strong, [.. weak.Select(_ => 10L)], [.. weak.Select(_ => 100L)]);
        return new CascadeCurve(scores, rows, CascadeCurve.Order(scores));
    }

    [Fact]
    public void Scores_that_are_all_alike_are_random()
    {
        var curve = Curve([1, 1, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1]);

        Assert.Equal(0.5, curve.Apgr()!.Value, 9);
        Assert.Equal(50, curve.Cpt(0.5)!.Value, 9);
        Assert.Equal(0.1 + 0.96, curve.CostShare(0.98)!.Value, 9);
    }

    [Fact]
    public void A_perfect_order_recovers_the_gap_as_soon_as_can_be()
    {
        var curve = Curve([0.1, 0.9, 0.2, 0.8], [0, 1, 0, 1], [1, 1, 1, 1]);

        Assert.Equal(25, curve.Cpt(0.5)!.Value, 9);
        Assert.Equal(50, curve.Cpt(1)!.Value, 9);
        Assert.Equal(0.75, curve.Apgr()!.Value, 9);
        Assert.Equal(0.5, curve.Threshold(1), 9);
        Assert.Equal(0.6, curve.CostShare(1)!.Value, 9);
    }

    [Fact]
    public void A_goal_that_the_weak_model_reaches_needs_no_climb() => Assert.Equal(0, Curve([0.5, 0.6], [1, 1], [1, 1]).Threshold(0.95));

    [Fact]
    public void A_strong_model_that_is_worse_has_no_gap() => Assert.Null(Curve([0.1, 0.2], [1, 1], [0, 1]).Apgr());

    [Fact]
    public void Isotonic_and_platt_rise_and_stay_probabilities() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(), values =>
        {
            var x = values.Select(value => (value % 100) / 10.0).ToArray();
            var y = values.Select(value => (double)(Math.Abs(value) % 2)).ToArray();
            var places = Enumerable.Range(-150, 301).Select(i => i / 10.0);
            return new[] { Calibration.FitIsotonic(x, y), Calibration.FitPlatt(x, y) }.All(calibration =>
            {
                var heights = places.Select(calibration.Apply).ToArray();
                return heights.All(height => height is >= 0 and <= 1) && heights.Zip(heights.Skip(1)).All(pair => pair.First <= pair.Second + 1e-12);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Groups_are_never_split_and_folds_are_of_like_size()
    {
        var groups = Enumerable.Range(0, 500).Select(row => $"g:{row / 3}").ToArray();
        var strata = Enumerable.Range(0, 500).Select(row => row / 3 % 4).ToArray();

        var folds = Folds.Deal(groups, strata, folds: 5, seed: 3);

        Assert.All(groups.Zip(folds).GroupBy(row => row.First), group => Assert.Single(group.Select(row => row.Second).Distinct()));
        Assert.All(folds.CountBy(fold => fold), fold => Assert.InRange(fold.Value, 90, 110));
        Assert.Equal(folds, Folds.Deal(groups, strata, folds: 5, seed: 3));
        Assert.NotEqual(folds, Folds.Deal(groups, strata, folds: 5, seed: 4));
    }
}
