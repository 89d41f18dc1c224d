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
        var (low, high) = (-40.0, 40.0);
        for (var i = 0; i < 100 && high - low > 1e-13; i++)
        {
            var middle = (low + high) / 2;
            if (AtMost(middle) < probability) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }
}
