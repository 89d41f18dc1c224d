namespace Rung.Control.Laboratory;

/// <summary>A stream of numbers that a seed decides, the same on every machine and version. One thread at a time.</summary>
/// <remarks>SplitMix64: G. Steele, D. Lea, C. Flood, OOPSLA 2014. Normal numbers: the polar method of G. Marsaglia and T. Bray, SIAM Review 6 (1964).</remarks>
internal sealed class LabChance(ulong seed)
{
    private ulong state = seed;
    private double spare;
    private bool hasSpare;

    /// <summary>The stream of one run among many: neighbouring numbers give streams that have nothing to do with each other.</summary>
    public static LabChance Of(long seed, int run) => new(Mix(Mix((ulong)seed + 0x9E3779B97F4A7C15UL) ^ ((ulong)run * 0xD1342543DE82EF95UL)));

    /// <summary>The next number, any of 2^64.</summary>
    public ulong Next() => Mix(state += 0x9E3779B97F4A7C15UL);

    /// <summary>The next number in [0, 1).</summary>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Whether something happens that has this probability. Takes no number from the stream when it cannot.</summary>
    public bool Happens(double probability) => probability > 0 && Share() < probability;

    /// <summary>Exponentially distributed, mean 1.</summary>
    public double Waiting() => -Math.Log(1 - Share());

    /// <summary>Standard normal.</summary>
    public double Normal()
    {
        if (hasSpare)
        {
            hasSpare = false;
            return spare;
        }
        while (true)
        {
            var (x, y) = ((2 * Share()) - 1, (2 * Share()) - 1);
            var square = (x * x) + (y * y);
            if (square is >= 1 or 0) continue;
            var scale = Math.Sqrt(-2 * Math.Log(square) / square);
            (spare, hasSpare) = (y * scale, true);
            return x * scale;
        }
    }

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

    /// <summary>At least 1; each further one has the same chance, so that the mean is <paramref name="mean"/>.</summary>
    public int AtLeastOne(double mean, int most) => mean <= 1 ? 1 : Math.Min(most, 1 + (int)(Math.Log(1 - Share()) / Math.Log(1 - (1 / mean))));

    private static ulong Mix(ulong mixed)
    {
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
