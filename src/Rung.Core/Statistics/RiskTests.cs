namespace Rung.Core.Statistics;

/// <summary>
/// P-values for "the mean loss is more than ε", each valid for every sample size: when the mean loss really is more than ε, a p-value of at most δ
/// comes up with a probability of at most δ. Losses are independent and identically distributed (or exchangeable).
/// </summary>
public static class RiskTests
{
    /// <summary>Least error of a sum of losses that arithmetic may leave: a sum of 13 must not be taken for a little more than 13.</summary>
    private const double Slack = 1e-9;

    /// <summary>Largest bet. Above it a single loss would take nearly all that the test had won.</summary>
    private const double LargestBet = 0.75;

    /// <summary>P-value by the inequalities of Hoeffding and Bentkus, for losses in [0, 1].</summary>
    /// <param name="sum">Sum of the losses, 0 to <paramref name="count"/>.</param>
    /// <param name="count">How many losses, at least 1.</param>
    /// <param name="most">The tolerated mean loss ε, 0 to 1.</param>
    /// <remarks>
    /// S. Bates, A. Angelopoulos, L. Lei, J. Malik, M. I. Jordan, "Distribution-Free, Risk-Controlling Prediction Sets", J. ACM 68 (2021), §3.1.2; as
    /// a p-value in A. Angelopoulos, S. Bates, E. Candès, M. I. Jordan, L. Lei, "Learn then Test" (arXiv 2110.01052), proposition 6.
    /// </remarks>
    public static double HoeffdingBentkus(double sum, long count, double most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!(sum >= 0 && sum <= count + Slack)) throw new ArgumentOutOfRangeException(nameof(sum), sum, "Each loss lies in [0, 1].");
        if (!(most is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(most), most, "A tolerated loss lies in [0, 1].");
        if (most is 0 or 1) return 1;

        var mean = Math.Min(sum / count, most);
        var hoeffding = Math.Exp(-count * Divergence(mean, most));
        var bentkus = Math.E * Binomial.AtMost((long)Math.Ceiling(sum - Slack), count, most);
        return Math.Min(1, Math.Min(hoeffding, bentkus));
    }

    /// <summary>
    /// P-value by betting against "the mean loss is more than ε", for losses in [−1, 1] in an order that nothing else depends on. It uses the variance
    /// of the losses and lets gains offset losses, and so needs far fewer rows than the others where most losses are zero.
    /// </summary>
    /// <param name="losses">The losses, each −1 to 1, at least one.</param>
    /// <param name="most">The tolerated mean loss ε, 0 to 1.</param>
    /// <param name="level">The level δ that the bets are made for, above 0 and below 1. The p-value is valid whatever it is.</param>
    /// <remarks>
    /// The capital K = Π (1 + λ_i (ε − L_i)) with bets λ_i in [0, 1) that look at earlier losses only is never negative, and its expectation is at most 1
    /// where the mean loss is at least ε; by Markov's inequality 1 / K is a p-value. I. Waudby-Smith, A. Ramdas, "Estimating means of bounded random variables
    /// by betting", J. R. Stat. Soc. B 86 (2024), 1–27 (arXiv 2010.09686); the bets are their predictable plug-in for a fixed sample size. Ville's inequality
    /// would allow the largest capital on the way instead of the last. That rejects more often, but its bound can lie below the very mean that was seen,
    /// and a threshold so chosen breaks its promise on held-out samples of the same size about twice as often as this one.
    /// </remarks>
    public static double Betting(ReadOnlySpan<double> losses, double most, double level)
    {
        if (losses.IsEmpty) throw new ArgumentException("There must be a loss.", nameof(losses));
        if (!(most is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(most), most, "A tolerated loss lies in [0, 1].");
        Binomial.CheckConfidence(level);

        var capital = 1.0;
        var target = 2 * Math.Log(1 / level) / losses.Length;
        var (sum, squares) = (0.0, 0.25); // One imagined loss with the variance of a fair coin in [0, 1]: the first bets are careful.
        for (var i = 0; i < losses.Length; i++)
        {
            var bet = Math.Min(LargestBet, Math.Sqrt(target * (i + 1) / squares));
            capital *= 1 + (bet * (most - losses[i]));

            sum += losses[i];
            var off = losses[i] - (sum / (i + 2));
            squares += off * off;
        }
        return capital > 1 ? 1 / capital : 1;
    }

    /// <summary>The smallest tolerated loss in [0, 1] that a p-value which falls as more is tolerated would reject: an upper bound of the loss.</summary>
    /// <param name="pValue">P-value of a tolerated loss.</param>
    /// <param name="level">The level δ.</param>
    public static double SmallestRejected(Func<double, double> pValue, double level)
    {
        ArgumentNullException.ThrowIfNull(pValue);
        if (pValue(0) <= level) return 0;
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 60 && high - low > 1e-13; i++)
        {
            var middle = (low + high) / 2;
            if (pValue(middle) <= level) high = middle;
            else low = middle;
        }
        return high;
    }

    /// <summary>Kullback–Leibler divergence of two coins, in nats.</summary>
    private static double Divergence(double a, double b) =>
        (a <= 0 ? 0 : a * Math.Log(a / b)) + (a >= 1 ? 0 : (1 - a) * Math.Log((1 - a) / (1 - b)));
}
