namespace Rung.Control.Audit.Sites;

/// <summary>Quantiles of a stream of figures in bounded memory, each with a relative error of at most 1 %. Two sketches can be added.</summary>
/// <remarks>
/// Counts in buckets whose limits grow by γ = (1 + α) / (1 − α), α = 0.0048; the middle of a bucket is within α of everything in it. C. Masson, J. E. Rim, H. K. Lee:
/// DDSketch, Proc. VLDB Endow. 12 (2019), 2195–2205. Figures below 1 count as 0, figures above 10¹² as 10¹²: 2,880 buckets at most.
/// Not the sketch of the core: that one has whole numbers above 0 alone and bins half as wide, and an audit has thousands of sites with four sketches each.
/// </remarks>
internal sealed class QuantileSketch
{
    private const double Accuracy = 0.0048, Largest = 1e12;
    private const double Gamma = (1 + Accuracy) / (1 - Accuracy);
    private static readonly double LogGamma = Math.Log(Gamma);

    private long zeros;
    private int first;
    private long[] buckets = [];

    /// <summary>Figures added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a figure of at least 0.</summary>
    public void Add(double value)
    {
        Count++;
        if (value < 1)
        {
            zeros++;
            return;
        }
        Bucket((int)Math.Ceiling(Math.Log(Math.Min(value, Largest)) / LogGamma))++;
    }

    /// <summary>Adds all figures of another sketch.</summary>
    public void Add(QuantileSketch other)
    {
        Count += other.Count;
        zeros += other.zeros;
        for (var i = 0; i < other.buckets.Length; i++)
        {
            if (other.buckets[i] > 0) Bucket(other.first + i) += other.buckets[i];
        }
    }

    /// <summary>Median and 95th percentile.</summary>
    public Spread Read() => new(Count, Quantile(0.5), Quantile(0.95));

    /// <summary>The figure of rank ⌈q·n⌉; 0 when there is none.</summary>
    public double Quantile(double q)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(q * Count));
        var seen = zeros;
        if (seen >= rank) return 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            seen += buckets[i];
            if (seen >= rank) return Middle(first + i);
        }
        return 0;
    }

    private static double Middle(int bucket)
    {
        var middle = 2 * Math.Pow(Gamma, bucket) / (Gamma + 1);
        var whole = Math.Round(middle);
        return Math.Abs(whole - middle) <= 0.005 * middle ? whole : middle; // Small counts are whole numbers; together with α this stays below 1 %.
    }

    private ref long Bucket(int bucket)
    {
        if (buckets.Length == 0)
        {
            (first, buckets) = (Math.Max(0, bucket - 16), new long[32]);
        }
        else if (bucket < first)
        {
            var wider = new long[buckets.Length + (first - Math.Max(0, bucket - 16))];
            var shift = wider.Length - buckets.Length;
            buckets.CopyTo(wider, shift);
            (first, buckets) = (first - shift, wider);
        }
        else if (bucket >= first + buckets.Length)
        {
            Array.Resize(ref buckets, bucket - first + 32);
        }
        return ref buckets[bucket - first];
    }
}
