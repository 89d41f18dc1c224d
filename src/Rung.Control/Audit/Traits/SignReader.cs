using System.Buffers;

namespace Rung.Control.Audit.Traits;

/// <summary>Looks for signs of sensitive data in the texts of one call. Signs, not proofs: it is built to be fast and to err towards a look too many.</summary>
/// <remarks>Of each text the first 32,768 characters are looked at, and at most 131,072 of a call.</remarks>
internal struct SignReader
{
    private const int MostOfText = 32_768, MostOfCall = 131_072, MostWords = 4096;
    private static readonly SearchValues<char> KeyChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");
    private static readonly SearchValues<char> ValueEnds = SearchValues.Create(" \n\r\t,\"'");
    private static readonly SearchValues<char> Unusual = SearchValues.Create("!#&?^+");

    private int read;
    private UInt128 healthWords, legalWords;

    /// <summary>The signs found so far.</summary>
    public DataSigns Signs { get; private set; }

    /// <summary>Looks at one more text of the call.</summary>
    public void Look(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, Math.Min(MostOfText, MostOfCall - read))];
        read += text.Length;
        if (text.IsEmpty) return;
        if (!Signs.HasFlag(DataSigns.Email) && HasAddress(text)) Signs |= DataSigns.Email;
        Signs |= DigitSigns.In(text);
        LookForWords(text);
    }

    private static bool HasAddress(ReadOnlySpan<char> text)
    {
        for (var from = 0; from < text.Length;)
        {
            var at = text[from..].IndexOf('@');
            if (at < 0) return false;
            at += from;
            from = at + 1;
            if (at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '-' or '+' or '.')) continue;
            var end = at + 1;
            var dot = -1;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '-' or '.'))
            {
                // The top-level domain has two letters at least, so that a sentence's full stop is no dot of an address.
                if (text[end] == '.' && end > at + 1 && end + 2 < text.Length && char.IsLetter(text[end + 1]) && char.IsLetter(text[end + 2])) dot = end;
                end++;
            }
            if (dot > 0) return true;
        }
        return false;
    }

    private void LookForWords(ReadOnlySpan<char> text)
    {
        var at = SignWords.IndexIn(text, 0);
        for (var words = 0; words < MostWords && at >= 0; words++)
        {
            var next = at + 1;
            if (SignWords.TryMatch(text[at..], out var number, out var kind, out var length))
            {
                next = at + length;
                Note(number, kind, text[next..]);
            }
            at = SignWords.IndexIn(text, next);
        }
    }

    private void Note(int number, SignWords.Kind kind, ReadOnlySpan<char> after)
    {
        switch (kind)
        {
            case SignWords.Kind.Health:
                healthWords |= UInt128.One << number;
                if (UInt128.PopCount(healthWords) >= SignWords.Enough) Signs |= DataSigns.Health;
                break;
            case SignWords.Kind.Legal:
                legalWords |= UInt128.One << number;
                if (UInt128.PopCount(legalWords) >= SignWords.Enough) Signs |= DataSigns.Legal;
                break;
            case SignWords.Kind.LegalMark:
                Signs |= DataSigns.Legal;
                break;
            case SignWords.Kind.Key when IsKey(after):
            case SignWords.Kind.KeyBlock:
            case SignWords.Kind.Password when IsPassword(after):
                Signs |= DataSigns.Secret;
                break;
        }
    }

    /// <summary>Sixteen more characters of a key, with a digit among them: "sk-" also begins words.</summary>
    private static bool IsKey(ReadOnlySpan<char> after)
    {
        var end = after.IndexOfAnyExcept(KeyChars);
        var rest = end < 0 ? after : after[..end];
        return rest.Length >= 16 && rest.ContainsAnyInRange('0', '9');
    }

    /// <summary>A value after a colon or an equals sign, with something in it that words do not have; placeholders of templates are none.</summary>
    private static bool IsPassword(ReadOnlySpan<char> after)
    {
        after = after.TrimStart("\"' ");
        if (after.IsEmpty || after[0] is not (':' or '=')) return false;
        after = after[1..].TrimStart("\"' ");
        var end = after.IndexOfAny(ValueEnds);
        var value = end < 0 ? after : after[..end];
        return value.Length >= 6 && value[0] is not ('<' or '{' or '$' or '*' or '[' or '%') && (value.ContainsAnyInRange('0', '9') || value.ContainsAny(Unusual));
    }
}
