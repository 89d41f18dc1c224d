using System.Text;

namespace Rung.Core.Learning.Features;

/// <summary>A text read once: its words and numbers, for every feature that looks at them.</summary>
internal sealed class TextFacts
{
    /// <summary>Longest text that is looked at, in characters. Of a longer one the beginning and the end count: an answer's verdict is at its end.</summary>
    public const int MaxChars = 32_768;
    private const int TailChars = 8_192;
    private const int MaxNumbers = 1_000;
    private const int MaxWords = 8_000;
    private HashSet<string>? _content;

    /// <summary>Reads a text.</summary>
    /// <param name="utf8">The text, UTF-8; bytes that are no UTF-8 become replacement characters.</param>
    public TextFacts(ReadOnlySpan<byte> utf8)
    {
        // Four bytes a character at most: what is beyond both ends is never decoded.
        const int most = MaxChars * 4;
        Text = utf8.Length <= most ? Cut(Encoding.UTF8.GetString(utf8)) : Cut(Encoding.UTF8.GetString(utf8[..(most - 4 * TailChars)]) + Encoding.UTF8.GetString(utf8[^(4 * TailChars)..]));
        Lower = Text.ToLowerInvariant();
        Numbers = TextNumber.Find(Text, MaxNumbers);
        Words = FindWords(Text);
    }

    /// <summary>The text, cut.</summary>
    public string Text { get; }
    /// <summary>The same in small letters.</summary>
    public string Lower { get; }
    /// <summary>Its numbers, in order.</summary>
    public List<TextNumber> Numbers { get; }
    /// <summary>Its words, in order: runs of letters.</summary>
    public List<Range> Words { get; }
    /// <summary>Whether it holds nothing but blanks.</summary>
    public bool IsBlank => string.IsNullOrWhiteSpace(Text);

    /// <summary>A word in small letters.</summary>
    public ReadOnlySpan<char> Word(int index) => Lower.AsSpan(Words[index]);

    /// <summary>How often phrases occur, in small letters.</summary>
    public int Count(params ReadOnlySpan<string> phrases)
    {
        var count = 0;
        foreach (var phrase in phrases) count += Lower.AsSpan().Count(phrase);
        return count;
    }

    /// <summary>Whether any of the phrases occurs, in small letters.</summary>
    public bool Has(params ReadOnlySpan<string> phrases)
    {
        foreach (var phrase in phrases)
        {
            if (Lower.Contains(phrase, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    /// <summary>The words that say something (four letters or more), each once.</summary>
    public HashSet<string> Content => _content ??= ContentOf(Lower, Words);

    /// <summary>The words of a piece of text that say something, each once.</summary>
    public static HashSet<string> ContentOf(string lower) => ContentOf(lower, FindWords(lower));

    private static HashSet<string> ContentOf(string lower, List<Range> words)
    {
        var content = new HashSet<string>(StringComparer.Ordinal);
        var lookup = content.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var word in words)
        {
            var (start, length) = word.GetOffsetAndLength(lower.Length);
            if (length >= 4) lookup.Add(lower.AsSpan(start, length));
        }
        return content;
    }

    private static string Cut(string text) => text.Length <= MaxChars ? text : string.Concat(text.AsSpan(0, MaxChars - TailChars), text.AsSpan(text.Length - TailChars));

    private static List<Range> FindWords(string text)
    {
        var words = new List<Range>();
        for (var i = 0; i < text.Length && words.Count < MaxWords;)
        {
            if (!char.IsLetter(text[i]))
            {
                i++;
                continue;
            }
            var start = i;
            while (i < text.Length && (char.IsLetter(text[i]) || (text[i] == '\'' && i + 1 < text.Length && char.IsLetter(text[i + 1])))) i++;
            words.Add(start..i);
        }
        return words;
    }
}
