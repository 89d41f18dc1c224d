using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

/// <summary>The one law of a p-value: where the loss is just more than tolerated, it is at most δ with a probability of at most δ. Counted out, not sampled.</summary>
public sealed class RiskTestsTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 7).WithMaxTest(60);
    private static readonly Gen<double> Level = Gen.Elements(0.01, 0.05, 0.1, 0.3);
    private static readonly Gen<double> Most = Gen.Choose(1, 60).Select(n => n / 100.0);

    [Fact]
    public void Hoeffding_and_Bentkus_reject_a_true_loss_as_rarely_as_promised() => Prop.ForAll(
        Gen.Choose(1, 400).ToArbitrary(), Most.ToArbitrary(), Level.ToArbitrary(),
        (n, most, level) => Enumerable.Range(0, n + 1).Where(k => RiskTests.HoeffdingBentkus(k, n, most) <= level).Sum(k => BinomialTests.Mass(k, n, most)) <= level + 1e-9).Check(Fixed);

    [Fact]
    public void The_exact_binomial_rejects_a_true_share_as_rarely_as_promised() => Prop.ForAll(
        Gen.Choose(1, 400).ToArbitrary(), Most.ToArbitrary(), Level.ToArbitrary(),
        (n, most, level) => Enumerable.Range(0, n + 1).Where(k => Binomial.AtMost(k, n, most) <= level).Sum(k => BinomialTests.Mass(k, n, most)) <= level + 1e-9).Check(Fixed);

    /// <summary>All 3^9 sequences of −1, 0 and 1 with their probabilities; the mean loss is exactly what is tolerated.</summary>
    [Fact]
    public void Betting_rejects_a_true_loss_as_rarely_as_promised() => Prop.ForAll(
        Gen.Choose(0, 30).Select(n => n / 100.0).ToArbitrary(), Gen.Choose(1, 60).Select(n => n / 100.0).ToArbitrary(), Level.ToArbitrary(), (gain, most, level) =>
        {
            var loss = gain + most;
            if (loss + gain > 1) return true;
            const int Length = 9;
            var (rejected, losses) = (0.0, new double[Length]);
            for (var code = 0; code < 19683; code++)
            {
                var (probability, left) = (1.0, code);
                for (var i = 0; i < Length; i++, left /= 3)
                {
                    losses[i] = (left % 3) - 1;
                    probability *= losses[i] switch { < 0 => gain, > 0 => loss, _ => 1 - gain - loss };
                }
                if (RiskTests.Betting(losses, most, level) <= level) rejected += probability;
            }
            return rejected <= level + 1e-9;
        }).Check(Fixed);

    [Fact]
    public void A_p_value_falls_as_more_is_tolerated() => Prop.ForAll(
        Gen.Choose(-1, 1).Select(n => (double)n).ArrayOf(80).ToArbitrary(), Most.Two().ToArbitrary(), (losses, most) =>
        {
            var (less, more) = (Math.Min(most.Item1, most.Item2), Math.Max(most.Item1, most.Item2));
            var sum = losses.Sum(loss => Math.Max(0, loss));
            return RiskTests.Betting(losses, more, 0.05) <= RiskTests.Betting(losses, less, 0.05)
                && RiskTests.HoeffdingBentkus(sum, 80, more) <= RiskTests.HoeffdingBentkus(sum, 80, less) + 1e-12;
        }).Check(Fixed);

    [Fact]
    public void Without_a_loss_Hoeffding_s_value_is_the_exact_one() => Assert.Equal(Math.Pow(0.95, 100), RiskTests.HoeffdingBentkus(0, 100, 0.05), 1e-12);

    [Fact]
    public void A_sum_that_is_whole_but_for_rounding_is_not_taken_for_one_more()
    {
        var sum = Enumerable.Repeat(0.1, 30).Sum(); // 2.9999999999999996 or 3.0000000000000004: never 4 events.
        Assert.Equal(RiskTests.HoeffdingBentkus(3, 100, 0.1), RiskTests.HoeffdingBentkus(sum, 100, 0.1), 1e-12);
    }

    [Fact]
    public void The_bound_never_lies_below_what_was_seen() => Prop.ForAll(
        Gen.Choose(-1, 1).Select(n => (double)n).ArrayOf(120).ToArbitrary(),
        losses => RiskTests.SmallestRejected(most => RiskTests.Betting(losses, most, 0.05), 0.05) >= losses.Average()).Check(Fixed);

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RiskTests.HoeffdingBentkus(2, 1, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RiskTests.HoeffdingBentkus(double.NaN, 1, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RiskTests.HoeffdingBentkus(0, 0, 0.1));
        Assert.Throws<ArgumentException>(() => RiskTests.Betting([], 0.1, 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => RiskTests.Betting([0], 1.1, 0.05));
        Assert.Throws<ArgumentOutOfRangeException>(() => RiskTests.Betting([0], 0.1, 1));
    }
}
