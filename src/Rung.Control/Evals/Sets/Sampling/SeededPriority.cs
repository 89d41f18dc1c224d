namespace Rung.Control.Evals.Sets.Sampling;

/// <summary>Numbers that look like chance and depend on the seed and on what they are about, never on the order of asking: the same rows are drawn however they are read.</summary>
internal readonly struct SeededPriority(ulong seed)
{
    private readonly ulong _seed = TextHash.Mix(seed + 0x9E3779B97F4A7C15);

    /// <summary>64 bits.</summary>
    /// <param name="id">What it is about.</param>
    /// <param name="purpose">Which choice it is for: other choices about the same thing are independent.</param>
    public ulong Bits(string id, ulong purpose) => TextHash.Mix(TextHash.Join(TextHash.Of(id), TextHash.Join(_seed, purpose)));

    /// <summary>A number above 0, at most 1.</summary>
    public double Share(string id, ulong purpose) => ((Bits(id, purpose) >> 11) + 1) * (1.0 / (1UL << 53));
}
