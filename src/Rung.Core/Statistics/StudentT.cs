namespace Rung.Core.Statistics;

/// <summary>Student's t distribution, for intervals of means.</summary>
public static class StudentT
{
    /// <summary>The value that the distribution exceeds, to either side together, with probability 1 − <paramref name="confidence"/>.</summary>
    /// <param name="confidence">Above 0 and below 1, for example 0.95.</param>
    /// <param name="degrees">Degrees of freedom, above 0, not necessarily whole.</param>
    /// <returns>A positive number: 1.96 for 0.95 and many degrees.</returns>
    /// <remarks>P[|T| ≤ t] = 1 − I_{ν/(ν+t²)}(ν/2, 1/2): DLMF 8.17 and M. Abramowitz, I. A. Stegun 26.7.1; inverted by halving.</remarks>
    public static double TwoSided(double confidence, double degrees)
    {
        Binomial.CheckConfidence(confidence);
        if (!(degrees > 0)) throw new ArgumentOutOfRangeException(nameof(degrees), degrees, "There is at least a part of a degree of freedom.");
        // Beyond this the normal distribution is the same to five digits, and the continued fraction would only take longer.
        var bounded = Math.Min(degrees, 100_000);
        var (low, high) = (0.0, 1.0);
        while (Inside(high, bounded) < confidence && high < 1e12) high *= 2;
        for (var i = 0; i < 100 && high - low > 1e-12 * high; i++)
        {
            var middle = (low + high) / 2;
            if (Inside(middle, bounded) < confidence) low = middle;
            else high = middle;
        }
        return high;
    }

    private static double Inside(double t, double degrees) => 1 - SpecialFunctions.RegularisedBeta(degrees / (degrees + (t * t)), degrees / 2, 0.5);
}
