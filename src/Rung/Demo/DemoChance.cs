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

    /// <summary>Whether something happens that has this probability. Takes no number from the stream when it cannot.</summary>
    public bool Happens(double probability) => probability > 0 && Share() < probability;

    /// <summary>Exponentially distributed, mean 1.</summary>
    public double Waiting() => -Math.Log(1 - Share());

    /// <summary>Standard normal.</summary>
    /// <remarks>G. E. P. Box, M. E. Muller, Annals of Mathematical Statistics 29 (1958); the second number of the pair is not used.</remarks>
    public double Normal() => Math.Sqrt(2 * Waiting()) * Math.Cos(2 * Math.PI * Share());

    /// <summary>Poisson distributed: how many happen where <paramref name="mean"/> are expected.</summary>
    public int Count(double mean)
    {
        // D. Knuth's product of uniforms, in parts of 20, so that no product underflows.
        var count = 0;
        for (; mean > 0; mean -= 20)
        {
            var limit = Math.Exp(-Math.Min(mean, 20));
            for (var product = Share(); product > limit; product *= Share()) count++;
        }
        return count;
    }
}
