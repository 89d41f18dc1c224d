namespace Rung.Core.Statistics;

/// <summary>One logged choice, seen by another policy.</summary>
/// <param name="Reward">What the choice brought, in [0, 1].</param>
/// <param name="LoggedPropensity">Probability with which the logging policy made this choice, in (0, 1].</param>
/// <param name="TargetPropensity">Probability with which the other policy would make it, in [0, 1].</param>
/// <param name="PredictedLogged">A model's guess of the reward of this choice, in [0, 1]; learned from other rows.</param>
/// <param name="PredictedTarget">The guess of the reward of what the other policy would do, its choices weighted by their probability.</param>
public readonly record struct OffPolicySample(double Reward, double LoggedPropensity, double TargetPropensity, double PredictedLogged, double PredictedTarget);

/// <summary>What another policy would have been worth, from traffic that it did not decide.</summary>
public sealed record OffPolicyEstimate
{
    /// <summary>Inverse propensity: unbiased where every choice of the other policy could have been logged; wide where weights are large. Null when it cannot be said.</summary>
    public required Interval? InversePropensity { get; init; }
    /// <summary>Self-normalised: a little biased in small samples, narrower, and never outside the rewards that were seen. Null when it cannot be said.</summary>
    public required Interval? SelfNormalised { get; init; }
    /// <summary>Doubly robust: the guess, corrected by what was seen. Null when it cannot be said.</summary>
    public required Interval? DoublyRobust { get; init; }
    /// <summary>How many rows of the other policy's own the weighted rows are worth: (Σw)² ÷ Σw².</summary>
    public required double EffectiveSampleSize { get; init; }
    /// <summary>Mean of the weights: 1 when every choice of the other policy could have been logged, less when some could not.</summary>
    public required double MeanWeight { get; init; }
    /// <summary>Rows.</summary>
    public required long Samples { get; init; }
    /// <summary>Rows whose choice the other policy could have made.</summary>
    public required long Supported { get; init; }
    /// <summary>Why nothing can be said; null when something can.</summary>
    public required string? CannotBeSaid { get; init; }
}

/// <summary>
/// Judges a policy by traffic that another one decided by chance, with the probabilities that were logged then. Nothing is said where the traffic does not hold
/// what the other policy would have done.
/// </summary>
/// <remarks>
/// Inverse propensity: D. G. Horvitz, D. J. Thompson, J. Am. Stat. Assoc. 47 (1952), 663–685. Self-normalised: A. Swaminathan, T. Joachims, NIPS 2015 (after
/// J. Hájek, 1971). Doubly robust: M. Dudík, J. Langford, L. Li, ICML 2011. Effective sample size: L. Kish, Survey Sampling, 1965. Intervals have
/// the effective sample size for degrees of freedom and are corrected for skewness (P. Hall, J. R. Stat. Soc. B 54 (1992), 221–228); that of the self-normalised
/// estimate rests on the delta method (A. B. Owen, Monte Carlo Theory, 2013, ch. 9).
/// </remarks>
public static class OffPolicy
{
    /// <summary>Fewer effective rows say nothing.</summary>
    public const double LeastEffectiveSampleSize = 10;

    /// <summary>A mean weight that is surely below this means that some of what the other policy would do was never tried.</summary>
    public const double LeastMeanWeight = 0.95;

    // Large weights are skewed, and the mean of few of them strays further than Student thinks; silence must not come of that.
    private const double SupportConfidence = 0.999999;

    /// <summary>Estimates the mean reward of the other policy.</summary>
    /// <param name="samples">The logged choices, independent of one another.</param>
    /// <param name="confidence">Above 0 and below 1, for example 0.95.</param>
    /// <exception cref="ArgumentOutOfRangeException">A logged propensity is not in (0, 1], or another figure is not in [0, 1].</exception>
    public static OffPolicyEstimate Estimate(ReadOnlySpan<OffPolicySample> samples, double confidence)
    {
        Binomial.CheckConfidence(confidence);
        var n = samples.Length;
        var (sum, squares, supported) = (0.0, 0.0, 0);
        for (var i = 0; i < n; i++)
        {
            var weight = Weight(samples[i]);
            sum += weight;
            squares += weight * weight;
            if (weight > 0) supported++;
        }
        var effective = squares > 0 ? sum * sum / squares : 0;
        var meanWeight = n > 0 ? sum / n : 0;
        var trouble = Trouble(n, supported, effective, meanWeight, squares);
        return new OffPolicyEstimate
        {
            InversePropensity = trouble is null ? InversePropensity(samples, effective, confidence) : null,
            SelfNormalised = trouble is null ? SelfNormalised(samples, sum, effective, confidence) : null,
            DoublyRobust = trouble is null ? DoublyRobust(samples, effective, confidence) : null,
            EffectiveSampleSize = effective, MeanWeight = meanWeight, Samples = n, Supported = supported, CannotBeSaid = trouble,
        };
    }

    private static string? Trouble(int n, int supported, double effective, double meanWeight, double squares)
    {
        if (n == 0) return "no call has a judgement";
        if (supported == 0) return $"in none of the {n:N0} judged calls was done what the policy would do";
        if (effective < LeastEffectiveSampleSize) return $"the {supported:N0} of {n:N0} judged calls in which was done what the policy would do are worth {effective:N1} calls; {LeastEffectiveSampleSize:N0} are needed";
        // The mean weight is 1 when everything that the policy would do had a chance to be logged.
        var error = n > 1 ? Math.Sqrt(Math.Max(0, (squares / n) - (meanWeight * meanWeight)) / (n - 1)) : 0;
        var upper = meanWeight + (error * StudentT.TwoSided(SupportConfidence, Math.Max(1, n - 1)));
        return upper < LeastMeanWeight ? $"about {1 - meanWeight:P0} of what the policy would do was never tried in the {n:N0} judged calls" : null;
    }

    private static Interval InversePropensity(ReadOnlySpan<OffPolicySample> samples, double effective, double confidence)
    {
        var values = new double[samples.Length];
        for (var i = 0; i < values.Length; i++) values[i] = Weight(samples[i]) * samples[i].Reward;
        return Around(values, added: (0, TypicalWeight(samples)), effective, confidence);
    }

    /// <summary>A ratio of two means has the spread of w · (r − v), as far as the delta method goes.</summary>
    private static Interval SelfNormalised(ReadOnlySpan<OffPolicySample> samples, double sum, double effective, double confidence)
    {
        var estimate = 0.0;
        foreach (var sample in samples) estimate += Weight(sample) * sample.Reward / sum;
        var scale = samples.Length / sum;
        var values = new double[samples.Length];
        for (var i = 0; i < values.Length; i++) values[i] = estimate + (Weight(samples[i]) * (samples[i].Reward - estimate) * scale);
        var typical = TypicalWeight(samples) * scale;
        return Around(values, (estimate - (typical * estimate), estimate + (typical * (1 - estimate))), effective, confidence);
    }

    private static Interval DoublyRobust(ReadOnlySpan<OffPolicySample> samples, double effective, double confidence)
    {
        var values = new double[samples.Length];
        var (predicted, weighted, weights) = (0.0, 0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var sample = samples[i];
            var weight = Weight(sample);
            var guess = Share(sample.PredictedLogged, nameof(samples));
            values[i] = Share(sample.PredictedTarget, nameof(samples)) + (weight * (sample.Reward - guess));
            predicted += sample.PredictedTarget / values.Length;
            weighted += weight * guess;
            weights += weight;
        }
        var typical = TypicalWeight(samples);
        return Around(values, (predicted - (typical * weighted / weights), predicted + (typical * (1 - (weighted / weights)))), effective, confidence);
    }

    /// <summary>Mean weight of a row that counts: Σw² ÷ Σw.</summary>
    private static double TypicalWeight(ReadOnlySpan<OffPolicySample> samples)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var sample in samples)
        {
            var weight = Weight(sample);
            sum += weight;
            squares += weight * weight;
        }
        return squares / sum;
    }

    /// <summary>
    /// The mean and its interval. Rewards near 1 with large weights are skewed: the few failures that were not drawn are missing from mean and spread alike, and
    /// Student's interval then covers 85 to 92 % instead of 95 %. Hall's transformation takes the skewness out, and one failure and one success of a typical weight
    /// are added to the spread, not to the mean (as A. Agresti and B. A. Coull do for shares: Am. Stat. 52 (1998)).
    /// </summary>
    private static Interval Around(double[] values, (double Failure, double Success) added, double effective, double confidence)
    {
        var mean = values.Average();
        var (squares, cubes) = (0.0, 0.0);
        foreach (var value in (ReadOnlySpan<double>)[.. values, added.Failure, added.Success])
        {
            var off = value - mean;
            squares += off * off;
            cubes += off * off * off;
        }
        var n = values.Length + 2;
        var deviation = Math.Sqrt(squares / (n - 1));
        var error = deviation / Math.Sqrt(n);
        var skew = deviation > 0 ? cubes / n / (deviation * deviation * deviation) / Math.Sqrt(n) : 0;
        var t = StudentT.TwoSided(confidence, Math.Max(1, effective - 1));
        return new Interval(mean, Math.Min(mean, Math.Max(0, mean - (error * Straight(t, skew)))), Math.Max(mean, Math.Min(1, mean - (error * Straight(-t, skew)))));
    }

    /// <summary>The inverse of Hall's cubic transformation, with the skewness already divided by the root of the sample size.</summary>
    private static double Straight(double t, double skew) =>
        Math.Abs(skew) < 1e-9 ? t : 3 / skew * (Math.Cbrt(1 + (skew * (t - (skew / 6)))) - 1);

    private static double Weight(in OffPolicySample sample)
    {
        if (!(sample.LoggedPropensity is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(sample), sample.LoggedPropensity, "What was logged had a probability above 0 and of at most 1.");
        _ = Share(sample.Reward, nameof(sample));
        return Share(sample.TargetPropensity, nameof(sample)) / sample.LoggedPropensity;
    }

    private static double Share(double value, string name) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Rewards, guesses and probabilities lie in [0, 1].");
}
