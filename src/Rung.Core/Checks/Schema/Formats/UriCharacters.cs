using System.Buffers;
using System.Text;

namespace Rung.Core.Checks.Schema.Formats;

/// <summary>The character sets of URIs (RFC 3986, appendix A) and IRIs (RFC 3987, section 2.2).</summary>
internal static class UriCharacters
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private const string SubDelimiters = "!$&'()*+,;=";

    /// <summary><c>unreserved / sub-delims</c>: a registered name.</summary>
    internal static readonly SearchValues<char> Name = SearchValues.Create(Unreserved + SubDelimiters);
    /// <summary>A registered name and <c>:</c>: user information, and addresses of a future version.</summary>
    internal static readonly SearchValues<char> NameOrColon = SearchValues.Create(Unreserved + SubDelimiters + ":");
    /// <summary><c>pchar</c> and <c>/</c>: a path.</summary>
    internal static readonly SearchValues<char> Path = SearchValues.Create(Unreserved + SubDelimiters + ":@/");
    /// <summary><c>pchar</c>, <c>/</c> and <c>?</c>: a query or a fragment.</summary>
    internal static readonly SearchValues<char> Query = SearchValues.Create(Unreserved + SubDelimiters + ":@/?");

    /// <summary>Whether every character is of a set, a percent-encoded octet, or of the IRI sets where those are allowed.</summary>
    /// <param name="text">The part.</param>
    /// <param name="allowed">Its ASCII set.</param>
    /// <param name="isIri">Whether <c>ucschar</c> is allowed.</param>
    /// <param name="hasPrivate">Whether <c>iprivate</c> is allowed, too: the query of an IRI.</param>
    internal static bool AreAll(ReadOnlySpan<char> text, SearchValues<char> allowed, bool isIri, bool hasPrivate = false)
    {
        while (true)
        {
            var other = text.IndexOfAnyExcept(allowed);
            if (other < 0) return true;
            text = text[other..];
            if (IsEncodedOctet(text))
            {
                text = text[3..];
                continue;
            }
            if (!isIri || Rune.DecodeFromUtf16(text, out var rune, out var used) != OperationStatus.Done) return false;
            if (!IsUcs(rune.Value) && !(hasPrivate && IsPrivate(rune.Value))) return false;
            text = text[used..];
        }
    }

    /// <summary><c>pct-encoded</c> at the beginning of the text.</summary>
    internal static bool IsEncodedOctet(ReadOnlySpan<char> text) =>
        text.Length >= 3 && text[0] == '%' && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]);

    /// <summary><c>ucschar</c>.</summary>
    internal static bool IsUcs(int character) => character switch
    {
        < 0xA0 => false,
        <= 0xD7FF => true,
        < 0xF900 => false,
        <= 0xFDCF => true,
        < 0xFDF0 => false,
        <= 0xFFEF => true,
        < 0x10000 => false,
        >= 0xE0000 and < 0xE1000 => false,
        <= 0xEFFFD => (character & 0xFFFF) <= 0xFFFD, // The last two of every plane are no characters.
        _ => false,
    };

    /// <summary><c>iprivate</c>.</summary>
    internal static bool IsPrivate(int character) => character switch
    {
        >= 0xE000 and <= 0xF8FF => true,
        >= 0xF0000 => (character & 0xFFFF) <= 0xFFFD,
        _ => false,
    };
}
