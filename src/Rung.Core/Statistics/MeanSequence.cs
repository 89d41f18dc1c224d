namespace Rung.Core.Statistics;

/// <summary>
/// A mean of bounded observations with bounds that hold at all times at once: a confidence sequence. Kept in a histogram of fixed size; two of them merge;
/// bounds are computed when they are asked for.
/// </summary>
/// <remarks>
/// The bounds are the means that <see cref="BettingTest"/> would not reject: the same bets, so that a bound passes a value exactly when the test of that value decides (up to
/// the histogram). An observation is split between the two nearest nodes so that its value is kept on average; since the logarithm is concave, the capital
/// computed from the nodes is never more than the true one, and the bounds are never too narrow. Source: as of <see cref="BettingTest"/>, there § 4.
/// </remarks>
public sealed class MeanSequence
{
    private const int Steps = 400;
    private const double Precision = 2e-5;

    private readonly double low;
    private readonly double width;
    private readonly double[] nodes = new double[Steps + 1];
    private double sum;

    /// <summary>Creates an empty one.</summary>
    /// <param name="low">Least value of an observation.</param>
    /// <param name="high">Greatest value, above <paramref name="low"/>.</param>
    public MeanSequence(double low = 0, double high = 1)
    {
        if (!(low < high)) throw new ArgumentOutOfRangeException(nameof(high), high, $"The greatest value is above {low}.");
        this.low = low;
        width = high - low;
    }

    /// <summary>Observations so far.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean; NaN without any.</summary>
    public double Mean => Count == 0 ? double.NaN : low + (width * sum / Count);

    /// <summary>Adds an observation. Values outside the range are taken for its ends.</summary>
    public void Add(double value)
    {
        var share = Math.Clamp((value - low) / width, 0, 1);
        sum += share;
        Count++;
        var place = share * Steps;
        var node = Math.Min((int)place, Steps - 1);
        var rest = place - node;
        nodes[node] += 1 - rest;
        nodes[node + 1] += rest;
    }

    /// <summary>Adds all observations of another of the same range.</summary>
    public void Merge(MeanSequence other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!other.low.Equals(low) || !other.width.Equals(width)) throw new ArgumentException("The ranges differ.", nameof(other));
        for (var i = 0; i < nodes.Length; i++) nodes[i] += other.nodes[i];
        sum += other.sum;
        Count += other.Count;
    }

    /// <summary>Both bounds: at no time ever is the true mean outside them, with a probability of 1 − <paramref name="alpha"/>.</summary>
    public Interval Bounds(double alpha) => new(Mean, Lower(alpha / 2), Upper(alpha / 2));

    /// <summary>The lower bound, one-sided: the mean is below it at some time with a probability of at most <paramref name="alpha"/>.</summary>
    public double Lower(double alpha) => low + (width * LowerShare(alpha, mirrored: false));

    /// <summary>The upper bound, one-sided.</summary>
    public double Upper(double alpha) => low + (width * (1 - LowerShare(alpha, mirrored: true)));

    /// <summary>The largest m for which "the mean is at most m" is rejected, of shares or of their complements.</summary>
    private double LowerShare(double alpha, bool mirrored)
    {
        Binomial.CheckConfidence(alpha);
        if (Count == 0) return 0;
        var mean = sum / Count;
        return Crossing.Find(point => LogEvidence(point, mirrored), Math.Log(1 / alpha), rejected: 0, kept: mirrored ? 1 - mean : mean, Precision);
    }

    private double LogEvidence(double mean, bool mirrored)
    {
        Span<double> growth = stackalloc double[BetGrid.Count];
        growth.Clear();
        if (!(mean > 0)) return 0;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] <= 0) continue;
            var share = (double)i / Steps;
            var gain = ((mirrored ? 1 - share : share) / mean) - 1;
            for (var bet = 0; bet < growth.Length; bet++) growth[bet] += nodes[i] * Math.Log(1 + (BetGrid.Bets[bet] * gain));
        }
        return BetGrid.LogMixture(growth);
    }
}
