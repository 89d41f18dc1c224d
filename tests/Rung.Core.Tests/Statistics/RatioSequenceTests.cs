using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Learning.Models;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class RatioSequenceTests
{
    [Fact]
    public void Nothing_seen_is_no_bound()
    {
        var sequence = new RatioSequence();
        Assert.Equal((-1, double.PositiveInfinity), (sequence.Lower(0.05), sequence.Upper(0.05)));
        Assert.True(double.IsNaN(sequence.Estimate));
    }

    [Fact]
    public void The_bounds_hold_the_estimate_between_them() => Prop.ForAll(Gen.ArrayOf(Gen.Choose(1, 1000)).Where(values => values.Length > 1).ToArbitrary(), values =>
    {
        var sequence = new RatioSequence();
        for (var i = 1; i < values.Length; i++) sequence.Add(values[i] / 1000.0, values[i - 1] / 1000.0);
        return sequence.Lower(0.05) <= sequence.Estimate && sequence.Upper(0.05) >= sequence.Estimate;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void The_true_ratio_is_outside_at_any_time_as_rarely_as_promised_and_the_bounds_become_narrow()
    {
        const int Runs = 40;
        var outside = 0;
        var widths = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var chance = new SeededSequence((ulong)run + 5);
            var sequence = new RatioSequence();
            var missed = false;
            for (var i = 1; i <= 1600; i++)
            {
                // Means 0.06 and 0.05: the first is a fifth above the second. One in ten costs six times as much.
                sequence.Add(0.06 * Cost(ref chance), 0.05 * Cost(ref chance));
                if (i % 400 == 0) missed |= sequence.Lower(0.05) > 0.2 || sequence.Upper(0.05) < 0.2;
            }
            if (missed) outside++;
            widths.Add(sequence.Upper(0.05) - sequence.Lower(0.05));
        }
        Assert.True(outside <= Runs * (0.1 + (3 * Math.Sqrt(0.09 / Runs))), $"{outside} of {Runs}");
        Assert.InRange(widths.Average(), 0.1, 0.6);

        static double Cost(ref SeededSequence chance) => chance.Share() < 0.1 ? 6 / 1.5 : 1 / 1.5;
    }

    [Fact]
    public void A_bound_passes_a_part_when_the_test_of_that_part_decides()
    {
        var chance = new SeededSequence(9);
        var sequence = new RatioSequence();
        var test = new BettingTest(-1.1, 1, 0, MeanSide.Below);
        var differing = 0;
        for (var i = 0; i < 400; i++)
        {
            var (first, second) = (0.25 + (0.5 * chance.Share()), 0.25 + (0.5 * chance.Share()));
            sequence.Add(first, second);
            test.Add(first - (1.1 * second));
            if (i % 5 != 0) continue;
            var (byTest, byBound) = (test.LogEvidence >= Math.Log(20), sequence.Upper(0.05) < 0.1);
            Assert.False(byBound && !byTest);
            if (byTest != byBound) differing++;
        }
        Assert.True(test.LogEvidence > Math.Log(20));
        Assert.InRange(differing, 0, 3);
    }
}
