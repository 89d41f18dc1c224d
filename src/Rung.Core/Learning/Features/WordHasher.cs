using System.Buffers;

namespace Rung.Core.Learning.Features;

/// <summary>
/// Hashed words and pairs of words: every word falls into one of <see cref="Buckets"/> buckets (K. Weinberger et al., Feature Hashing for Large Scale
/// Multitask Learning, ICML 2009). Words of the prompt, of the answer and of the declared tools fall apart, single words and pairs too.
/// </summary>
internal sealed class WordHasher
{
    /// <summary>How many buckets there are; a power of two.</summary>
    public const int Buckets = 1 << 14;
    private const int MaxTokens = 4_000;

    private readonly ushort[] _counts = ArrayPool<ushort>.Shared.Rent(Buckets);
    private readonly List<int> _touched = [];

    public WordHasher() => Array.Clear(_counts);

    /// <summary>Adds the words and pairs of a text.</summary>
    /// <param name="text">The text in small letters.</param>
    /// <param name="space">Which kind of text it is, 1 to 15.</param>
    /// <param name="pairs">Whether pairs of neighbouring words count too.</param>
    public void Add(string text, ulong space, bool pairs)
    {
        ulong before = 0;
        var tokens = 0;
        for (var i = 0; i < text.Length && tokens < MaxTokens;)
        {
            var length = TokenLength(text, i, out var isNumber);
            if (length == 0)
            {
                i++;
                continue;
            }
            var token = text.AsSpan(i, length);
            // Long numbers are all different: only how long they are is common to them.
            var hash = isNumber && length > 2 ? TextHash.Of("#", (space * 64) + (ulong)Math.Min(length, 20)) : TextHash.Of(token, space * 64);
            Touch(hash);
            if (pairs && before != 0) Touch(TextHash.Join(before, hash));
            before = hash;
            i += length;
            tokens++;
        }
    }

    /// <summary>What was gathered; the hasher is spent.</summary>
    public (int[] Buckets, float[] Weights) Take()
    {
        var buckets = _touched.ToArray();
        var weights = new float[buckets.Length];
        for (var i = 0; i < buckets.Length; i++) weights[i] = 1 + MathF.Log(_counts[buckets[i]]);
        ArrayPool<ushort>.Shared.Return(_counts);
        return (buckets, weights);
    }

    private void Touch(ulong hash)
    {
        var bucket = (int)(hash & (Buckets - 1));
        if (_counts[bucket]++ == 0) _touched.Add(bucket);
    }

    // A run of letters, a run of digits, or one sign that carries meaning.
    private static int TokenLength(string text, int i, out bool isNumber)
    {
        var c = text[i];
        isNumber = char.IsAsciiDigit(c);
        if (isNumber)
        {
            var end = i + 1;
            while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] is '.' or ',' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])))) end++;
            return end - i;
        }
        if (char.IsLetter(c))
        {
            var end = i + 1;
            while (end < text.Length && (char.IsLetter(text[end]) || (text[end] == '\'' && end + 1 < text.Length && char.IsLetter(text[end + 1])))) end++;
            return end - i;
        }
        return c is '$' or '%' or '+' or '-' or '*' or '/' or '=' or '?' or '^' or '\\' or '{' or '[' or '<' or '#' ? 1 : 0;
    }
}
