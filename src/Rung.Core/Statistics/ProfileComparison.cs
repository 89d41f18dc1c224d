using System.Globalization;

namespace Rung.Core.Statistics;

/// <summary>One trait of the inputs, then and now.</summary>
/// <param name="Bits">Jensen–Shannon divergence in bits.</param>
/// <param name="IsDrifted">Whether it changed by more than chance explains, and by enough to matter.</param>
/// <param name="Words">What changed most.</param>
internal readonly record struct ProfileComparison(double Bits, bool IsDrifted, string Words)
{
    /// <summary>Chance of a false alarm of one trait; there are four.</summary>
    private const double Level = 0.01 / 4;

    /// <summary>Least change of a share that matters: five inputs in a hundred.</summary>
    private const double LeastShare = 0.05;

    /// <summary>Cells that chance fills with less than this on the smaller side are put together: the G-test wants filled cells.</summary>
    private const double LeastExpected = 5;

    private static readonly double s_termQuantile = Normal.Quantile(1 - (Level / InputProfile.TermBins / 2));

    /// <summary>Compares counts of which each input adds one.</summary>
    public static ProfileComparison OfBins(string trait, long[] then, long[] now, Func<int, string> name)
    {
        var (n, m) = ((double)then.Sum(), (double)now.Sum());
        var bits = Divergence(then, n, now, m);
        var (g, cells) = G(then, n, now, m);
        var most = Enumerable.Range(0, then.Length).MaxBy(bin => (now[bin] / m) - (then[bin] / n));
        var moved = then.Select((count, bin) => Math.Abs((count / n) - (now[bin] / m))).Sum() / 2;
        var drifted = cells > 1 && moved >= LeastShare && IncompleteGamma.ChiSquaredAtLeast(g, cells - 1) <= Level;
        return new ProfileComparison(bits, drifted, $"{trait}: {name(most)} {Percent(then[most] / n)} of the inputs then, {Percent(now[most] / m)} now");
    }

    /// <summary>Compares counts of inputs that hold a hashed word.</summary>
    public static ProfileComparison OfTerms(long[] then, long thenInputs, long[] now, long nowInputs)
    {
        var (n, m) = ((double)thenInputs, (double)nowInputs);
        var z = s_termQuantile;
        var (changed, largest) = (0, 0.0);
        for (var i = 0; i < then.Length; i++)
        {
            var difference = Math.Abs((then[i] / n) - (now[i] / m));
            var pooled = (then[i] + now[i]) / (n + m);
            var error = Math.Sqrt(pooled * (1 - pooled) * ((1 / n) + (1 / m)));
            var coarse = ((1 / n) + (1 / m)) / 2; // Yates' correction for two shares.
            if (error <= 0 || difference < LeastShare || (difference - coarse) / error < z) continue;
            changed++;
            largest = Math.Max(largest, difference);
        }
        var bits = Divergence(then, Math.Max(1, then.Sum()), now, Math.Max(1, now.Sum()));
        return new ProfileComparison(bits, changed > 0,
            string.Create(CultureInfo.InvariantCulture, $"words: {changed} of {then.Length} groups of words come up more or less often, one by {100 * largest:F0} points"));
    }

    /// <summary>J. Lin, IEEE Trans. Inf. Theory 37 (1991), 145–151.</summary>
    private static double Divergence(long[] then, double n, long[] now, double m)
    {
        var sum = 0.0;
        for (var i = 0; i < then.Length; i++)
        {
            var (p, q) = (then[i] / n, now[i] / m);
            var middle = (p + q) / 2;
            if (p > 0) sum += p / 2 * Math.Log2(p / middle);
            if (q > 0) sum += q / 2 * Math.Log2(q / middle);
        }
        return Math.Clamp(sum, 0, 1);
    }

    private static (double G, int Cells) G(long[] then, double n, long[] now, double m)
    {
        var (g, cells, restThen, restNow) = (0.0, 0, 0.0, 0.0);
        for (var i = 0; i < then.Length; i++)
        {
            if (Math.Min(n, m) * (then[i] + now[i]) / (n + m) < LeastExpected) (restThen, restNow) = (restThen + then[i], restNow + now[i]);
            else AddCell(then[i], now[i]);
        }
        if (restThen + restNow > 0) AddCell(restThen, restNow);
        return (2 * g, cells);

        void AddCell(double a, double b)
        {
            cells++;
            if (a > 0) g += a * Math.Log(a * (n + m) / (n * (a + b)));
            if (b > 0) g += b * Math.Log(b * (n + m) / (m * (a + b)));
        }
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0} %");
}
