namespace Rung.Core.Checks.Schema.Formats;

/// <summary><c>uuid</c>: RFC 4122, section 3; any version and variant, letters of either case.</summary>
internal static class Uuid
{
    internal static bool IsUuid(ReadOnlySpan<char> text)
    {
        if (text.Length != 36) return false;
        for (var at = 0; at < text.Length; at++)
        {
            var isHyphen = at is 8 or 13 or 18 or 23;
            if (isHyphen ? text[at] != '-' : !char.IsAsciiHexDigit(text[at])) return false;
        }
        return true;
    }
}
