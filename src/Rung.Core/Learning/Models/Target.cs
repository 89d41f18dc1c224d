namespace Rung.Core.Learning.Models;

/// <summary>Probabilities and log-odds, safe at their ends.</summary>
internal static class Target
{
    private const double Least = 1e-6;

    /// <summary>The probability of log-odds, in (0, 1).</summary>
    public static double Probability(double logOdds) => logOdds >= 0 ? 1 / (1 + Math.Exp(-logOdds)) : Math.Exp(logOdds) / (1 + Math.Exp(logOdds));

    /// <summary>The log-odds of a probability, which is kept off 0 and 1 by one in a million.</summary>
    public static double LogOdds(double probability)
    {
        var bounded = Math.Clamp(probability, Least, 1 - Least);
        return Math.Log(bounded / (1 - bounded));
    }

    /// <summary>The log loss of log-odds against a target in [0, 1], in nats.</summary>
    public static double Loss(double logOdds, double target) => Math.Max(logOdds, 0) - (logOdds * target) + Math.Log(1 + Math.Exp(-Math.Abs(logOdds)));

    /// <summary>The weighted mean of targets, drawn a little towards one half: a set in which everything is right does not make sure.</summary>
    public static double Mean(ReadOnlySpan<double> targets, ReadOnlySpan<double> weights)
    {
        double sum = 0.5, total = 1;
        for (var i = 0; i < targets.Length; i++)
        {
            sum += weights[i] * targets[i];
            total += weights[i];
        }
        return sum / total;
    }
}
