namespace Rung.Control.Reviews;

/// <summary>
/// Permanent random numbers: each thing has one number for each purpose, decided by the seed and its key alone. Whoever plans again with more to draw from
/// draws the same ones again, which is what makes a plan repeatable and its probabilities known.
/// </summary>
/// <remarks>K. R. W. Brewer, L. J. Early, S. F. Joyce, Australian Journal of Statistics 14 (1972), 231–239.</remarks>
internal readonly struct ReviewChance(long seed, string scope)
{
    private readonly ulong start = TextHash.Join(TextHash.Of(scope), TextHash.Mix((ulong)seed ^ 0x51ED270B9F4C3A1DUL));

    /// <summary>A number in [0, 1).</summary>
    public double Of(string key, ReviewPurpose purpose) => (Bits(key, purpose) >> 11) * (1.0 / (1UL << 53));

    /// <summary>64 random bits.</summary>
    public ulong Bits(string key, ReviewPurpose purpose) => TextHash.Mix(TextHash.Join(TextHash.Join(start, TextHash.Of(key)), (ulong)purpose));
}

/// <summary>What a random number is for. The numbers are part of every plan: never renumber.</summary>
internal enum ReviewPurpose : ulong
{
    /// <summary>Whether the uniform part draws it.</summary>
    Uniform = 1,
    /// <summary>Whether the targeted part draws it.</summary>
    Targeted = 2,
    /// <summary>Whether two people judge it.</summary>
    Double = 3,
    /// <summary>Which side the judged answer stands on.</summary>
    Side = 4,
    /// <summary>Its place in the queue.</summary>
    Order = 5,
    /// <summary>Its id.</summary>
    Id = 6,
}
