namespace Rung.Core.Statistics;

/// <summary>Counts what inputs look like, one call at a time. No text is kept, and no word can be read back from the counts.</summary>
public sealed class InputProfileBuilder
{
    /// <summary>Of a very long input so many characters at the beginning are read for words and language; its length is counted in full.</summary>
    private const int MostRead = 20_000;

    private readonly long[] _lengths = new long[InputProfile.LengthBins], _languages = new long[InputLanguage.Names.Length], _tools = new long[InputProfile.ToolBins];
    private readonly long[] _terms = new long[InputProfile.TermBins];
    private readonly bool[] _seen = new bool[InputProfile.TermBins];
    private long _count;

    /// <summary>Counts one input.</summary>
    /// <param name="text">What the model is asked: all messages together, or the last of the user; the same on both sides of a comparison.</param>
    /// <param name="tools">Tools it is offered, at least 0.</param>
    public InputProfileBuilder Add(string text, int tools)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(tools);
        _count++;
        _lengths[Math.Min(InputProfile.LengthBins - 1, Bits(text.Length))]++;
        _tools[Math.Min(InputProfile.ToolBins - 1, Bits(tools))]++;
        var read = text.AsSpan(0, Math.Min(text.Length, MostRead));
        _languages[InputLanguage.Guess(read)]++;

        Array.Clear(_seen);
        foreach (var word in new InputWords(read)) _seen[Hash(word) % InputProfile.TermBins] = true;
        for (var i = 0; i < _seen.Length; i++)
        {
            if (_seen[i]) _terms[i]++;
        }
        return this;
    }

    /// <summary>What was counted so far.</summary>
    public InputProfile Build() => new(_count, [.. _lengths], [.. _languages], [.. _tools], [.. _terms]);

    /// <summary>0, 1, 2 to 3, 4 to 7, …: as many bits as the number has.</summary>
    private static int Bits(int number) => number == 0 ? 0 : 1 + int.Log2(number);

    /// <summary>FNV-1a over lower-case letters (G. Fowler, L. C. Noll, K.-P. Vo), its high bits folded down: the same in every run and on every machine.</summary>
    private static uint Hash(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var c in word) hash = (hash ^ char.ToLowerInvariant(c)) * 16777619u;
        return hash ^ (hash >> 15);
    }
}
