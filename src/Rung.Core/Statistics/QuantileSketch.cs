using Rung.Core.Measurement;

namespace Rung.Core.Statistics;

/// <summary>
/// Counts positive whole numbers (microseconds, nano-USD) in bins of equal ratio: every quantile is off by at most 0.25 %, whatever the data. Two sketches merge
/// into exactly the sketch of all their data. Memory is bounded by the range of the data: 1,400 bins for three decades, 5,600 at most.
/// </summary>
/// <remarks>C. Masson, J. E. Rim, H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", PVLDB 12 (2019), 2195–2205; without its collapsing of bins, since the range is bounded.</remarks>
public sealed class QuantileSketch
{
    /// <summary>Ratio of a bin's upper end to its lower one.</summary>
    public const double Ratio = 1.005;

    /// <summary>The greatest value that is told apart; greater ones are counted with it. 10¹² microseconds are 11 days.</summary>
    public const long Most = 1_000_000_000_000;

    private const int Grain = 64;
    private const int MostBin = 5_600;
    private static readonly double LogRatio = Math.Log(Ratio);

    private long[] counts = [];
    private int first;

    /// <summary>Values so far.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a value. Zero and less count as 1.</summary>
    public void Add(long value)
    {
        var bin = BinOf(value);
        Grow(bin);
        counts[bin - first]++;
        Count++;
    }

    /// <summary>Adds all values of another sketch.</summary>
    public void Merge(QuantileSketch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Count == 0) return;
        Grow(other.first);
        Grow(other.first + other.counts.Length - 1);
        for (var i = 0; i < other.counts.Length; i++) counts[other.first - first + i] += other.counts[i];
        Count += other.Count;
    }

    /// <summary>The sketch as bytes: two for a bin that has values, or a few more.</summary>
    public byte[] ToBytes()
    {
        var numbers = new NumberWriter(256);
        var before = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0) continue;
            numbers.Write(first + i - before);
            numbers.Write(counts[i]);
            before = first + i;
        }
        return numbers.ToArray();
    }

    /// <summary>Adds what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are cut short, or are no sketch.</exception>
    public void Merge(ReadOnlySpan<byte> bytes)
    {
        var numbers = new NumberReader(bytes);
        var bin = 0L;
        while (!numbers.IsAtEnd)
        {
            bin += numbers.Next();
            var count = numbers.Next();
            if (bin is < 0 or > MostBin || count < 0) throw new FormatException("The bytes are no sketch: a bin lies outside its range.");
            Grow((int)bin);
            counts[(int)bin - first] += count;
            Count += count;
        }
    }

    /// <summary>The value below or at which this share of all values lies, off by at most 0.25 %; NaN without values.</summary>
    /// <param name="share">0 to 1.</param>
    public double Quantile(double share)
    {
        if (!(share is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies in [0, 1].");
        return Count == 0 ? double.NaN : Middle(BinAt(Math.Max(1, (long)Math.Ceiling(share * Count))));
    }

    /// <summary>How many values lie in a bin or below it. Exact.</summary>
    internal long CountTo(int bin)
    {
        var last = Math.Min(bin - first, counts.Length - 1);
        var sum = 0L;
        for (var i = 0; i <= last; i++) sum += counts[i];
        return sum;
    }

    /// <summary>The bin of the value that has this rank, 1 for the least.</summary>
    internal int BinAt(long rank)
    {
        var sum = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            sum += counts[i];
            if (sum >= rank) return first + i;
        }
        return first + counts.Length - 1;
    }

    /// <summary>The bin that holds a value.</summary>
    internal static int BinOf(long value) => value <= 1 ? 0 : (int)Math.Ceiling(Math.Log(Math.Min(value, Most)) / LogRatio);

    /// <summary>Upper end of a bin, which belongs to it; the lower end is that of the bin before and does not.</summary>
    internal static double UpperEnd(int bin) => Math.Exp(bin * LogRatio);

    /// <summary>How many bins lie within a ratio, rounded down.</summary>
    internal static int BinsWithin(double ratio) => (int)Math.Floor((Math.Log(ratio) / LogRatio) + 1e-9);

    // The value with the same relative error to both ends of the bin: 2γ ÷ (γ + 1) of its lower end.
    private static double Middle(int bin) => bin <= 0 ? 1 : UpperEnd(bin) * 2 / (Ratio + 1);

    private void Grow(int bin)
    {
        if (counts.Length == 0)
        {
            first = Math.Max(0, bin - (Grain / 2));
            counts = new long[Grain];
            return;
        }
        if (bin >= first && bin < first + counts.Length) return;
        var from = Math.Min(first, Math.Max(0, bin - Grain));
        var to = Math.Max(first + counts.Length, bin + Grain);
        var grown = new long[to - from];
        counts.CopyTo(grown, first - from);
        (first, counts) = (from, grown);
    }
}
