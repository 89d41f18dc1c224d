namespace Rung.Core.Learning.Features;

/// <summary>
/// Hashed words and pairs of words: every word falls into one of <see cref="Buckets"/> buckets (K. Weinberger et al., Feature Hashing for Large Scale
/// Multitask Learning, ICML 2009). Words of the prompt, of the answer and of the declared tools fall apart, single words and pairs too.
/// </summary>
internal sealed class WordHasher
{
    /// <summary>How many buckets there are; a power of two.</summary>
    public const int Buckets = 1 << 14;

    // The counts of the hasher that this thread spent last, zero again: clearing what was touched is less than clearing all.
    [ThreadStatic]
    private static ushort[]? t_zeros;

    private static readonly float[] s_weights = [.. Enumerable.Range(0, 64).Select(count => 1 + MathF.Log(count))];

    private readonly ushort[] _counts = t_zeros ?? new ushort[Buckets];
    private readonly List<int> _touched = new(512);

    // Not for two at once.
    public WordHasher() => t_zeros = null;

    /// <summary>Adds the words and pairs of a text.</summary>
    /// <param name="hashes">Its words, hashed, in order.</param>
    /// <param name="pairs">Whether pairs of neighbouring words count too.</param>
    public void Add(ReadOnlySpan<ulong> hashes, bool pairs)
    {
        ulong before = 0;
        foreach (var hash in hashes)
        {
            Touch(hash);
            if (pairs && before != 0) Touch(TextHash.Join(before, hash));
            before = hash;
        }
    }

    /// <summary>What was gathered; the hasher is spent.</summary>
    public (int[] Buckets, float[] Weights) Take()
    {
        var buckets = _touched.ToArray();
        var weights = new float[buckets.Length];
        for (var i = 0; i < buckets.Length; i++)
        {
            ref var count = ref _counts[buckets[i]];
            weights[i] = count < s_weights.Length ? s_weights[count] : 1 + MathF.Log(count);
            count = 0;
        }
        t_zeros = _counts;
        return (buckets, weights);
    }

    private void Touch(ulong hash)
    {
        var bucket = (int)(hash & (Buckets - 1));
        if (_counts[bucket]++ == 0) _touched.Add(bucket);
    }
}
