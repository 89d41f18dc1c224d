namespace Rung.Core.Statistics;

/// <summary>Differences of graded, weighted or grouped scores, summed by group.</summary>
/// <param name="differences">Weighted sum of the differences of each group.</param>
/// <param name="weights">Sum of the weights of each group, above 0.</param>
internal sealed class GroupedDifferences(double[] differences, double[] weights)
{
    /// <summary>Fewer groups than this are judged by a bet, which needs no large sample.</summary>
    public const int FewGroups = 20;

    private readonly double _weight = weights.Sum();
    private readonly double _squaredWeight = weights.Sum(weight => weight * weight);

    /// <summary>Words for the method.</summary>
    public string Method => differences.Length < FewGroups
        ? $"betting test over {differences.Length:N0} groups of rows" : "cluster-robust score test with Student's t and a correction for few disagreements";

    /// <summary>Weighted mean difference.</summary>
    public double Estimate => differences.Sum() / _weight;

    /// <summary>The same with candidate and reference in each other's place.</summary>
    public GroupedDifferences Mirrored => new([.. differences.Select(sum => -sum)], weights);

    /// <summary>Mean squared difference that rows of their own would have, were they as uncertain as these groups.</summary>
    /// <param name="rows">Rows.</param>
    public double Discordance(int rows) => Math.Min(1, rows * differences.Sum(sum => sum * sum) / (_weight * _weight));

    /// <summary>P-value of "the mean difference is −<paramref name="margin"/> or less".</summary>
    /// <param name="margin">Above −1 and below 1.</param>
    /// <param name="level">The level that it will be compared with.</param>
    public double PValue(double margin, double level)
    {
        if (differences.Length < FewGroups) return Bet(margin, level);
        var score = Score(margin);
        if (double.IsPositiveInfinity(score)) return 0;
        var degrees = Math.Max(1, (_weight * _weight / _squaredWeight) - 1);
        var tail = SpecialFunctions.RegularisedBeta(degrees / (degrees + (score * score)), degrees / 2, 0.5) / 2;
        return score > 0 ? tail : 1 - tail;
    }

    /// <summary>
    /// The distance from the null in standard errors of the null. The sum by group of w·(d + margin) has the mean 0 there. Its spread is not taken from the sample as
    /// it is, which knows nothing of failures that are too rare to have been seen, but from the sample with one complete failure added and tilted until the null
    /// holds (B. Efron, Canadian J. Stat. 9 (1981), 139–172): for right-or-wrong rows without disagreement that is Tango's score variance, and near it elsewhere.
    /// Half a step is taken off for coarseness, as F. Yates did (1934).
    /// </summary>
    private double Score(double margin)
    {
        var count = differences.Length;
        var parts = new double[count + 1];
        var (sum, step, moved) = (0.0, 0.0, 0);
        for (var i = 0; i < count; i++)
        {
            parts[i] = differences[i] + (margin * weights[i]);
            sum += parts[i];
            if (differences[i] == 0) continue;
            step += Math.Abs(differences[i]);
            moved++;
        }
        if (sum == 0) return 0;
        var typical = _squaredWeight / _weight;
        parts[count] = sum > 0 ? -(1 - margin) * typical : (1 + margin) * typical;
        var half = (moved == 0 ? typical : step / moved) / 2;
        var distance = Math.Sign(sum) * Math.Max(0, Math.Abs(sum) - half);
        var variance = TiltedVariance(parts);
        return variance > 0 ? distance / Math.Sqrt(count * variance) : Math.Sign(sum) * 1e9;
    }

    /// <summary>Variance after reweighting by exp(−τx), τ such that the mean is 0.</summary>
    private static double TiltedVariance(double[] parts)
    {
        var largest = parts.Max(Math.Abs);
        if (largest == 0) return 0;
        // The mean falls as τ grows, with the variance for its slope: Newton's steps, halved into the bracket when they leave it.
        var (low, high, tilt) = (-1e4, 1e4, 0.0);
        var (mean, square) = Moment(tilt);
        for (var i = 0; i < 60 && high - low > 1e-6; i++)
        {
            if (mean > 0) low = tilt;
            else high = tilt;
            var spread = square - (mean * mean);
            var next = spread > 1e-12 ? tilt + (mean / spread) : double.NaN;
            if (!(next > low && next < high)) next = (low + high) / 2;
            var step = Math.Abs(next - tilt);
            tilt = next;
            (mean, square) = Moment(tilt);
            if (step < 1e-7) break;
        }
        return square * largest * largest;

        (double Mean, double Square) Moment(double tilt)
        {
            var (weight, mean, square) = (0.0, 0.0, 0.0);
            var most = Math.Abs(tilt); // Keeps the exponent at most 0.
            foreach (var part in parts)
            {
                var x = part / largest;
                var w = Math.Exp((-tilt * x) - most);
                weight += w;
                mean += w * x;
                square += w * x * x;
            }
            return weight > 0 ? (mean / weight, square / weight) : (0, 0);
        }
    }

    /// <summary>See <see cref="RiskTests.Betting"/>; a group's stake is its weight as a part of the largest.</summary>
    private double Bet(double margin, double level)
    {
        if (margin is < 0 or > 1) return 1; // A bet speaks of a tolerated loss; "better by so much" is not asked of a handful of groups.
        var largest = weights.Max();
        var losses = new double[differences.Length];
        for (var i = 0; i < losses.Length; i++) losses[i] = Math.Clamp(margin - ((differences[i] + (margin * weights[i])) / largest), -1, 1);
        return RiskTests.Betting(losses, margin, level);
    }
}
