using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rung.Replay;

/// <summary>
/// Resamples groups of calls with replacement and adds up what they hold: every figure that is worked out of the sums gets an interval, and figures of one
/// resample belong together, which is what makes a comparison a paired one. Calls of one group (near-identical prompts, one session) come and go together.
/// </summary>
/// <remarks>
/// Percentile intervals of the cluster bootstrap: B. Efron and R. Tibshirani, An Introduction to the Bootstrap (1993), ch. 13; A. C. Davison and
/// D. V. Hinkley, Bootstrap Methods and their Application (1997), § 3.8. Random numbers: SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014), a
/// stream of its own for every resample, so that the result does not depend on the number of threads.
/// </remarks>
internal sealed class GroupedBootstrap
{
    private const ulong Golden = 0x9E3779B97F4A7C15UL;
    private const int Together = 4; // Resamples of a batch: with two vectors each, as many sums as there are registers for.

    private readonly double[] totals; // Resamples × columns.
    private readonly int columns;

    private GroupedBootstrap(double[] totals, int columns) => (this.totals, this.columns) = (totals, columns);

    /// <summary>Draws the resamples.</summary>
    /// <param name="sums">Sums by group: as many groups as fit, <paramref name="columns"/> numbers each.</param>
    /// <param name="columns">Numbers of a group, at least 1.</param>
    /// <param name="resamples">How many resamples, at least 1.</param>
    /// <param name="seed">Decides every draw.</param>
    public static GroupedBootstrap Run(ReadOnlySpan<double> sums, int columns, int resamples, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        var groups = sums.Length / columns;
        if (groups * columns != sums.Length) throw new ArgumentException("The sums are not whole groups.", nameof(sums));
        if (groups == 0) return new GroupedBootstrap([], columns);

        // Laid out in strips of two vectors a group: a strip of all groups fits into a near cache, and is read from its beginning to its end.
        var width = 2 * Vector<double>.Count;
        var strips = (columns + width - 1) / width;
        var padded = new double[strips * groups * width];
        for (var group = 0; group < groups; group++)
        {
            for (var column = 0; column < columns; column++) padded[(column / width * groups + group) * width + column % width] = sums[group * columns + column];
        }

        var batches = (resamples + Together - 1) / Together;
        var totals = new double[batches * Together * columns];
        Parallel.For(0, batches, batch => Draw(padded, groups, (ulong)batch * Together, seed, totals.AsSpan(batch * Together * columns, Together * columns)));
        return new GroupedBootstrap(totals.AsSpan(0, resamples * columns).ToArray(), columns);
    }

    // How often each group was drawn is counted first, for a few resamples, and the sums are weighed by the counts: reading the groups in the order in which
    // they are drawn would wait for memory most of the time. Vectors are never precompiled, and the first calls of a method are compiled without care: here
    // the first calls are all there is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Draw(double[] padded, int groups, ulong first, ulong seed, Span<double> totals)
    {
        var rented = ArrayPool<double>.Shared.Rent(groups * Together);
        var counts = rented.AsSpan(0, groups * Together);
        counts.Clear();
        for (var resample = 0; resample < Together; resample++)
        {
            var state = Mix(seed + (first + (ulong)resample) * Golden);
            for (var draw = 0; draw < groups; draw++)
            {
                // Multiply and shift: the bias is below 2^-32 for any number of groups that fits into memory.
                var group = (int)Math.BigMul(Mix(state += Golden), (ulong)groups, out _);
                counts[group * Together + resample]++;
            }
        }

        var (columns, width) = (totals.Length / Together, 2 * Vector<double>.Count);
        Span<Vector<double>> sum = stackalloc Vector<double>[2 * Together];
        for (var strip = 0; strip * width < columns; strip++)
        {
            var rows = MemoryMarshal.Cast<double, Vector<double>>(padded.AsSpan(strip * groups * width, groups * width));
            var (a0, a1, a2, a3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            var (b0, b1, b2, b3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            for (var group = 0; group < groups; group++)
            {
                var (left, right) = (rows[2 * group], rows[2 * group + 1]);
                var count = counts.Slice(group * Together, Together);
                a0 += left * count[0];
                b0 += right * count[0];
                a1 += left * count[1];
                b1 += right * count[1];
                a2 += left * count[2];
                b2 += right * count[2];
                a3 += left * count[3];
                b3 += right * count[3];
            }
            (sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7]) = (a0, b0, a1, b1, a2, b2, a3, b3);
            var numbers = MemoryMarshal.Cast<Vector<double>, double>(sum);
            var kept = Math.Min(width, columns - strip * width);
            for (var resample = 0; resample < Together; resample++) numbers.Slice(resample * width, kept).CopyTo(totals[(resample * columns + strip * width)..]);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>The interval of a figure; null when it does not exist in more than a few of the resamples.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="confidence">Share of the resamples that lie inside, in (0, 1).</param>
    public (double Low, double High)? Interval(SumFigure figure, double confidence)
    {
        const double FewMissing = 0.99;
        var (values, count) = (new double[totals.Length / columns], 0);
        for (var start = 0; start < totals.Length; start += columns)
        {
            if (figure(totals.AsSpan(start, columns)) is { } value) values[count++] = value;
        }
        if (count == 0 || count < FewMissing * values.Length) return null;
        var known = values.AsSpan(0, count);
        known.Sort();
        var tail = (1 - confidence) / 2;
        return (At(known, tail), At(known, 1 - tail));
    }

    // Between the two nearest order statistics, in proportion.
    private static double At(ReadOnlySpan<double> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }

    private static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
        return bits ^ (bits >> 31);
    }
}
