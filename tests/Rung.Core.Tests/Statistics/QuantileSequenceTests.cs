using Rung.Core.Learning.Models;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class QuantileSequenceTests
{
    [Fact]
    public void Ten_values_have_a_lower_bound_at_best()
    {
        var sequence = new QuantileSequence();
        for (var i = 0; i < 10; i++) sequence.Add(1000 + i);
        Assert.Equal(double.PositiveInfinity, sequence.Upper(0.95, 0.05));
        // That ten of ten values lie above a point shows that the 95th percentile does.
        Assert.InRange(sequence.Lower(0.95, 0.05), 990, 1000);
        Assert.Equal(0, new QuantileSequence().Lower(0.95, 0.05));
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.95, 2)]
    public void The_true_quantile_is_outside_at_any_time_as_rarely_as_promised(double share, ulong seed)
    {
        const int Runs = 100;
        const double Alpha = 0.1;
        var truth = 1e6 * Math.Exp(0.6 * Normal.Quantile(share));
        var outside = 0;
        for (var run = 0; run < Runs; run++)
        {
            var chance = new SeededSequence((seed * 10_000) + (ulong)run);
            var sequence = new QuantileSequence();
            var next = 10.0;
            for (var i = 1; i <= 1500; i++)
            {
                sequence.Add((long)(1e6 * Math.Exp(0.6 * Gauss(ref chance))));
                if (i < next) continue;
                next *= 1.3;
                if (sequence.Bounds(share, Alpha).Covers(truth)) continue;
                outside++;
                break;
            }
        }
        Assert.True(outside <= Runs * (Alpha + (3 * Math.Sqrt(Alpha * (1 - Alpha) / Runs))), $"{outside} of {Runs}");
    }

    // The same in counts alone, after every value: whether the number of values at or below the true quantile ever shows it to lie elsewhere.
    [Fact]
    public void Looked_at_after_every_value_the_coins_under_the_quantile_pass_the_bar_as_rarely_as_promised()
    {
        const int Runs = 100;
        const double Alpha = 0.1;
        var passed = 0;
        for (var run = 0; run < Runs; run++)
        {
            var chance = new SeededSequence((ulong)run + 900);
            var sequence = new QuantileSequence();
            var below = 0L;
            for (var i = 0; i < 300; i++)
            {
                sequence.Add(1);
                if (chance.Share() < 0.95) below++;
                if (Math.Max(sequence.LogEvidenceAbove(0.95, below), sequence.LogEvidenceBelow(0.95, below)) < Math.Log(2 / Alpha)) continue;
                passed++;
                break;
            }
        }
        Assert.True(passed <= Runs * (Alpha + (3 * Math.Sqrt(Alpha * (1 - Alpha) / Runs))), $"{passed} of {Runs}");
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(3_000)]
    [InlineData(100_000)]
    public void The_bounds_are_narrower_than_the_closed_form_of_the_paper(int count)
    {
        const double Alpha = 0.05;
        const double Share = 0.95;
        const double Decades = 14;
        var sequence = new QuantileSequence();
        for (var i = 1; i <= count; i++) sequence.Add((long)(1000 * Math.Exp(Decades * i / count))); // The share of a value is its logarithm; bins are fine in it.
        var level = ((1.4 * Math.Log(Math.Log(2.1 * count))) + Math.Log(10 / Alpha)) / count;
        var reach = (1.5 * Math.Sqrt(Share * (1 - Share) * level)) + (0.8 * level);
        var bounds = sequence.Bounds(Share, Alpha);
        Assert.InRange(Math.Log(bounds.Low / 1000) / Decades, Share - reach, Share);
        Assert.InRange(Math.Log(bounds.High / 1000) / Decades, Share, Share + reach);
        Assert.True(bounds.Low < bounds.Estimate && bounds.Estimate < bounds.High);
    }

    private static double Gauss(ref SeededSequence chance) => Math.Sqrt(-2 * Math.Log(1 - chance.Share())) * Math.Cos(2 * Math.PI * chance.Share());
}
