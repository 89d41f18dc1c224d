namespace Rung.Core.Statistics;

/// <summary>The regularised incomplete gamma function, and the two distributions that are made of it.</summary>
internal static class IncompleteGamma
{
    private const int MostTerms = 10_000;
    private const double Enough = 1e-15;

    /// <summary>Q(a, x): the probability that a gamma variable of shape a exceeds x. Relative error about 1e-12.</summary>
    /// <param name="a">A positive number.</param>
    /// <param name="x">A number that is not negative.</param>
    /// <remarks>The series of DLMF 8.7.1 below a + 1, the continued fraction of DLMF 8.9.2 (by the modified method of Lentz) above.</remarks>
    public static double Upper(double a, double x)
    {
        if (!(a > 0)) throw new ArgumentOutOfRangeException(nameof(a), a, "The shape must be positive.");
        if (!(x >= 0)) throw new ArgumentOutOfRangeException(nameof(x), x, "The argument cannot be negative.");
        if (x == 0) return 1;
        if (double.IsPositiveInfinity(x)) return 0;
        var front = Math.Exp((a * Math.Log(x)) - x - SpecialFunctions.LogGamma(a));
        return Math.Clamp(x < a + 1 ? 1 - (front * Series(a, x)) : front * Fraction(a, x), 0, 1);
    }

    /// <summary>Probability that a χ² variable is at least x.</summary>
    public static double ChiSquaredAtLeast(double x, double degrees) => x <= 0 ? 1 : Upper(degrees / 2, x / 2);

    private static double Series(double a, double x)
    {
        var (term, sum) = (1 / a, 1 / a);
        for (var n = 1; n <= MostTerms && term > sum * Enough; n++)
        {
            term *= x / (a + n);
            sum += term;
        }
        return sum;
    }

    private static double Fraction(double a, double x)
    {
        var b = x + 1 - a;
        var c = 1e300;
        var d = 1 / b;
        var value = d;
        for (var n = 1; n <= MostTerms; n++)
        {
            var top = -n * (n - a);
            b += 2;
            d = 1 / NotZero((top * d) + b);
            c = NotZero(b + (top / c));
            value *= c * d;
            if (Math.Abs((c * d) - 1) < Enough) break;
        }
        return value;

        static double NotZero(double number) => Math.Abs(number) < 1e-300 ? 1e-300 : number;
    }
}
