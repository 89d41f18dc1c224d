using System.Runtime.InteropServices;

namespace Rung.Core.Learning.Features;

/// <summary>A word of a text: a run of letters.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Behind its last letter.</param>
/// <param name="Id">Its hash, the same wherever it stands.</param>
internal readonly record struct Word(int Start, int End, ulong Id)
{
    /// <summary>Its letters.</summary>
    public int Length => End - Start;
}

/// <summary>A text in small letters cut into words, numbers and signs, once, and hashed.</summary>
internal sealed class TextTokens
{
    private const int MaxWords = 8_000;
    private const int MaxTokens = 4_000;
    // Which space the ids of words are hashed in: none of those that features are.
    private const ulong IdSpace = 7;
    private static readonly byte[] s_kinds = Kinds();

    private const byte Letter = 1, Digit = 2, Sign = 3;

    private readonly List<Word> _words;
    private readonly List<ulong> _hashes;

    /// <summary>Cuts a text.</summary>
    /// <param name="text">The text in small letters.</param>
    /// <param name="space">Which kind of text it is, 1 to 15: equal words of different kinds have different hashes.</param>
    public TextTokens(string text, ulong space)
    {
        _words = new List<Word>((text.Length / 5) + 4);
        _hashes = new List<ulong>((text.Length / 4) + 4);
        space *= 64;
        for (var i = 0; i < text.Length;)
        {
            switch (KindOf(text[i]))
            {
                case Letter:
                    i = AddWord(text, i, space);
                    break;
                case Digit:
                    var end = EndOfNumber(text, i);
                    // Long numbers are all different: only how long they are is common to them.
                    if (_hashes.Count < MaxTokens) _hashes.Add(end - i > 2 ? TextHash.Of("#", space + (ulong)Math.Min(end - i, 20)) : TextHash.Of(text.AsSpan(i, end - i), space));
                    i = end;
                    break;
                case Sign:
                    if (_hashes.Count < MaxTokens) _hashes.Add(TextHash.Of(text.AsSpan(i, 1), space));
                    i++;
                    break;
                default:
                    i++;
                    break;
            }
        }
    }

    /// <summary>The words, in order; the first 8,000.</summary>
    public ReadOnlySpan<Word> Words => CollectionsMarshal.AsSpan(_words);

    /// <summary>The hashes of words, numbers and signs that carry meaning, in order; the first 4,000.</summary>
    public ReadOnlySpan<ulong> Hashes => CollectionsMarshal.AsSpan(_hashes);

    /// <summary>The id that a word has in every text.</summary>
    /// <param name="word">The word in small letters.</param>
    public static ulong IdOf(ReadOnlySpan<char> word) => TextHash.Of(word, IdSpace);

    /// <summary>The words that say something (four letters or more), each once.</summary>
    /// <param name="end">Only words that end here at the latest.</param>
    public WordSet Content(int end = int.MaxValue)
    {
        var content = new WordSet(_words.Count);
        foreach (var word in Words)
        {
            if (word.Length >= 4 && word.End <= end) content.Add(word.Id);
        }
        return content;
    }

    // Both hashes in one loop: the processor computes them side by side.
    private int AddWord(string text, int start, ulong space)
    {
        var id = TextHash.Begin(IdSpace);
        var hash = TextHash.Begin(space);
        var i = start;
        for (; i < text.Length; i++)
        {
            var c = text[i];
            if (KindOf(c) != Letter && !(c == '\'' && i + 1 < text.Length && KindOf(text[i + 1]) == Letter)) break;
            id = TextHash.Next(id, c);
            hash = TextHash.Next(hash, c);
        }
        if (_words.Count < MaxWords) _words.Add(new Word(start, i, TextHash.Mix(id)));
        if (_hashes.Count < MaxTokens) _hashes.Add(TextHash.Mix(hash));
        return i;
    }

    private static int EndOfNumber(string text, int i)
    {
        var end = i + 1;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (text[end] is '.' or ',' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])))) end++;
        return end;
    }

    private static byte KindOf(char c) => c < 128 ? s_kinds[c] : char.IsLetter(c) ? Letter : (byte)0;

    private static byte[] Kinds()
    {
        var kinds = new byte[128];
        for (var c = '\0'; c < 128; c++)
        {
            kinds[c] = char.IsAsciiLetter(c) ? Letter : char.IsAsciiDigit(c) ? Digit : "$%+-*/=?^\\{[<#".Contains(c, StringComparison.Ordinal) ? Sign : (byte)0;
        }
        return kinds;
    }
}
