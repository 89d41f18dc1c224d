using System.Text;

namespace Rung.Core.Learning.Features;

/// <summary>A text read once: its words, numbers and phrases, for every feature that looks at them.</summary>
internal sealed class TextFacts
{
    /// <summary>Longest text that is looked at, in characters. Of a longer one the beginning and the end count: an answer's verdict is at its end.</summary>
    public const int MaxChars = 32_768;
    private const int TailChars = 8_192;
    private const int MaxNumbers = 1_000;
    private readonly TextTokens _tokens;
    private readonly int[] _phrases;

    /// <summary>Reads a text.</summary>
    /// <param name="utf8">The text, UTF-8; bytes that are no UTF-8 become replacement characters.</param>
    /// <param name="phrases">The phrases that are counted.</param>
    /// <param name="space">Which kind of text it is, for <see cref="WordHasher"/>.</param>
    public TextFacts(ReadOnlySpan<byte> utf8, PhraseCounter phrases, ulong space)
    {
        // Four bytes a character at most: what is beyond both ends is never decoded.
        const int most = MaxChars * 4;
        Text = utf8.Length <= most ? Cut(Encoding.UTF8.GetString(utf8)) : Cut(Encoding.UTF8.GetString(utf8[..(most - 4 * TailChars)]) + Encoding.UTF8.GetString(utf8[^(4 * TailChars)..]));
        Lower = Text.ToLowerInvariant();
        Numbers = TextNumber.Find(Text, MaxNumbers);
        _tokens = new TextTokens(Lower, space);
        _phrases = phrases.Count(Lower);
    }

    /// <summary>The text, cut.</summary>
    public string Text { get; }
    /// <summary>The same in small letters.</summary>
    public string Lower { get; }
    /// <summary>Its numbers, in order.</summary>
    public List<TextNumber> Numbers { get; }
    /// <summary>Its words, in order: runs of letters.</summary>
    public ReadOnlySpan<Word> Words => _tokens.Words;
    /// <summary>Its words, numbers and signs as hashes, in order.</summary>
    public ReadOnlySpan<ulong> Hashes => _tokens.Hashes;
    /// <summary>Whether it holds nothing but blanks.</summary>
    public bool IsBlank => string.IsNullOrWhiteSpace(Text);
    /// <summary>The words that say something (four letters or more), each once.</summary>
    public WordSet Content => field ??= _tokens.Content();

    /// <summary>Those of them that end here at the latest.</summary>
    public WordSet ContentUpTo(int end) => _tokens.Content(end);

    /// <summary>How often the phrases of a feature occur.</summary>
    public int Count(Feature feature) => _phrases[(int)feature];

    /// <summary>Whether any phrase of a feature occurs.</summary>
    public bool Has(Feature feature) => _phrases[(int)feature] > 0;

    /// <summary>The words of a piece of text, in small letters, that say something, each once.</summary>
    public static WordSet ContentOf(string lower) => new TextTokens(lower, space: 0).Content();

    private static string Cut(string text) => text.Length <= MaxChars ? text : string.Concat(text.AsSpan(0, MaxChars - TailChars), text.AsSpan(text.Length - TailChars));
}
