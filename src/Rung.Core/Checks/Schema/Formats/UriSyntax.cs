namespace Rung.Core.Checks.Schema.Formats;

/// <summary>
/// The generic syntax of addresses: <c>uri</c> and <c>uri-reference</c> by RFC 3986, <c>iri</c> and <c>iri-reference</c> by RFC 3987. No scheme has rules of its own
/// here, and a name that only looks like an IPv4 address is a name, as the RFCs have it.
/// </summary>
internal static class UriSyntax
{
    internal static bool IsUri(ReadOnlySpan<char> text) => SchemeLength(text) > 0 && IsReference(text, isIri: false);

    internal static bool IsUriReference(ReadOnlySpan<char> text) => IsReference(text, isIri: false);

    internal static bool IsIri(ReadOnlySpan<char> text) => SchemeLength(text) > 0 && IsReference(text, isIri: true);

    internal static bool IsIriReference(ReadOnlySpan<char> text) => IsReference(text, isIri: true);

    private static bool IsReference(ReadOnlySpan<char> text, bool isIri)
    {
        // 1. From the end: the fragment, then the query.
        if (text.IndexOf('#') is >= 0 and var hash)
        {
            if (!UriCharacters.AreAll(text[(hash + 1)..], UriCharacters.Query, isIri)) return false;
            text = text[..hash];
        }
        if (text.IndexOf('?') is >= 0 and var mark)
        {
            if (!UriCharacters.AreAll(text[(mark + 1)..], UriCharacters.Query, isIri, hasPrivate: isIri)) return false;
            text = text[..mark];
        }

        // 2. From the beginning: the scheme, then the authority.
        var scheme = SchemeLength(text);
        if (scheme > 0) text = text[(scheme + 1)..];
        var hasAuthority = text.StartsWith("//");
        if (hasAuthority)
        {
            text = text[2..];
            var end = text.IndexOf('/');
            if (!IsAuthority(end < 0 ? text : text[..end], isIri)) return false;
            text = end < 0 ? [] : text[end..];
        }

        // 3. What is left is the path. Without scheme and authority a colon in its first segment would read as a scheme.
        if (scheme == 0 && !hasAuthority)
        {
            var slash = text.IndexOf('/');
            if ((slash < 0 ? text : text[..slash]).Contains(':')) return false;
        }
        return UriCharacters.AreAll(text, UriCharacters.Path, isIri);
    }

    /// <summary>Length of the scheme, without its colon; 0 when there is none.</summary>
    private static int SchemeLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetter(text[0])) return 0;
        var at = 1;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '+' or '-' or '.')) at++;
        return at < text.Length && text[at] == ':' ? at : 0;
    }

    private static bool IsAuthority(ReadOnlySpan<char> text, bool isIri)
    {
        if (text.IndexOf('@') is >= 0 and var at) // A second one is allowed nowhere behind it, so the first is it.
        {
            if (!UriCharacters.AreAll(text[..at], UriCharacters.NameOrColon, isIri)) return false;
            text = text[(at + 1)..];
        }
        var isLiteral = !text.IsEmpty && text[0] == '[';
        var end = isLiteral ? text.IndexOf(']') + 1 : text.IndexOf(':');
        if (isLiteral && end == 0) return false;
        if (end < 0) end = text.Length;

        var host = text[..end];
        var port = text[end..];
        if (!port.IsEmpty && (port[0] != ':' || port[1..].ContainsAnyExceptInRange('0', '9'))) return false;
        return isLiteral ? IsLiteral(host[1..^1]) : UriCharacters.AreAll(host, UriCharacters.Name, isIri);
    }

    private static bool IsLiteral(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('v' or 'V')) return IpAddress.IsV6(text);
        var dot = text.IndexOf('.');
        if (dot < 2 || dot == text.Length - 1) return false;
        foreach (var digit in text[1..dot])
        {
            if (!char.IsAsciiHexDigit(digit)) return false;
        }
        return !text[(dot + 1)..].ContainsAnyExcept(UriCharacters.NameOrColon);
    }
}
