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

        // Rows are padded to whole vectors: a draw is then a few additions of vectors.
        var lanes = (columns + Vector<double>.Count - 1) / Vector<double>.Count;
        var padded = new double[groups * lanes * Vector<double>.Count];
        for (var group = 0; group < groups; group++) sums.Slice(group * columns, columns).CopyTo(padded.AsSpan(group * lanes * Vector<double>.Count));

        var totals = new double[resamples * columns];
        Parallel.For(0, resamples, resample => Draw(padded, lanes, Mix(seed + (ulong)resample * Golden), totals.AsSpan(resample * columns, columns)));
        return new GroupedBootstrap(totals, columns);
    }

    // Vectors are never precompiled, and the first calls of a method are compiled without care: here the first calls are all there is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Draw(double[] padded, int lanes, ulong state, Span<double> total)
    {
        var rows = MemoryMarshal.Cast<double, Vector<double>>(padded);
        var groups = rows.Length / lanes;
        Span<Vector<double>> sum = stackalloc Vector<double>[lanes];
        sum.Clear();
        for (var draw = 0; draw < groups; draw++)
        {
            // Multiply and shift: the bias is below 2^-32 for any number of groups that fits into memory.
            var group = (int)Math.BigMul(Mix(state += Golden), (ulong)groups, out _);
            var row = rows.Slice(group * lanes, sum.Length);
            for (var lane = 0; lane < sum.Length; lane++) sum[lane] += row[lane];
        }
        MemoryMarshal.Cast<Vector<double>, double>(sum)[..total.Length].CopyTo(total);
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
