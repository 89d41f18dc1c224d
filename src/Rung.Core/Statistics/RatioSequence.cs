namespace Rung.Core.Statistics;

/// <summary>
/// By what part one mean is above another, from pairs of observations in [0, 1], with bounds that hold at all times at once. Kept in a grid of fixed size.
/// </summary>
/// <remarks>
/// The bounds are the parts r for which a bet on "first less (1 + r) times second" would not reject a mean of zero: <see cref="BettingTest"/>. A pair is split between the
/// four nearest nodes of the grid so that both values are kept on average; the logarithm of the capital is concave in both, so that the bounds are never too narrow.
/// </remarks>
public sealed class RatioSequence
{
    private const int Steps = 28;
    private const double Precision = 1e-4;
    private const double Most = 1_000;

    private readonly double[] nodes = new double[(Steps + 1) * (Steps + 1)];

    /// <summary>Pairs so far.</summary>
    public long Count { get; private set; }

    /// <summary>Mean of the first values.</summary>
    public double First => Count == 0 ? double.NaN : firstSum / Count;

    /// <summary>Mean of the second values.</summary>
    public double Second => Count == 0 ? double.NaN : secondSum / Count;

    /// <summary>By what part the first mean is above the second; NaN where the second is zero.</summary>
    public double Estimate => secondSum > 0 ? (firstSum / secondSum) - 1 : double.NaN;

    private double firstSum;
    private double secondSum;

    /// <summary>Adds a pair. Values outside [0, 1] are taken for its ends.</summary>
    public void Add(double first, double second)
    {
        (first, second) = (Math.Clamp(first, 0, 1), Math.Clamp(second, 0, 1));
        Count++;
        firstSum += first;
        secondSum += second;
        var (row, down) = Place(first);
        var (column, right) = Place(second);
        var at = (row * (Steps + 1)) + column;
        nodes[at] += (1 - down) * (1 - right);
        nodes[at + 1] += (1 - down) * right;
        nodes[at + Steps + 1] += down * (1 - right);
        nodes[at + Steps + 2] += down * right;
    }

    /// <summary>Lower bound, one-sided at <paramref name="alpha"/>; −1 when nothing is known.</summary>
    public double Lower(double alpha)
    {
        Binomial.CheckConfidence(alpha);
        return Count == 0 || !(secondSum > 0) ? -1 : Crossing.Find(part => LogEvidence(part, above: true), Math.Log(1 / alpha), rejected: -1, kept: Estimate, Precision);
    }

    /// <summary>Upper bound, one-sided at <paramref name="alpha"/>; positive infinity when there is none.</summary>
    public double Upper(double alpha)
    {
        Binomial.CheckConfidence(alpha);
        if (Count == 0 || !(secondSum > 0)) return double.PositiveInfinity;
        var bar = Math.Log(1 / alpha);
        for (var (kept, step) = (Estimate, 0.1); step < Most; step *= 2)
        {
            if (LogEvidence(Estimate + step, above: false) >= bar) return Crossing.Find(part => LogEvidence(part, above: false), bar, Estimate + step, kept, Precision);
            kept = Estimate + step;
        }
        return double.PositiveInfinity;
    }

    private double LogEvidence(double part, bool above)
    {
        Span<double> growth = stackalloc double[BetGrid.Count];
        growth.Clear();
        for (var at = 0; at < nodes.Length; at++)
        {
            if (nodes[at] <= 0) continue;
            var (first, second) = (Value(at / (Steps + 1)), Value(at % (Steps + 1)));
            var gain = above ? (first / (1 + part)) - second : ((1 + part) * second) - first;
            for (var bet = 0; bet < growth.Length; bet++) growth[bet] += nodes[at] * Math.Log(1 + (BetGrid.Bets[bet] * gain));
        }
        return BetGrid.LogMixture(growth);
    }

    // Nodes at the squares of equal steps: most costs are far below the cap.
    private static double Value(int node) => (double)node * node / (Steps * Steps);

    private static (int Node, double Further) Place(double value)
    {
        var node = Math.Min((int)(Math.Sqrt(value) * Steps), Steps - 1);
        return (node, Math.Clamp((value - Value(node)) / (Value(node + 1) - Value(node)), 0, 1));
    }
}
