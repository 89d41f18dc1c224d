using System.Buffers;
using System.Text;

namespace Rung.Control.Audit.Traits;

/// <summary>
/// Cuts a text into lines and sentences and masks what varies from call to call in a template: numbers, identifiers, dates, addresses, paths, quoted and
/// fenced text, names. Works on spans and allocates nothing. Masking a masked text changes nothing.
/// </summary>
/// <remarks>
/// The rules, a word at a time (a word ends at white space): a word with a digit is <c>#</c>; with an <c>@</c> and no digit, <c>@</c>; with <c>://</c>, two slashes or a leading
/// slash, <c>~</c>; longer than 40 characters, <c>#</c>; with a capital first letter and a small one after it, and not the first word of its piece,
/// <c>^</c> (a run of them is one). Text in quotes on one line is one star in such quotes, text in a fence of three back-quotes or quotes likewise. All else is lower-cased. What is masked is no word of the piece. A piece
/// ends with its line, with a fence, and after <c>. ! ? :</c> before white space. Punctuation around a word stays.
/// </remarks>
internal ref struct PieceReader(ReadOnlySpan<char> text)
{
    /// <summary>Characters of a masked piece that count; what comes after them is not looked at.</summary>
    public const int Longest = 512;

    private const int LongestWord = 40;
    private const char Ideographs = '\u2E80'; // From here on scripts without blanks between words: three signs count as one.
    private const string Fence = "```";
    private const string TripleQuote = "\"\"\"";
    private static readonly SearchValues<char> Ends = SearchValues.Create(".!?:。！？：");

    private readonly ReadOnlySpan<char> text = text;
    private int at;
    private bool noFence, noTriple, endsWithFence;

    /// <summary>Words of the piece that was read last.</summary>
    public int Words { get; private set; }
    /// <summary>Where its first three words end.</summary>
    public int HeadEnd { get; private set; }
    /// <summary>Where its last two words begin.</summary>
    public int TailStart { get; private set; }
    /// <summary>Where its first four words end.</summary>
    public int OpeningEnd { get; private set; }

    private int lastStart;

    /// <summary>Reads the next piece that has a word into the buffer.</summary>
    /// <param name="buffer">At least <see cref="Longest"/> characters.</param>
    /// <param name="length">Characters written.</param>
    /// <returns>Whether there was one.</returns>
    public bool Next(scoped Span<char> buffer, out int length)
    {
        while (at < text.Length)
        {
            (Words, HeadEnd, TailStart, OpeningEnd, lastStart) = (0, 0, 0, 0, 0);
            length = ReadPiece(buffer);
            if (Words > 0) return true;
        }
        length = 0;
        return false;
    }

    /// <summary>One piece, from the place reached to the end of its line or sentence.</summary>
    private int ReadPiece(scoped Span<char> buffer)
    {
        var written = 0;
        while (at < text.Length)
        {
            var first = text[at];
            if (first is '\n' or '\r')
            {
                at++;
                break;
            }
            if (IsBlank(first))
            {
                at++;
                continue;
            }
            if (SkipQuoted(buffer, ref written))
            {
                if (!endsWithFence) continue;
                endsWithFence = false;
                break;
            }
            var start = at;
            var end = WordEnd();
            at = end;
            Write(text[start..end], buffer, ref written);
            if (Ends.Contains(text[end - 1]) && (end == text.Length || IsBlank(text[end]) || text[end - 1] > 127)) break;
        }
        return written;
    }

    private static bool IsBlank(char c) => c <= ' ' || (c > 127 && char.IsWhiteSpace(c));

    private readonly int WordEnd()
    {
        for (var i = at; i < text.Length; i++)
        {
            var c = text[i];
            if (IsBlank(c)) return i;
            if (c > 127 && Ends.Contains(c)) return i + 1; // Chinese and Japanese sentences end without a blank after them.
        }
        return text.Length;
    }

    /// <summary>Text in quotes or in a fence, as one word.</summary>
    private bool SkipQuoted(scoped Span<char> buffer, ref int written)
    {
        var rest = text[at..];
        switch (rest[0])
        {
            case '`' when !noFence && rest.StartsWith(Fence):
                return SkipFence(rest, Fence, "```*```", ref noFence, buffer, ref written);
            case '"' when !noTriple && rest.StartsWith(TripleQuote):
                return SkipFence(rest, TripleQuote, "\"\"\"*\"\"\"", ref noTriple, buffer, ref written);
            case '"' or '`':
                return SkipTo(rest[0], rest[0] == '"' ? "\"*\"" : "`*`", rest, buffer, ref written);
            case '“':
                return SkipTo('”', "“*”", rest, buffer, ref written);
            case '«':
                return SkipTo('»', "«*»", rest, buffer, ref written);
            default:
                return false;
        }
    }

    private bool SkipFence(ReadOnlySpan<char> rest, string fence, string mask, ref bool none, scoped Span<char> buffer, ref int written)
    {
        var end = rest[fence.Length..].IndexOf(fence, StringComparison.Ordinal);
        if (end < 0)
        {
            none = true;
            return false;
        }
        at += end + (2 * fence.Length);
        endsWithFence = true;
        Append(mask, words: 0, buffer, ref written);
        return true;
    }

    private bool SkipTo(char closing, string mask, ReadOnlySpan<char> rest, scoped Span<char> buffer, ref int written)
    {
        var end = rest[1..].IndexOfAny(closing, '\n', '\r');
        if (end < 0 || rest[end + 1] != closing) return false;
        at += end + 2;
        Append(mask, words: 0, buffer, ref written);
        return true;
    }

    /// <summary>One word, masked; the punctuation around it stays.</summary>
    private void Write(scoped ReadOnlySpan<char> word, scoped Span<char> buffer, ref int written)
    {
        var (digits, letters, ideographs, slashes, addresses) = (0, 0, 0, 0, 0);
        foreach (var c in word)
        {
            if (char.IsAsciiLetter(c)) letters++;
            else if (char.IsDigit(c)) digits++;
            else if (c is '/' or '\\') slashes++;
            else if (c == '@') addresses++;
            else if (c >= Ideographs) ideographs++;
            else if (c > 127 && char.IsLetter(c)) letters++;
        }
        var closing = Closing(word, digits + letters + ideographs);
        if (digits > 0)
        {
            Masked('#', word, closing, buffer, ref written);
            return;
        }
        if (addresses > 0 && letters > 0)
        {
            Masked('@', word, closing, buffer, ref written);
            return;
        }
        if (letters > 0 && (slashes > 1 || word[0] is '/' or '\\' || word.Contains("://", StringComparison.Ordinal)) && word[0] != '<')
        {
            Masked('~', word, closing, buffer, ref written);
            return;
        }
        if (letters > LongestWord)
        {
            Masked('#', word, closing, buffer, ref written);
            return;
        }
        if (Words > 0 && letters > 1 && IsName(word))
        {
            // A name of several words is one name: of the run only the last punctuation is written.
            if (written > 0 && written < Longest && buffer[written - 1] == '^')
            {
                if (closing < word.Length && !char.IsSurrogate(word[^1])) buffer[written++] = word[^1];
                return;
            }
            Masked('^', word, closing, buffer, ref written);
            return;
        }
        Append(word, words: ideographs > 0 ? 1 + (ideographs / 3) : letters > 0 ? 1 : 0, buffer, ref written);
    }

    /// <summary>Where the punctuation begins that closes a word; its length when there is none.</summary>
    private static int Closing(ReadOnlySpan<char> word, int body)
    {
        if (body == 0) return word.Length;
        var end = word.Length;
        while (end > 0 && !char.IsLetterOrDigit(word[end - 1])) end--;
        return end;
    }

    private static bool IsName(ReadOnlySpan<char> word)
    {
        var at = 0;
        while (at < word.Length && !char.IsLetter(word[at])) at++;
        if (at > 0 && word[at - 1] is '<' or '{' or '[' or '/') return false; // Marks of the template itself: <Document>, {Name}.
        return at + 1 < word.Length && char.IsUpper(word[at]) && char.IsLower(word[at + 1]) && char.ToLowerInvariant(word[at]) != word[at];
    }

    private void Masked(char mask, scoped ReadOnlySpan<char> word, int closing, scoped Span<char> buffer, ref int written)
    {
        Span<char> masked = stackalloc char[8];
        var length = 0;
        masked[length++] = mask;
        // A closing mark ends the piece, so it stays: of a run of them only the last.
        if (closing < word.Length && !char.IsSurrogate(word[^1])) masked[length++] = word[^1];
        Append(masked[..length], words: 0, buffer, ref written);
    }

    private void Append(scoped ReadOnlySpan<char> word, int words, scoped Span<char> buffer, ref int written)
    {
        if (written + word.Length + 1 > Longest) return;
        if (written > 0) buffer[written++] = ' ';
        var start = written;
        // Without globalization data the platform folds letter by letter; nearly every word is ASCII, which goes by vectors.
        if (Ascii.ToLower(word, buffer[written..], out var folded) != OperationStatus.Done) folded = word.ToLowerInvariant(buffer[written..]);
        written += folded;
        if (words > 0)
        {
            Words += words;
            TailStart = Words == words ? start : lastStart;
            lastStart = start;
        }
        if (Words <= 3) HeadEnd = written;
        if (Words <= 4) OpeningEnd = written;
    }
}
