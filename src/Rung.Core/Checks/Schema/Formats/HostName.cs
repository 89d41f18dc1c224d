namespace Rung.Core.Checks.Schema.Formats;

/// <summary>
/// Names of hosts: <c>hostname</c> by RFC 1123, section 2.1, where a label that begins with <c>xn--</c> must be an A-label of IDNA; <c>idn-hostname</c> by RFC 5890,
/// with the other three full stops of RFC 3490, section 3.1, as separators. No dot at the end, no lone address rules: <c>127.1</c> is a name.
/// </summary>
internal static class HostName
{
    private const int MaxLabelOctets = 63;
    private const int MaxNameOctets = 253;
    /// <summary>Octets of a domain in mail: RFC 5321, section 4.5.3.1.2.</summary>
    private const int MaxMailOctets = 255;
    private const string AsciiPrefix = "xn--";

    /// <summary><c>hostname</c>.</summary>
    internal static bool IsAscii(ReadOnlySpan<char> text) => IsName(text, ".", mayBeForeign: false, MaxNameOctets);

    /// <summary><c>idn-hostname</c>.</summary>
    internal static bool IsInternational(ReadOnlySpan<char> text) => IsName(text, ".\u3002\uFF0E\uFF61", mayBeForeign: true, MaxNameOctets);

    /// <summary>The domain of an internationalised mail address: only <c>.</c> separates.</summary>
    internal static bool IsMailDomain(ReadOnlySpan<char> text) => IsName(text, ".", mayBeForeign: true, MaxMailOctets);

    /// <summary>The domain of a mail address: letters, digits and hyphens, whatever they encode.</summary>
    internal static bool IsPlain(ReadOnlySpan<char> text)
    {
        if (text.Length > MaxMailOctets) return false;
        while (TryTakeLabel(ref text, ".", out var label, out var isLast))
        {
            if (!IsLetterDigitHyphen(label)) return false;
            if (isLast) return true;
        }
        return false;
    }

    private static bool IsName(ReadOnlySpan<char> text, ReadOnlySpan<char> separators, bool mayBeForeign, int maxOctets)
    {
        if (text.Length > 2 * maxOctets) return false; // A character takes two units at most and one octet at least.
        Span<int> characters = stackalloc int[MaxLabelOctets];
        var octets = -1; // One separator fewer than labels.
        var (hasRightToLeft, followsBidiRule) = (false, true);
        while (TryTakeLabel(ref text, separators, out var label, out var isLast))
        {
            if (!TryRead(label, mayBeForeign, characters, out var count, out var length)) return false;
            octets += 1 + length;
            if (octets > maxOctets) return false;

            hasRightToLeft |= BidiRule.HasRightToLeft(characters[..count]);
            followsBidiRule &= BidiRule.Follows(characters[..count]);
            if (isLast) return followsBidiRule || !hasRightToLeft; // The rule binds every label of a name in which one runs from the right.
        }
        return false;
    }

    /// <summary>Reads a label as the characters that it shows.</summary>
    /// <param name="label">An A-label, a U-label, or plain letters, digits and hyphens.</param>
    /// <param name="mayBeForeign">Whether it may be a U-label.</param>
    /// <param name="characters">Room for 63 characters.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="octets">Octets that the label takes in the DNS, at most 63.</param>
    private static bool TryRead(ReadOnlySpan<char> label, bool mayBeForeign, Span<int> characters, out int count, out int octets)
    {
        (count, octets) = (0, label.Length);
        if (System.Text.Ascii.IsValid(label))
        {
            if (!IsLetterDigitHyphen(label)) return false;
            if (label.StartsWith(AsciiPrefix, StringComparison.OrdinalIgnoreCase)) return TryReadEncoded(label[AsciiPrefix.Length..], characters, out count);
            foreach (var character in label) characters[count++] = character;
            return true;
        }
        if (!mayBeForeign) return false;

        foreach (var rune in label.EnumerateRunes()) // A half of a pair becomes U+FFFD, which no label may hold.
        {
            if (count == characters.Length) return false;
            characters[count++] = rune.Value;
        }
        Span<char> encoded = stackalloc char[MaxLabelOctets];
        var length = Punycode.Encode(characters[..count], encoded);
        octets = AsciiPrefix.Length + length;
        return length >= 0 && octets <= MaxLabelOctets && Idna.IsLabel(characters[..count]);
    }

    /// <summary>An A-label: what it encodes must be a U-label, and must encode to the same again (RFC 5891, section 5.4).</summary>
    private static bool TryReadEncoded(ReadOnlySpan<char> encoded, Span<int> characters, out int count)
    {
        Span<char> lower = stackalloc char[MaxLabelOctets];
        encoded.ToLowerInvariant(lower);
        lower = lower[..encoded.Length];
        if (!Punycode.TryDecode(lower, characters, out count) || !Idna.IsLabel(characters[..count])) return false;

        Span<char> again = stackalloc char[MaxLabelOctets];
        var length = Punycode.Encode(characters[..count], again);
        return length >= 0 && again[..length].SequenceEqual(lower);
    }

    private static bool IsLetterDigitHyphen(ReadOnlySpan<char> label)
    {
        if (label.Length is < 1 or > MaxLabelOctets || label[0] == '-' || label[^1] == '-') return false;
        foreach (var character in label)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '-') return false;
        }
        return true;
    }

    /// <summary>Takes the next label off the text; false when one is empty.</summary>
    private static bool TryTakeLabel(ref ReadOnlySpan<char> text, ReadOnlySpan<char> separators, out ReadOnlySpan<char> label, out bool isLast)
    {
        var end = text.IndexOfAny(separators);
        isLast = end < 0;
        label = isLast ? text : text[..end];
        text = isLast ? [] : text[(end + 1)..];
        return !label.IsEmpty;
    }
}
