using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Learning.Models;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public class BootstrapTests
{
    [Fact]
    public void The_same_seed_gives_the_same_interval_and_another_one_nearly_the_same()
    {
        var values = Normal(500, seed: 7);

        Assert.Equal(Bootstrap.Mean(values, 0.95, 1000, 1), Bootstrap.Mean(values, 0.95, 1000, 1));
        Assert.NotEqual(Bootstrap.Mean(values, 0.95, 1000, 1), Bootstrap.Mean(values, 0.95, 1000, 2));
        Assert.Equal(Bootstrap.Mean(values, 0.95, 1000, 1).Low, Bootstrap.Mean(values, 0.95, 1000, 2).Low, 1);
    }

    [Fact]
    public void Intervals_of_a_mean_cover_it_as_often_as_they_say()
    {
        var covered = Enumerable.Range(1, 400).Count(seed => Bootstrap.Mean(Normal(200, (ulong)seed), 0.95, 400, (ulong)seed).Covers(0));

        Assert.InRange(covered, 400 * 0.92, 400 * 0.985);
    }

    [Fact]
    public void Equal_pairs_differ_by_nothing() =>
        Assert.Equal((0.0, 0.0, 0.0), Ends(Bootstrap.PairedMeanDifference([1, 0, 1], [1, 0, 1], 0.95, 100, 1)));

    [Fact]
    public void Pairing_takes_out_what_both_sides_share()
    {
        var a = Normal(300, 3);
        var b = a.Select((value, i) => value - (i % 10 == 0 ? 1 : 0)).ToArray();
        var interval = Bootstrap.PairedMeanDifference(a, b, 0.95, 1000, 1);

        Assert.Equal(0.1, interval.Estimate, 9);
        Assert.InRange(interval.Low, 0.06, 0.08);
        Assert.InRange(interval.High, 0.12, 0.14);
    }

    [Fact]
    public void A_ratio_without_anything_below_is_no_number() => Assert.True(double.IsNaN(Bootstrap.Ratio([0], [0], 0.95, 100, 1).Estimate));

    [Fact]
    public void The_estimate_lies_in_its_interval() =>
        Prop.ForAll(Gen.Choose(-1000, 1000).NonEmptyListOf().ToArbitrary(), values =>
        {
            var interval = Bootstrap.Mean([.. values.Select(value => value / 10.0)], 0.9, 100, 1);
            return interval.Low <= interval.Estimate && interval.Estimate <= interval.High;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0.95, 1, 12.7062)]
    [InlineData(0.95, 10, 2.22814)]
    [InlineData(0.99, 30, 2.75000)]
    [InlineData(0.95, 1e9, 1.95998)]
    public void Students_quantiles_are_those_of_the_tables(double confidence, double degrees, double expected) =>
        Assert.Equal(expected, StudentT.TwoSided(confidence, degrees), 3);

    private static (double, double, double) Ends(Rung.Core.Statistics.Interval interval) => (interval.Estimate, interval.Low, interval.High);

    private static double[] Normal(int count, ulong seed)
    {
        var sequence = new SeededSequence(seed);
        var values = new double[count];
        // Box and Muller, 1958.
        for (var i = 0; i < count; i++) values[i] = Math.Sqrt(-2 * Math.Log(1 - sequence.Share())) * Math.Cos(2 * Math.PI * sequence.Share());
        return values;
    }
}
