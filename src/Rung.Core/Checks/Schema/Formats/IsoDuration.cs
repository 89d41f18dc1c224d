namespace Rung.Core.Checks.Schema.Formats;

/// <summary>
/// <c>duration</c>: RFC 3339, appendix A. Units follow one another without a gap (<c>P1Y2D</c> is none), only whole numbers, weeks alone. Letters may be
/// small ones: the strings of an ABNF have no case (RFC 5234, section 2.3).
/// </summary>
internal static class IsoDuration
{
    internal static bool IsDuration(ReadOnlySpan<char> text)
    {
        if (text.Length < "P1D".Length || text[0] is not ('P' or 'p')) return false;
        if (IsRun(text[1..], "W")) return true;

        var split = text.IndexOfAny('T', 't');
        if (split < 0) return IsRun(text[1..], "YMD");
        return (split == 1 || IsRun(text[1..split], "YMD")) && IsRun(text[(split + 1)..], "HMS");
    }

    /// <summary>Whether the text is one or more numbers, each with the next of the units; the first may be any of them.</summary>
    private static bool IsRun(ReadOnlySpan<char> text, ReadOnlySpan<char> units)
    {
        if (text.IsEmpty) return false;
        for (var expected = -1; !text.IsEmpty;)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0) return false; // No number, or a number without a unit.
            var unit = units.IndexOf(char.ToUpperInvariant(text[digits]));
            if (unit < 0 || !char.IsAscii(text[digits]) || (expected >= 0 && unit != expected)) return false;
            expected = unit + 1;
            text = text[(digits + 1)..];
        }
        return true;
    }
}
