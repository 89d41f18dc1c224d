using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class BinomialTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 5).WithMaxTest(200);

    [Theory]
    [InlineData(2, 10, 0.3, 0.3827827864)]
    [InlineData(0, 149, 0.02, 0.04928165433008947)]
    [InlineData(10, 10, 0.3, 1)]
    [InlineData(-1, 10, 0.3, 0)]
    [InlineData(3, 5, 0, 1)]
    [InlineData(3, 5, 1, 0)]
    public void A_tail_has_its_known_value(long events, long trials, double share, double expected) => Assert.Equal(expected, Binomial.AtMost(events, trials, share), 1e-6);

    /// <summary>The two-sided 95 % intervals of the tables, as two one-sided bounds of 97.5 %.</summary>
    [Theory]
    [InlineData(0, 10, 0, 0.3084971)]
    [InlineData(5, 100, 0.0164319, 0.1128349)]
    [InlineData(10, 100, 0.0490047, 0.1762226)]
    public void Clopper_and_Pearson_s_bounds_are_those_of_the_tables(long events, long trials, double low, double high)
    {
        Assert.Equal(low, Binomial.LowerBound(events, trials, 0.975), 1e-6);
        Assert.Equal(high, Binomial.UpperBound(events, trials, 0.975), 1e-6);
    }

    [Fact]
    public void A_tail_is_the_sum_of_its_parts() => Prop.ForAll(
        Gen.Choose(1, 60).ToArbitrary(), Gen.Choose(0, 60).ToArbitrary(), Gen.Choose(1, 99).Select(n => n / 100.0).ToArbitrary(),
        (n, k, p) => Math.Abs(Binomial.AtMost(k, n, p) - Enumerable.Range(0, Math.Min(k, n) + 1).Sum(i => Mass(i, n, p))) < 1e-10).Check(Fixed);

    [Fact]
    public void What_is_above_and_what_is_below_make_one() => Prop.ForAll(
        Gen.Choose(1, 5000).ToArbitrary(), Gen.Choose(0, 5000).ToArbitrary(), Gen.Choose(1, 99).Select(n => n / 100.0).ToArbitrary(),
        (n, k, p) => Math.Abs(Binomial.AtMost(Math.Min(k, n) - 1, n, p) + Binomial.AtLeast(Math.Min(k, n), n, p) - 1) < 1e-9).Check(Fixed);

    [Fact]
    public void A_share_at_its_bound_would_show_so_few_events_exactly_as_rarely_as_stated() => Prop.ForAll(
        Gen.Choose(2, 3000).ToArbitrary(), Gen.Choose(0, 3000).ToArbitrary(), Gen.Elements(0.9, 0.95, 0.99).ToArbitrary(),
        (n, k, confidence) => k >= n || Math.Abs(Binomial.AtMost(k, n, Binomial.UpperBound(k, n, confidence)) - (1 - confidence)) < 1e-7).Check(Fixed);

    internal static double Mass(int k, int n, double p) => Math.Exp(
        SpecialFunctions.LogGamma(n + 1) - SpecialFunctions.LogGamma(k + 1) - SpecialFunctions.LogGamma(n - k + 1) + (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p)));
}
