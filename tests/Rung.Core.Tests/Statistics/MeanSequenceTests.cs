using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Learning.Models;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class MeanSequenceTests
{
    private static readonly Arbitrary<double[]> s_shares = Gen.ArrayOf(Gen.Choose(0, 1000).Select(thousandths => thousandths / 1000.0)).Where(values => values.Length > 0).ToArbitrary();

    [Fact]
    public void Nothing_seen_is_no_bound()
    {
        var bounds = new MeanSequence().Bounds(0.05);
        Assert.True(double.IsNaN(bounds.Estimate));
        Assert.Equal((0, 1), (bounds.Low, bounds.High));
    }

    [Fact]
    public void The_bounds_hold_the_estimate_between_them_and_lie_in_the_range() => Prop.ForAll(s_shares, values =>
    {
        var bounds = Of(values).Bounds(0.05);
        return Math.Abs(bounds.Estimate - values.Average()) < 1e-9 && bounds.Low >= 0 && bounds.High <= 1 && bounds.Low <= bounds.Estimate + 1e-9 && bounds.High >= bounds.Estimate - 1e-9;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_that_are_merged_are_one_of_all() => Prop.ForAll(s_shares, s_shares, (some, others) =>
    {
        var merged = Of(some);
        merged.Merge(Of(others));
        var (all, both) = (Of([.. some, .. others]).Bounds(0.1), merged.Bounds(0.1));
        return Math.Abs(all.Low - both.Low) < 1e-4 && Math.Abs(all.High - both.High) < 1e-4 && Math.Abs(all.Estimate - both.Estimate) < 1e-9;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_bound_passes_a_value_when_the_test_of_that_value_decides()
    {
        var chance = new SeededSequence(4);
        var (sequence, test) = (new MeanSequence(-1, 1), new BettingTest(-1, 1, 0, MeanSide.Above));
        var (agreed, decided) = (0, 0);
        for (var i = 0; i < 600; i++)
        {
            var value = chance.Share() < 0.18 ? 0.92 : -0.08;
            sequence.Add(value);
            test.Add(value);
            var (byTest, byBound) = (test.LogEvidence >= Math.Log(20), sequence.Lower(0.05) > 0);
            if (byTest == byBound) agreed++;
            if (byTest) decided++;
            Assert.False(byBound && !byTest, $"The bound is narrower than the test after {i} values.");
        }
        Assert.InRange(decided, 100, 590);
        Assert.InRange(agreed, 597, 600);
    }

    [Fact]
    public void The_true_mean_is_outside_at_any_time_as_rarely_as_promised()
    {
        const int Runs = 120;
        var outside = 0;
        for (var run = 0; run < Runs; run++)
        {
            var chance = new SeededSequence((ulong)run + 77);
            var sequence = new MeanSequence();
            for (var i = 1; i <= 1000; i++)
            {
                sequence.Add(chance.Share() < 0.93 ? 1 : 0);
                if ((i % 100) != 0 || sequence.Bounds(0.1).Covers(0.93)) continue;
                outside++;
                break;
            }
        }
        Assert.True(outside <= Runs * (0.1 + (3 * Math.Sqrt(0.09 / Runs))), $"{outside} of {Runs}");
    }

    [Fact]
    public void Bounds_narrow_with_the_root_of_the_sample()
    {
        var sequence = new MeanSequence();
        for (var i = 0; i < 10_000; i++) sequence.Add(i % 10 == 0 ? 0 : 1);
        var bounds = sequence.Bounds(0.05);
        // Student's interval of 10,000 is ±0.006; at all times at once it may be twice as wide.
        Assert.InRange(bounds.High - bounds.Low, 0.012, 0.026);
    }

    private static MeanSequence Of(double[] values)
    {
        var sequence = new MeanSequence();
        foreach (var value in values) sequence.Add(value);
        return sequence;
    }
}
