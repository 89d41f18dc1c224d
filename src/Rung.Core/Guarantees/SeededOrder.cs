namespace Rung.Core.Guarantees;

/// <summary>Orders that a seed decides, the same on every machine.</summary>
/// <remarks>SplitMix64: G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014.</remarks>
internal sealed class SeededOrder(ulong seed)
{
    private ulong state = seed;

    /// <summary>Puts items into a random order, every order equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            // Multiply and shift: the bias is below 2^-32 for any list that fits into memory.
            var j = (int)(((UInt128)Next() * (ulong)(i + 1)) >> 64);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15UL);

    /// <summary>The next number in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Spreads every bit over all of them.</summary>
    public static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9UL;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBUL;
        return bits ^ (bits >> 31);
    }
}
