namespace Rung.Core.Statistics;

/// <summary>The standard normal distribution.</summary>
public static class Normal
{
    /// <summary>Probability of a value of at most <paramref name="z"/>.</summary>
    /// <remarks>Φ(−z) = Q(1/2, z²/2) / 2 for z ≥ 0: DLMF 7.11.2 and 7.2.2.</remarks>
    public static double AtMost(double z)
    {
        var tail = IncompleteGamma.Upper(0.5, z * z / 2) / 2;
        return z < 0 ? tail : 1 - tail;
    }

    /// <summary>The value that is not exceeded with this probability: 1.645 for 0.95.</summary>
    /// <param name="probability">Above 0 and below 1.</param>
    public static double Quantile(double probability)
    {
        Binomial.CheckConfidence(probability);
        // M. Abramowitz, I. A. Stegun 26.2.23 to begin with (error below 0.00045), then Newton's steps.
        var tail = Math.Min(probability, 1 - probability);
        var t = Math.Sqrt(-2 * Math.Log(tail));
        var z = t - ((2.515517 + (0.802853 * t) + (0.010328 * t * t)) / (1 + (1.432788 * t) + (0.189269 * t * t) + (0.001308 * t * t * t)));
        for (var i = 0; i < 4; i++) z += (AtMost(-z) - tail) * Math.Sqrt(2 * Math.PI) * Math.Exp(z * z / 2);
        return probability < 0.5 ? -z : z;
    }
}
