using System.Buffers;
using System.Text;

namespace Rung.Core.Checks.Schema.Formats;

/// <summary>
/// <c>uri-template</c>: RFC 6570, section 2, any level, with erratum 6937 (an apostrophe is a literal). Operators that the RFC reserves for later are part of
/// its grammar and pass.
/// </summary>
internal static class UriTemplate
{
    internal static bool IsTemplate(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == '{')
            {
                var end = text.IndexOf('}');
                if (end < 0 || !IsExpression(text[1..end])) return false;
                text = text[(end + 1)..];
                continue;
            }
            var used = LiteralLength(text);
            if (used == 0) return false;
            text = text[used..];
        }
        return true;
    }

    /// <summary>Length of the literal at the beginning; 0 when there is none.</summary>
    private static int LiteralLength(ReadOnlySpan<char> text)
    {
        var first = text[0];
        if (first == '%') return UriCharacters.IsEncodedOctet(text) ? 3 : 0;
        if (char.IsAscii(first)) return first is > ' ' and not ('"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}' or '\x7F') ? 1 : 0;
        if (Rune.DecodeFromUtf16(text, out var rune, out var used) != OperationStatus.Done) return 0;
        return UriCharacters.IsUcs(rune.Value) || UriCharacters.IsPrivate(rune.Value) ? used : 0;
    }

    private static bool IsExpression(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && "+#./;?&=,!@|".Contains(text[0])) text = text[1..];
        while (true)
        {
            var comma = text.IndexOf(',');
            if (!IsVariable(comma < 0 ? text : text[..comma])) return false;
            if (comma < 0) return true;
            text = text[(comma + 1)..];
        }
    }

    /// <summary>A name of letters, digits, <c>_</c> and encoded octets, with single dots between them; then <c>*</c>, or <c>:</c> and 1 to 9999.</summary>
    private static bool IsVariable(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && text[^1] == '*')
        {
            text = text[..^1];
        }
        else if (text.IndexOf(':') is >= 0 and var colon)
        {
            var length = text[(colon + 1)..];
            if (length.Length is < 1 or > 4 || length[0] == '0' || length.ContainsAnyExceptInRange('0', '9')) return false;
            text = text[..colon];
        }

        var mayBeDot = false;
        var at = 0;
        while (at < text.Length)
        {
            if (text[at] == '.' && mayBeDot)
            {
                mayBeDot = false;
                at++;
                continue;
            }
            var isEncoded = UriCharacters.IsEncodedOctet(text[at..]);
            if (!isEncoded && !char.IsAsciiLetterOrDigit(text[at]) && text[at] != '_') return false;
            mayBeDot = true;
            at += isEncoded ? 3 : 1;
        }
        return mayBeDot; // Neither empty nor with a dot at its end.
    }
}
