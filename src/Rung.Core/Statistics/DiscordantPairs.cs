namespace Rung.Core.Statistics;

/// <summary>Paired right-or-wrong answers, all alike: only the rows on which the two disagree, and how many rows there are, matter.</summary>
/// <param name="Rows">Rows, at least 1.</param>
/// <param name="Worse">Rows that the reference has right and the candidate wrong.</param>
/// <param name="Better">Rows that the candidate has right and the reference wrong.</param>
internal readonly record struct DiscordantPairs(int Rows, int Worse, int Better)
{
    /// <summary>Up to so many rows and disagreements the exact test is made; beyond, the score statistic is as good as normal.</summary>
    private const int MostRows = 5_000, MostDiscordant = 500;

    /// <summary>How many values of the unknown discordance are tried; the p-value is smooth in it.</summary>
    private const int Grid = 32;

    private static readonly double[] s_logFactorial = LogFactorials();

    /// <summary>Words for the method.</summary>
    public string Method => IsExact
        ? "exact unconditional test of paired right-or-wrong scores (Tango's score statistic)" : "Tango's score test of paired right-or-wrong scores";

    private bool IsExact => Rows <= MostRows && Worse + Better <= MostDiscordant;

    /// <summary>
    /// P-value of "the candidate is worse by <paramref name="margin"/> or more" (below 0: "better by no more than that").
    /// </summary>
    /// <param name="margin">Above −1 and below 1.</param>
    /// <param name="level">The level that it will be compared with; a part of it pays for the range of the discordance.</param>
    /// <remarks>
    /// Statistic: T. Tango, Statistics in Medicine 17 (1998), 891–908. With few disagreements its distribution is coarse, and at 5 % it rejects up to 6 % of true
    /// nulls (200 rows, margin 3 points); so its exact distribution is used, at the least favourable discordance: H. Hsueh, J. Liu, J. J. Chen, Biometrics 57
    /// (2001), 478–483, who show that the worst case lies on the boundary of the null. The discordance is searched in its exact confidence interval only, and the
    /// chance that it lies outside is added: R. L. Berger, D. D. Boos, J. Am. Stat. Assoc. 89 (1994), 1012–1016.
    /// </remarks>
    public double PValue(double margin, double level)
    {
        var seen = Score(Worse, Better, margin);
        if (!IsExact) return Normal.AtMost(-seen);
        if (seen <= 0) return Math.Max(0.5, Normal.AtMost(-seen));

        var least = Least(seen, margin);
        var outside = level / 50;
        var discordant = Worse + Better;
        var low = Math.Max(Math.Abs(margin), discordant == 0 ? 0 : Binomial.LowerBound(discordant, Rows, 1 - (outside / 2)));
        var high = Math.Max(low, Math.Min(1, Binomial.UpperBound(discordant, Rows, 1 - (outside / 2))));
        var worst = 0.0;
        for (var i = 0; i <= Grid; i++)
        {
            var root = Math.Sqrt(low) + ((Math.Sqrt(high) - Math.Sqrt(low)) * i / Grid); // Even steps of the root: that is where the variance changes evenly.
            worst = Math.Max(worst, Tail(least, Math.Clamp(root * root, low, high), margin));
        }
        return Math.Min(1, worst + outside);
    }

    /// <summary>Tango's interval of the difference.</summary>
    /// <param name="z">Normal quantile, 1.96 for 95 %.</param>
    public Interval ScoreInterval(double z)
    {
        var self = this;
        var estimate = (double)(Better - Worse) / Rows;
        return new Interval(estimate, -Search(margin => self.Score(self.Worse, self.Better, margin) < z), -Search(margin => self.Score(self.Worse, self.Better, margin) < -z));
    }

    /// <summary>The greatest margin in [−1, 1] for which something still holds that holds for small margins only.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="precision">How far the answer may be off, above 0: where each question is dear, no more than is printed.</param>
    internal static double Search(Func<double, bool> holds, double precision = 1e-13)
    {
        var (low, high) = (-1.0, 1.0);
        while (high - low > precision)
        {
            var middle = (low + high) / 2;
            if (holds(middle)) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>The score statistic: grows with what speaks for the candidate.</summary>
    private double Score(int worse, int better, double margin)
    {
        if (margin < 0) return -ScoreOf(better, worse, -margin);
        return ScoreOf(worse, better, margin);
    }

    private double ScoreOf(int worse, int better, double margin)
    {
        double n = Rows;
        var b = -worse - better + (((2 * n) - worse + better) * margin);
        var c = -better * margin * (1 - margin);
        // Share of "better" that is most likely where the shares differ by exactly the margin: the larger root of 2n·q² + b·q + c.
        var q = (Math.Sqrt(Math.Max(0, (b * b) - (8 * n * c))) - b) / (4 * n);
        var variance = n * ((2 * q) + (margin * (1 - margin)));
        var distance = better - worse + (n * margin);
        if (variance <= 0) return distance == 0 ? 0 : Math.Sign(distance) * 1e9;
        return distance / Math.Sqrt(variance);
    }

    /// <summary>For each number of "worse", the least number of "better" that speaks at least as much for the candidate. It never falls.</summary>
    private int[] Least(double seen, double margin)
    {
        var least = new int[Rows + 1];
        var better = 0;
        for (var worse = 0; worse <= Rows; worse++)
        {
            while (better <= Rows - worse && Score(worse, better, margin) < seen - 1e-9) better++;
            least[worse] = better;
        }
        return least;
    }

    private double Tail(int[] least, double discordance, double margin)
    {
        var worse = Math.Clamp((discordance + margin) / 2, 0, 1);
        var better = Math.Clamp((discordance - margin) / 2, 0, 1);
        var share = worse >= 1 ? 0 : Math.Min(1, better / (1 - worse)); // Of "better" among the rows that are not "worse".
        var spread = (9 * Math.Sqrt(Rows * worse * (1 - worse))) + 9; // What lies farther out has a chance of less than 1e-12.
        var (first, last) = ((int)Math.Max(0, (Rows * worse) - spread), (int)Math.Min(Rows, (Rows * worse) + spread));
        while (last >= first && least[last] > Rows - last) last--;
        if (last < first) return 0;

        // From many "worse" to few: each step adds one trial, or asks for one "better" less. Both only add to the chance, so nothing cancels.
        var (trials, needed) = (Rows - last, least[last]);
        var enough = needed == 0 ? 1 : Binomial.AtLeast(needed, trials, share);
        var sum = 0.0;
        for (var b = last; b >= first; b--)
        {
            for (; trials < Rows - b; trials++) enough += share * Mass(needed - 1, trials, share);
            for (; needed > least[b]; needed--) enough += Mass(needed - 1, trials, share);
            sum += Mass(b, Rows, worse) * Math.Min(1, enough);
        }
        return sum;
    }

    private static double Mass(int k, int n, double p)
    {
        if (k < 0 || k > n) return 0;
        if (p <= 0) return k == 0 ? 1 : 0;
        if (p >= 1) return k == n ? 1 : 0;
        return Math.Exp(s_logFactorial[n] - s_logFactorial[k] - s_logFactorial[n - k] + (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p)));
    }

    private static double[] LogFactorials()
    {
        var logs = new double[MostRows + 1];
        for (var n = 1; n < logs.Length; n++) logs[n] = logs[n - 1] + Math.Log(n);
        return logs;
    }
}
