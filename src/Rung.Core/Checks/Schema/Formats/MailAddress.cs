using System.Buffers;
using System.Text;

namespace Rung.Core.Checks.Schema.Formats;

/// <summary>
/// Mail addresses: <c>email</c> is the mailbox of RFC 5321, section 4.1.2; <c>idn-email</c> adds what RFC 6531, section 3.3, adds. At most 64 octets before the
/// <c>@</c>; an address literal is an IPv4 or an IPv6 address, the only kinds that are registered.
/// </summary>
internal static class MailAddress
{
    private const int MaxLocalOctets = 64;
    private const string LiteralTag = "IPv6:";

    internal static bool IsAscii(ReadOnlySpan<char> text) => IsMailbox(text, isInternational: false);

    internal static bool IsInternational(ReadOnlySpan<char> text) => IsMailbox(text, isInternational: true);

    private static bool IsMailbox(ReadOnlySpan<char> text, bool isInternational)
    {
        var at = text.LastIndexOf('@'); // No domain holds one; a quoted local part may.
        if (at <= 0 || at > MaxLocalOctets) return false; // An octet is at least as short as a UTF-16 unit.
        var local = text[..at];
        var domain = text[(at + 1)..];
        if (isInternational && Encoding.UTF8.GetByteCount(local) > MaxLocalOctets) return false;
        return (local[0] == '"' ? IsQuoted(local, isInternational) : IsDotString(local, isInternational)) && IsDomain(domain, isInternational);
    }

    private static bool IsDomain(ReadOnlySpan<char> text, bool isInternational)
    {
        if (text.Length > 2 && text[0] == '[' && text[^1] == ']')
        {
            var literal = text[1..^1];
            return literal.StartsWith(LiteralTag, StringComparison.OrdinalIgnoreCase) ? IpAddress.IsV6(literal[LiteralTag.Length..]) : IpAddress.IsV4(literal);
        }
        return isInternational ? HostName.IsMailDomain(text) : HostName.IsPlain(text);
    }

    private static bool IsDotString(ReadOnlySpan<char> text, bool isInternational)
    {
        var mayBeDot = false;
        while (!text.IsEmpty)
        {
            var used = 1;
            if (text[0] == '.')
            {
                if (!mayBeDot) return false;
                mayBeDot = false;
            }
            else
            {
                var isAtom = char.IsAsciiLetterOrDigit(text[0]) || "!#$%&'*+-/=?^_`{|}~".Contains(text[0]);
                if (!isAtom && !(isInternational && TryForeign(text, out used))) return false;
                mayBeDot = true;
            }
            text = text[used..];
        }
        return mayBeDot;
    }

    private static bool IsQuoted(ReadOnlySpan<char> text, bool isInternational)
    {
        if (text.Length < 2 || text[^1] != '"') return false;
        text = text[1..^1];
        while (!text.IsEmpty)
        {
            var used = 1;
            if (text[0] == '\\')
            {
                if (text.Length < 2 || text[1] is < ' ' or > '~') return false; // A pair needs its second half: else the closing quote would be it.
                used = 2;
            }
            else if (text[0] is '"' or < ' ' or > '~' && !(isInternational && TryForeign(text, out used)))
            {
                return false;
            }
            text = text[used..];
        }
        return true;
    }

    /// <summary>A whole character beyond ASCII.</summary>
    private static bool TryForeign(ReadOnlySpan<char> text, out int used) =>
        Rune.DecodeFromUtf16(text, out var rune, out used) == OperationStatus.Done && !rune.IsAscii;
}
