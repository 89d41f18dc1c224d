using System.Numerics;
using System.Runtime.InteropServices;

namespace Rung.Core.Learning.Models;

/// <summary>Sums of products over long vectors, several numbers at once.</summary>
internal static class VectorMath
{
    /// <summary>The inner product of two vectors of one length.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        b = b[..a.Length];
        var wideA = MemoryMarshal.Cast<double, Vector<double>>(a);
        var wideB = MemoryMarshal.Cast<double, Vector<double>>(b);
        var sums = Vector<double>.Zero;
        for (var i = 0; i < wideA.Length; i++) sums += wideA[i] * wideB[i];
        var sum = Vector.Sum(sums);
        for (var i = wideA.Length * Vector<double>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Adds a multiple of one vector to another of its length.</summary>
    public static void Add(Span<double> to, ReadOnlySpan<double> what, double times)
    {
        to = to[..what.Length];
        var wideTo = MemoryMarshal.Cast<double, Vector<double>>(to);
        var wideWhat = MemoryMarshal.Cast<double, Vector<double>>(what);
        var factor = new Vector<double>(times);
        for (var i = 0; i < wideWhat.Length; i++) wideTo[i] += factor * wideWhat[i];
        for (var i = wideWhat.Length * Vector<double>.Count; i < what.Length; i++) to[i] += times * what[i];
    }
}
