namespace Rung.Core.Statistics;

/// <summary>Exact statements about a share: how likely so few events are, and how large the share may be all the same.</summary>
public static class Binomial
{
    /// <summary>Probability of at most so many events among independent trials.</summary>
    /// <param name="events">How many at most; below 0 gives 0.</param>
    /// <param name="trials">How many trials, at least 0.</param>
    /// <param name="share">Probability of the event in each, 0 to 1.</param>
    /// <remarks>P[X ≤ k] = I_{1−p}(n − k, k + 1): DLMF 8.17.5.</remarks>
    public static double AtMost(long events, long trials, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        if (!(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies in [0, 1].");
        if (events < 0) return 0;
        if (events >= trials) return 1;
        return SpecialFunctions.RegularisedBeta(1 - share, trials - events, events + 1);
    }

    /// <summary>Probability of at least so many events among independent trials; arguments as of <see cref="AtMost"/>.</summary>
    public static double AtLeast(long events, long trials, double share) => AtMost(trials - events, trials, 1 - share);

    /// <summary>Upper confidence bound of a share, one-sided and exact: it covers the true share with at least the stated confidence.</summary>
    /// <param name="events">Events seen, 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">Trials, at least 1.</param>
    /// <param name="confidence">Above 0 and below 1, for example 0.95.</param>
    /// <returns>A share in (0, 1].</returns>
    /// <remarks>C. J. Clopper, E. S. Pearson, Biometrika 26 (1934), 404–413.</remarks>
    public static double UpperBound(long events, long trials, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(events);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events, trials);
        CheckConfidence(confidence);
        return events == trials ? 1 : RiskTests.SmallestRejected(share => AtMost(events, trials, share), 1 - confidence);
    }

    /// <summary>Lower confidence bound of a share; arguments and source as of <see cref="UpperBound"/>.</summary>
    public static double LowerBound(long events, long trials, double confidence) => 1 - UpperBound(trials - events, trials, confidence);

    internal static void CheckConfidence(double confidence)
    {
        if (!(confidence is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1.");
    }
}
