namespace Rung.Core.Learning.Features;

/// <summary>Hashes of words that are the same on every machine and in every release: model files depend on them.</summary>
internal static class TextHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>FNV-1a over the UTF-16 code units (G. Fowler, L. C. Noll, K.-P. Vo, 1991), finished by <see cref="Mix"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="space">Tells equal words of different places apart.</param>
    public static ulong Of(ReadOnlySpan<char> text, ulong space)
    {
        var hash = Begin(space);
        foreach (var c in text) hash = Next(hash, c);
        return Mix(hash);
    }

    /// <summary>The hash before the first character; <see cref="Mix"/> ends it.</summary>
    public static ulong Begin(ulong space) => Offset ^ (space * Prime);

    /// <summary>The hash with one character more.</summary>
    public static ulong Next(ulong hash, char c) => (hash ^ c) * Prime;

    /// <summary>The hash of two things in this order.</summary>
    public static ulong Join(ulong first, ulong second) => Mix((first * 0x9E3779B97F4A7C15) ^ second);

    /// <summary>Spreads every bit over all (the finalizer of SplitMix64: G. L. Steele et al., OOPSLA 2014).</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
