using Rung.Core.Learning;
using Rung.Core.Statistics;

namespace Rung.Core.Guarantees;

/// <summary>
/// Graded queries with a threshold that goes down. Queries of one group are one unit, whose loss is their mean: near-identical prompts are no
/// independent evidence. Units stand in the order of a hash of their group's name, so that nobody chooses the order in which bets are made.
/// </summary>
internal sealed class CalibrationSample
{
    private readonly CascadeOutcome[] byScore; // Highest score first.
    private readonly int[] unitOf; // Of each row of byScore.
    private readonly double[] weight; // Of a row in its unit: 1 over the unit's size.
    private readonly double[] net;
    private readonly double[] worse;
    private readonly double[] cost;

    public CalibrationSample(IReadOnlyList<CascadeOutcome> rows)
    {
        if (rows.Count == 0) throw new ArgumentException("There must be a query.", nameof(rows));
        byScore = [.. rows.OrderByDescending(row => row.KeepScore)];
        var groups = rows.Select(row => row.Group).Distinct(StringComparer.Ordinal).OrderBy(Hash).ThenBy(group => group, StringComparer.Ordinal).ToArray();
        var places = new Dictionary<string, int>(groups.Length, StringComparer.Ordinal);
        foreach (var group in groups) places.Add(group, places.Count);
        unitOf = [.. byScore.Select(row => places[row.Group])];
        weight = new double[groups.Length];
        foreach (var unit in unitOf) weight[unit]++;
        for (var i = 0; i < weight.Length; i++) weight[i] = 1 / weight[i];

        (net, worse, cost) = (new double[groups.Length], new double[groups.Length], new double[groups.Length]);
        for (var i = 0; i < byScore.Length; i++)
        {
            var (row, part) = (byScore[i], weight[unitOf[i]]);
            cost[unitOf[i]] += part * ((double)row.WeakCostNanoUsd + row.StrongCostNanoUsd);
            StrongCost += part * row.StrongCostNanoUsd / groups.Length;
            WeakCost += part * row.WeakCostNanoUsd / groups.Length;
            WeakQuality += part * row.WeakQuality / groups.Length;
            StrongQuality += part * row.StrongQuality / groups.Length;
        }
    }

    /// <summary>How many queries.</summary>
    public int Rows => byScore.Length;

    /// <summary>How many groups.</summary>
    public int Units => net.Length;

    /// <summary>How many queries are kept now.</summary>
    public int Kept { get; private set; }

    public double StrongCost { get; }

    public double WeakCost { get; }

    public double WeakQuality { get; }

    public double StrongQuality { get; }

    /// <summary>Mean net loss now: strong less what the cascade gives.</summary>
    public double Loss => net.Average();

    /// <summary>Keeps every query whose score is at least a threshold, which must not be above the last one.</summary>
    /// <returns>Whether that keeps any that were not kept before.</returns>
    public bool LowerTo(double threshold)
    {
        var before = Kept;
        for (; Kept < byScore.Length && byScore[Kept].KeepScore >= threshold; Kept++)
        {
            var (row, unit) = (byScore[Kept], unitOf[Kept]);
            var loss = row.StrongQuality - row.WeakQuality;
            net[unit] += weight[unit] * loss;
            worse[unit] += weight[unit] * Math.Max(0, loss);
            cost[unit] -= weight[unit] * row.StrongCostNanoUsd;
        }
        return Kept > before;
    }

    /// <summary>P-value of "the mean loss is more than ε".</summary>
    public double PValue(RiskTest test, double most, double level) => test switch
    {
        RiskTest.Betting => RiskTests.Betting(net, most, level),
        RiskTest.HoeffdingBentkus => RiskTests.HoeffdingBentkus(Math.Min(worse.Sum(), worse.Length), worse.Length, most),
        _ => Binomial.AtMost(worse.LongCount(loss => loss > 0), worse.Length, most),
    };

    /// <summary>Upper bound of the loss that the test looks at, at a level.</summary>
    public double Bound(RiskTest test, double level) => RiskTests.SmallestRejected(most => PValue(test, most, level), level);

    /// <summary>Mean cost of a call, nano-USD, with its 95 % interval (normal approximation over units).</summary>
    public (double Mean, double Low, double High) Cost()
    {
        var mean = cost.Average();
        var spread = cost.Length < 2 ? 0 : 1.959964 * Math.Sqrt(cost.Sum(one => (one - mean) * (one - mean)) / (cost.Length - 1) / cost.Length);
        return (mean, Math.Max(0, mean - spread), mean + spread);
    }

    /// <summary>FNV-1a, 64 bit, with a last mix so that names that differ in their last letter do not stay neighbours.</summary>
    private static ulong Hash(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in name) hash = (hash ^ letter) * 1099511628211UL;
        return SeededOrder.Mix(hash);
    }
}
