using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Learning.Models;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class BettingTestTests
{
    private static readonly Arbitrary<double[]> s_differences = Gen.ArrayOf(Gen.Choose(-100, 100).Select(hundredths => hundredths / 100.0)).ToArbitrary();

    [Fact]
    public void Nothing_seen_is_no_evidence() => Assert.Equal(0, New(0.5).LogEvidence, 12);

    [Fact]
    public void The_order_of_the_observations_does_not_matter() => Prop.ForAll(s_differences, values =>
        Math.Abs(Evidence(values) - Evidence([.. values.Reverse()])) < 1e-9 && Math.Abs(Evidence(values) - Evidence([.. values.Order()])) < 1e-9).QuickCheckThrowOnFailure();

    [Fact]
    public void The_evidence_is_the_mixture_of_the_bets_that_the_grid_names() => Prop.ForAll(s_differences, values =>
    {
        var mixture = 0.0;
        for (var bet = 0; bet < BetGrid.Count; bet++) mixture += BetGrid.Weights[bet] * values.Aggregate(1.0, (capital, value) => capital * (1 + (BetGrid.Bets[bet] * value)));
        return Math.Abs(Math.Log(mixture) - Evidence(values)) < 1e-9;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_weights_of_the_grid_sum_to_one_and_its_bets_lie_between_zero_and_one()
    {
        Assert.Equal(BetGrid.Count, BetGrid.Bets.Length);
        Assert.Equal(BetGrid.Count, BetGrid.Weights.Length);
        Assert.Equal(1, BetGrid.Weights.ToArray().Sum(), 12);
        Assert.All(BetGrid.Bets.ToArray(), bet => Assert.InRange(bet, 0.001, 0.99));
    }

    [Fact]
    public void A_test_above_and_a_test_below_of_mirrored_values_say_the_same() => Prop.ForAll(s_differences, values =>
    {
        var (above, below) = (new BettingTest(-1, 1, 0.2, MeanSide.Above), new BettingTest(-1, 1, -0.2, MeanSide.Below));
        foreach (var value in values)
        {
            above.Add(value);
            below.Add(-value);
        }
        return Math.Abs(above.LogEvidence - below.LogEvidence) < 1e-9;
    }).QuickCheckThrowOnFailure();

    // Coins with the mean of the null, looked at after every one of 1,200: the evidence may reach ln 20 in 5 % of the runs.
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.08)]
    [InlineData(0.01)]
    public void Where_the_null_is_true_the_bar_is_passed_as_rarely_as_promised_however_often_one_looks(double mean)
    {
        const int Runs = 300;
        const double Alpha = 0.05;
        var passed = 0;
        for (var run = 0; run < Runs; run++)
        {
            var chance = new SeededSequence((ulong)run);
            var test = new BettingTest(0, 1, mean, MeanSide.Above);
            var most = 0.0;
            for (var i = 0; i < 1200; i++)
            {
                test.Add(chance.Share() < mean ? 1 : 0);
                most = Math.Max(most, test.LogEvidence);
            }
            if (most >= Math.Log(1 / Alpha)) passed++;
        }
        Assert.True(passed <= Runs * (Alpha + (3 * Math.Sqrt(Alpha * (1 - Alpha) / Runs))), $"{passed} of {Runs} runs passed the bar.");
    }

    [Fact]
    public void A_mean_that_is_above_the_null_is_found_about_as_soon_as_by_one_who_knows_it()
    {
        // 0.18 against 0.08: the likelihood ratio gains 0.046 a coin, so that ln 20 takes 65 coins; the mixture may take twice as many.
        var needed = new List<int>();
        for (var run = 0; run < 201; run++)
        {
            var chance = new SeededSequence((ulong)run);
            var test = new BettingTest(0, 1, 0.08, MeanSide.Above);
            while (test.LogEvidence < Math.Log(20)) test.Add(chance.Share() < 0.18 ? 1 : 0);
            needed.Add((int)test.Count);
        }
        Assert.InRange(needed.Order().ElementAt(100), 30, 130);
    }

    [Fact]
    public void A_long_run_of_gains_or_losses_leaves_a_finite_number()
    {
        var (won, lost) = (New(0.5), New(0.5));
        for (var i = 0; i < 100_000; i++)
        {
            won.Add(1);
            lost.Add(0);
        }
        Assert.InRange(won.LogEvidence, 60_000, 70_000);
        Assert.True(double.IsFinite(lost.LogEvidence) && lost.LogEvidence < 0);
    }

    [Fact]
    public void Adding_allocates_nothing()
    {
        var test = New(0.5);
        test.Add(0.7);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) test.Add(0.4);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_null_outside_the_range_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new BettingTest(0, 1, 1, MeanSide.Above));

    private static BettingTest New(double mean) => new(0, 1, mean, MeanSide.Above);

    private static double Evidence(double[] differences)
    {
        var test = new BettingTest(-1, 1, 0, MeanSide.Above);
        foreach (var difference in differences) test.Add(difference);
        return test.LogEvidence;
    }
}
