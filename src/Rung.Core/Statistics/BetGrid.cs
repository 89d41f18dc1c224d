namespace Rung.Core.Statistics;

/// <summary>
/// The bets that are mixed wherever a mean is put to the test: a fixed grid, so that nothing has to be tuned and the order of the observations does not matter.
/// </summary>
/// <remarks>
/// A bet λ in (0, 1) is the part of its capital that is staked on each observation. The best one for a difference Δ with variance σ² is about Δ ÷ (σ² + Δ²):
/// near 1 for a large drop or a rare event, a few hundredths for a small difference of two coins. The mixture loses at most ln(1 / weight) to the best of its bets.
/// The weights favour large bets: what is large must be found early, and what is small has time.
/// </remarks>
internal static class BetGrid
{
    private static readonly double[] Lambdas = [0.95, 0.8, 0.6, 0.45, 0.32, 0.22, 0.15, 0.1, 0.06, 0.035, 0.02, 0.01];
    private static readonly double[] Shares = [0.16, 0.13, 0.12, 0.11, 0.10, 0.09, 0.08, 0.07, 0.05, 0.04, 0.03, 0.02];

    /// <summary>The bets, largest first.</summary>
    public static ReadOnlySpan<double> Bets => Lambdas;

    /// <summary>What part of the capital each begins with; together 1.</summary>
    public static ReadOnlySpan<double> Weights => Shares;

    /// <summary>How many there are.</summary>
    public const int Count = 12;

    /// <summary>Natural logarithm of the sum of weight · e^growth, where nothing overflows.</summary>
    /// <param name="growth">Logarithm of what each bet has made of 1.</param>
    public static double LogMixture(ReadOnlySpan<double> growth)
    {
        var most = double.NegativeInfinity;
        foreach (var one in growth) most = Math.Max(most, one);
        if (double.IsNegativeInfinity(most)) return most;
        var sum = 0.0;
        for (var i = 0; i < growth.Length; i++) sum += Shares[i] * Math.Exp(growth[i] - most);
        return most + Math.Log(sum);
    }
}
