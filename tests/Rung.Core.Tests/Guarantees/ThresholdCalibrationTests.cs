using Rung.Core.Guarantees;
using Rung.Core.Learning;
using Xunit.Abstractions;

namespace Rung.Core.Tests.Guarantees;

public sealed class ThresholdCalibrationTests(ITestOutputHelper output)
{
    private static readonly CalibrationPlan Plan = new() { MostLoss = 0.02, Confidence = 0.95 };

    [Theory]
    [InlineData(RiskTest.Betting)]
    [InlineData(RiskTest.HoeffdingBentkus)]
    [InlineData(RiskTest.Binomial)]
    public void Of_a_thousand_samples_of_a_known_population_few_break_the_promise(RiskTest test)
    {
        var chance = new Random(20261122);
        var plan = Plan with { Test = test };
        var (broken, chosen, plugIn) = (0, 0, 0);
        for (var i = 0; i < 1000; i++)
        {
            var rows = SomeOutcomes.Draw(400, chance);
            if (ThresholdCalibration.Certify(rows, plan) is { } threshold)
            {
                chosen++;
                if (SomeOutcomes.TrueLoss(threshold) > plan.MostLoss) broken++;
            }
            if (ThresholdCalibration.PlugIn(rows, plan.MostLoss) is { } cheapest && SomeOutcomes.TrueLoss(cheapest) > plan.MostLoss) plugIn++;
        }
        output.WriteLine($"{test}: {chosen} of 1,000 samples certify a threshold, {broken} break the promise; of the uncalibrated thresholds {plugIn} do.");
        Assert.InRange(broken, 0, (int)(1000 * (0.05 + (3 * Math.Sqrt(0.05 * 0.95 / 1000)))));
        Assert.InRange(plugIn, 300, 1000); // What calibrating is for.
        Assert.InRange(chosen, 900, 1000);
    }

    [Fact]
    public void The_certified_threshold_is_the_last_before_the_first_failure()
    {
        var result = ThresholdCalibration.Run(SomeOutcomes.Draw(2000, new Random(3)), Plan);

        var failed = result.Curve.Index().First(point => point.Item.PValue > Plan.Level).Index;
        Assert.True(failed > 0);
        Assert.Same(result.Curve[failed - 1], result.Certified);
        Assert.All(result.Curve.Skip(failed), point => Assert.False(point.Certified));
        Assert.InRange(result.Certified!.Bound, 0, Plan.MostLoss);
        Assert.True(result.Certified.Bound >= result.Certified.Loss);
        Assert.False(result.KeepsAll);
        Assert.True(result.Pays);
        Assert.True(result.Uncalibrated!.Threshold < result.Certified.Threshold);
    }

    [Fact]
    public void With_too_few_queries_the_sequence_ends_where_it_begins_whatever_the_gains()
    {
        // No score reaches 1, so the first threshold keeps nothing; a hundred queries say too little of it.
        var rows = Enumerable.Range(0, 100).Select(i => SomeOutcomes.Row(i / 200.0, 1, i % 2, $"q{i}")).ToArray();

        Assert.Null(ThresholdCalibration.Run(rows, Plan).Certified);
        Assert.Null(ThresholdCalibration.Certify(rows, Plan));
    }

    [Fact]
    public void Checks_without_a_threshold_are_one_test_whose_gains_count()
    {
        var rows = Enumerable.Range(0, 100).Select(i => SomeOutcomes.Row(1, 1, i % 2, $"q{i}")).ToArray();

        Assert.True(ThresholdCalibration.Run(rows, Plan).KeepsAll);
        Assert.Equal(1, ThresholdCalibration.Certify(rows, Plan));
    }

    [Fact]
    public void A_strictly_better_weak_model_keeps_all()
    {
        var rows = Enumerable.Range(0, 400).Select(i => SomeOutcomes.Row(i / 400.0, 1, i % 2, $"q{i}")).ToArray();

        var result = ThresholdCalibration.Run(rows, Plan);

        Assert.True(result.KeepsAll);
        Assert.Equal(1, result.Certified!.KeptShare);
        Assert.Equal(100, result.Certified.CostNanoUsd);
        Assert.Equal(-0.5, result.Certified.Loss, 1e-12);
    }

    [Fact]
    public void Where_the_score_says_nothing_no_threshold_qualifies()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => SomeOutcomes.Row(i % 100 / 100.0, 0, 1, $"q{i}")).ToArray();

        var result = ThresholdCalibration.Run(rows, Plan with { MostLoss = 0.005 });

        Assert.Null(result.Certified);
        Assert.Null(result.Uncalibrated);
        Assert.False(result.Pays);
    }

    [Theory]
    [InlineData(RiskTest.Binomial, 149)] // 0.98^149 ≤ 0.05
    [InlineData(RiskTest.HoeffdingBentkus, 149)]
    public void Too_few_rows_certify_nothing_however_good(RiskTest test, int fewest)
    {
        var plan = Plan with { Test = test };
        CascadeOutcome[] Perfect(int count) => [.. Enumerable.Range(0, count).Select(i => SomeOutcomes.Row(0.9, 1, 1, $"q{i}"))];

        Assert.Equal(fewest, plan.FewestUnits());
        Assert.NotNull(ThresholdCalibration.Run(Perfect(fewest), plan).Certified);
        Assert.Null(ThresholdCalibration.Run(Perfect(fewest - 1), plan).Certified);
    }

    [Fact]
    public void The_fewest_rows_of_betting_are_just_enough()
    {
        var fewest = Plan.FewestUnits();

        Assert.InRange(fewest, 150, 300);
        Assert.Null(ThresholdCalibration.Certify([.. Enumerable.Range(0, fewest - 1).Select(i => SomeOutcomes.Row(0.9, 1, 1, $"q{i}"))], Plan));
        Assert.NotNull(ThresholdCalibration.Certify([.. Enumerable.Range(0, fewest).Select(i => SomeOutcomes.Row(0.9, 1, 1, $"q{i}"))], Plan));
    }

    [Fact]
    public void Rows_of_one_group_count_once()
    {
        var rows = Enumerable.Range(0, 1000).Select(i => SomeOutcomes.Row(0.9, 1, 1, $"g:{i % 50}")).ToArray();

        var result = ThresholdCalibration.Run(rows, Plan);

        Assert.Equal((1000, 50), (result.Rows, result.Units));
        Assert.Null(result.Certified); // A thousand rows, but only fifty that are independent.
    }

    [Fact]
    public void Rows_whose_checks_fail_climb_at_every_threshold()
    {
        var rows = Enumerable.Range(0, 600).Select(i => SomeOutcomes.Row(i % 3 == 0 ? -1 : 1, i % 3 == 0 ? 0 : 1, 1, $"q{i}")).ToArray();

        var result = ThresholdCalibration.Run(rows, Plan);

        var only = Assert.Single(result.Curve); // Checks alone: one rule, one hypothesis.
        Assert.True(only.Certified);
        Assert.Equal(2 / 3.0, only.KeptShare, 1e-12);
        Assert.Equal(0, only.Loss, 1e-12);
        Assert.Equal(100 + (2000 / 3.0), only.CostNanoUsd, 1e-6);
    }

    [Fact]
    public void The_order_of_the_rows_does_not_matter()
    {
        var rows = SomeOutcomes.Draw(500, new Random(11));
        var turned = rows.Reverse().ToArray();

        Assert.Equal(ThresholdCalibration.Run(rows, Plan).Certified!.Threshold, ThresholdCalibration.Run(turned, Plan).Certified!.Threshold);
    }

    [Fact]
    public void The_short_way_finds_what_the_curve_shows()
    {
        var chance = new Random(5);
        for (var i = 0; i < 20; i++)
        {
            var rows = SomeOutcomes.Draw(300, chance);
            var result = ThresholdCalibration.Run(rows, Plan);
            Assert.Equal(result.Certified?.Threshold, ThresholdCalibration.Certify(rows, Plan));
            Assert.Equal(result.Uncalibrated?.Threshold, ThresholdCalibration.PlugIn(rows, Plan.MostLoss));
        }
    }

    [Theory]
    [InlineData(0, 0.95)]
    [InlineData(1, 0.95)]
    [InlineData(double.NaN, 0.95)]
    [InlineData(0.02, 0.4)]
    [InlineData(0.02, 1)]
    public void Promises_that_cannot_be_made_are_refused(double loss, double confidence) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CalibrationPlan { MostLoss = loss, Confidence = confidence });
}
