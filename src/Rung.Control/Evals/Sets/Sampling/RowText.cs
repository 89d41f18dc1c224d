using System.Globalization;

namespace Rung.Control.Evals.Sets.Sampling;

/// <summary>What likeness looks at of one row: its words and its runs of three words, hashed.</summary>
internal sealed class RowText
{
    /// <summary>Words of a shingle.</summary>
    public const int ShingleWords = 3;

    // A long text is like another one if the smallest thousand of its hashes are (A. Broder, 1997).
    private const int MostShingles = 1000;
    private const char FirstIdeograph = '\u2E80';

    private RowText(ulong[] words, ulong[] shingles, int length, ulong tools)
    {
        Words = words;
        Shingles = shingles;
        Length = length;
        Tools = tools;
    }

    /// <summary>Hashes of its words, in order.</summary>
    public ulong[] Words { get; }
    /// <summary>Hashes of its shingles, ascending, each once.</summary>
    public ulong[] Shingles { get; private set; }
    /// <summary>Characters.</summary>
    public int Length { get; }
    /// <summary>Hash of the tools that it declares.</summary>
    public ulong Tools { get; }

    /// <summary>Reads a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="seen">Is told every word and its hash; null for nobody.</param>
    public static RowText Of(ReadOnlyMemory<byte> request, Action<ulong, string>? seen)
    {
        var text = ChatForm.TextOf(request);
        var words = WordsOf(text.ToLowerInvariant(), seen);
        return new RowText(words, ShinglesOf(words, text), text.Length, TextHash.Of(ChatForm.ToolsOf(request, out _)));
    }

    /// <summary>Leaves out shingles that belong to a template; a row that consists of nothing else keeps them.</summary>
    public void LeaveOut(Func<ulong, bool> isTemplate)
    {
        var own = Array.FindAll(Shingles, shingle => !isTemplate(shingle));
        if (own.Length > 0) Shingles = own;
    }

    /// <summary>Share of shingles that both have, of those that either has: the Jaccard index, 0 to 1.</summary>
    public double LikenessTo(RowText other)
    {
        var (mine, theirs) = (Shingles, other.Shingles);
        int i = 0, j = 0, both = 0;
        while (i < mine.Length && j < theirs.Length)
        {
            if (mine[i] == theirs[j])
            {
                both++;
                i++;
                j++;
            }
            else if (mine[i] < theirs[j]) i++;
            else j++;
        }
        return (double)both / (mine.Length + theirs.Length - both);
    }

    private static ulong[] WordsOf(string text, Action<ulong, string>? seen)
    {
        var words = new List<ulong>(text.Length / 5);
        for (var i = 0; i < text.Length;)
        {
            if (!IsWord(text[i]))
            {
                i++;
                continue;
            }
            var start = i++;
            // Scripts without blanks between words: every character counts as one.
            if (text[start] < FirstIdeograph)
            {
                while (i < text.Length && text[i] < FirstIdeograph && IsWord(text[i])) i++;
            }
            var word = TextHash.Of(text.AsSpan(start, i - start));
            words.Add(word);
            seen?.Invoke(word, text[start..i]);
        }
        return [.. words];
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark || char.IsSurrogate(c);

    private static ulong[] ShinglesOf(ulong[] words, string text)
    {
        if (words.Length == 0) return [TextHash.Of(text)];
        var shingles = new SortedSet<ulong>();
        var last = Math.Max(0, words.Length - ShingleWords);
        for (var i = 0; i <= last; i++)
        {
            var shingle = 0UL;
            for (var j = i; j < Math.Min(i + ShingleWords, words.Length); j++) shingle = TextHash.Join(shingle, words[j]);
            shingles.Add(shingle);
            if (shingles.Count > MostShingles) shingles.Remove(shingles.Max);
        }
        return [.. shingles];
    }
}
