namespace Rung.Demo;

/// <summary>A stream of numbers that a seed and a text decide, the same on every machine and version.</summary>
/// <remarks>Seeded by FNV-1a (64 bits) over the text; SplitMix64 after that: G. Steele, D. Lea, C. Flood, OOPSLA 2014.</remarks>
internal struct DemoChance
{
    private ulong _state;

    public DemoChance(long seed, string text)
    {
        var hash = 14695981039346656037UL ^ (ulong)seed * 0x9E3779B97F4A7C15UL;
        foreach (var letter in text) hash = (hash ^ letter) * 1099511628211UL;
        _state = hash;
    }

    /// <summary>The next number, any of 2^64.</summary>
    public ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15UL;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>The next number in [0, 1).</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next whole number from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int Between(int from, int to) => from + (int)(Next() % (ulong)(to - from + 1));

    /// <summary>The next choice.</summary>
    public T Pick<T>(IReadOnlyList<T> among) => among[Between(0, among.Count - 1)];
}
