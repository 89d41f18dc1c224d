using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public sealed class SpecialFunctionsTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20261122, 3).WithMaxTest(300);
    private static readonly Gen<double> Share = Gen.Choose(0, 1000).Select(n => n / 1000.0);
    private static readonly Gen<double> Parameter = Gen.Choose(1, 40_000).Select(n => n / 20.0);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.5, 0.57236494292470009)] // ln √π
    [InlineData(10, 12.801827480081469)] // ln 9!
    [InlineData(0.1, 2.2527126517342060)]
    [InlineData(1000.5, 5908.674175848678)]
    public void The_logarithm_of_gamma_has_its_known_values(double x, double expected) => Assert.Equal(expected, SpecialFunctions.LogGamma(x), 1e-9 * Math.Max(1, expected));

    [Theory]
    [InlineData(0.5, 2, 3, 0.6875)]
    [InlineData(0.3, 1, 1, 0.3)]
    [InlineData(0.25, 0.5, 0.5, 1 / 3.0)] // The arcsine distribution.
    [InlineData(0.9, 10, 2, 0.6973568802)] // 11·0.9^10 − 10·0.9^11
    public void The_incomplete_beta_function_has_its_known_values(double x, double a, double b, double expected) =>
        Assert.Equal(expected, SpecialFunctions.RegularisedBeta(x, a, b), 1e-9);

    [Fact]
    public void The_incomplete_beta_function_is_symmetric() =>
        Prop.ForAll(Share.ToArbitrary(), Parameter.Two().ToArbitrary(), (x, p) =>
            Math.Abs(SpecialFunctions.RegularisedBeta(x, p.Item1, p.Item2) + SpecialFunctions.RegularisedBeta(1 - x, p.Item2, p.Item1) - 1) < 1e-9).Check(Fixed);

    [Fact]
    public void The_incomplete_beta_function_grows_with_its_argument() =>
        Prop.ForAll(Share.Two().ToArbitrary(), Parameter.Two().ToArbitrary(), (x, p) =>
            SpecialFunctions.RegularisedBeta(Math.Min(x.Item1, x.Item2), p.Item1, p.Item2)
            <= SpecialFunctions.RegularisedBeta(Math.Max(x.Item1, x.Item2), p.Item1, p.Item2) + 1e-12).Check(Fixed);

    [Fact]
    public void Arguments_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.LogGamma(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.LogGamma(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.RegularisedBeta(1.1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.RegularisedBeta(0.5, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SpecialFunctions.RegularisedBeta(0.5, 1, double.NaN));
    }
}
