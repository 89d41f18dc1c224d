namespace Rung.Core.Checks.Schema.Formats;

/// <summary>Addresses as text: <c>ipv4</c> by RFC 2673, section 3.2 (four decimal octets without leading zeros), <c>ipv6</c> by RFC 4291, section 2.2.</summary>
internal static class IpAddress
{
    private const int Groups = 8;

    internal static bool IsV4(ReadOnlySpan<char> text)
    {
        if (text.Length > "255.255.255.255".Length) return false;
        for (var octet = 0; octet < 4; octet++)
        {
            var end = octet == 3 ? text.Length : text.IndexOf('.');
            if (end < 0 || !IsOctet(text[..end])) return false;
            text = octet == 3 ? [] : text[(end + 1)..];
        }
        return true;
    }

    /// <summary>Eight groups of one to four hexadecimal digits; <c>::</c>, once, for one or more groups of zero; the last two may be an IPv4 address. No zone.</summary>
    internal static bool IsV6(ReadOnlySpan<char> text)
    {
        if (text.Length > "1111:1111:1111:1111:1111:1111:255.255.255.255".Length) return false;
        var gap = text.IndexOf("::");
        if (gap < 0) return CountGroups(text, mayEndInV4: true) == Groups;

        var before = text[..gap];
        var behind = text[(gap + 2)..];
        if (behind.IndexOf("::") >= 0) return false;
        var first = before.IsEmpty ? 0 : CountGroups(before, mayEndInV4: false);
        var last = behind.IsEmpty ? 0 : CountGroups(behind, mayEndInV4: true);
        return first >= 0 && last >= 0 && first + last < Groups;
    }

    /// <summary>How many groups of 16 bits a text without a gap has; -1 when it is none. An IPv4 address counts as two.</summary>
    private static int CountGroups(ReadOnlySpan<char> text, bool mayEndInV4)
    {
        var groups = 0;
        while (true)
        {
            var colon = text.IndexOf(':');
            var group = colon < 0 ? text : text[..colon];
            if (colon < 0 && mayEndInV4 && group.Contains('.')) return IsV4(group) ? groups + 2 : -1;
            if (group.Length is < 1 or > 4) return -1;
            foreach (var digit in group)
            {
                if (!char.IsAsciiHexDigit(digit)) return -1;
            }
            groups++;
            if (colon < 0) return groups;
            text = text[(colon + 1)..];
        }
    }

    private static bool IsOctet(ReadOnlySpan<char> text)
    {
        if (text.Length is < 1 or > 3 || text.ContainsAnyExceptInRange('0', '9') || (text.Length > 1 && text[0] == '0')) return false;
        var value = 0;
        foreach (var digit in text) value = (value * 10) + digit - '0';
        return value <= 255;
    }
}
