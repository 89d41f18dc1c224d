namespace Rung.Core.Statistics;

/// <summary>
/// Watches a stream of values in [0, 1] for the moment at which their mean rises above a level, and raises an alarm. While the mean stays at or below the level, an alarm comes
/// after a stated number of observations on average, or later. It never runs out: it is as quick after a year as on the first day.
/// </summary>
/// <remarks>
/// J. Shin, A. Ramdas, A. Rinaldo, "E-detectors: a nonparametric framework for sequential change detection", New Engl. J. Stat. Data Sci. 2 (2024), 229–260 (arXiv
/// 2203.03532): the Shiryaev–Roberts sum of betting capitals that begin at every observation, R ← (R + 1)(1 + λ g), mixed over a fixed grid of bets. The sum less the number of
/// observations is a supermartingale before the change, so that the alarm at c has an average run length of at least c. The gain g is the value less the level,
/// divided by the level. To watch for a fall, give 1 minus the value and 1 minus the level. Allocates nothing per observation.
/// </remarks>
public sealed class EDetector
{
    // Far below the largest double, and never needed: an alarm is raised long before.
    private const double Overflow = 1e250;

    private static readonly double[] Bets = [0.9, 0.7, 0.5, 0.36, 0.25, 0.17, 0.12, 0.08, 0.055, 0.037, 0.025, 0.016, 0.01, 0.006, 0.0035, 0.002];

    private readonly double[] sums = new double[Bets.Length];
    private readonly double[] runs = new double[Bets.Length];
    private readonly long[] starts = new long[Bets.Length];
    private readonly double level;
    private readonly double enough;

    /// <summary>Creates a detector.</summary>
    /// <param name="nullMean">The level, above 0 and below 1.</param>
    /// <param name="longestRun">Average number of observations to a false alarm, at least: 1e6.</param>
    public EDetector(double nullMean, double longestRun)
    {
        if (!(nullMean is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(nullMean), nullMean, "The level lies between 0 and 1.");
        if (!(longestRun is > 1 and < 1e100)) throw new ArgumentOutOfRangeException(nameof(longestRun), longestRun, "The run length is above 1 and below 1e100.");
        level = nullMean;
        enough = longestRun;
    }

    /// <summary>Observations since the beginning or the last <see cref="Reset"/>.</summary>
    public long Count { get; private set; }

    /// <summary>Whether the alarm was raised. It stays until <see cref="Reset"/>.</summary>
    public bool Alarm { get; private set; }

    /// <summary>Natural logarithm of the evidence now; the alarm is raised from ln(run length) on.</summary>
    public double LogEvidence
    {
        get
        {
            var mean = Mixture();
            return mean > 0 ? Math.Log(mean) : double.MinValue;
        }
    }

    /// <summary>How many observations ago the change most likely came: the beginning of the run that has won most. 0 when nothing points to a change.</summary>
    public long SinceObservations
    {
        get
        {
            var best = 0;
            for (var i = 1; i < runs.Length; i++)
            {
                if (runs[i] > runs[best]) best = i;
            }
            return runs[best] > 1 ? Count - starts[best] : 0;
        }
    }

    /// <summary>Adds a value in [0, 1]; true when the alarm is raised by it or was before.</summary>
    public bool Add(double value)
    {
        var gain = (Math.Clamp(value, 0, 1) - level) / level;
        for (var i = 0; i < Bets.Length; i++)
        {
            var factor = 1 + (Bets[i] * gain);
            sums[i] = Math.Min(Overflow, (sums[i] + 1) * factor);
            if (!(runs[i] > 1)) (runs[i], starts[i]) = (1, Count); // A run that has lost begins anew with this observation.
            runs[i] = Math.Min(Overflow, runs[i] * factor);
        }
        Count++;
        if (Mixture() >= enough) Alarm = true;
        return Alarm;
    }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        Array.Clear(sums);
        Array.Clear(runs);
        Array.Clear(starts);
        (Count, Alarm) = (0, false);
    }

    private double Mixture()
    {
        var sum = 0.0;
        foreach (var one in sums) sum += one;
        return sum / sums.Length;
    }
}
