namespace Rung.Core.Redaction;

/// <summary>The codes of countries in telephone numbers (ITU-T E.164, assigned codes).</summary>
internal static class CallingCodes
{
    // Codes of three digits by their first two; a row lists the third ones.
    private static readonly Dictionary<int, string> s_threes = new()
    {
        [21] = "12368", [22] = "0123456789", [23] = "0123456789", [24] = "0123456789", [25] = "012345678", [26] = "012345689", [29] = "0179",
        [35] = "012345678", [37] = "0123456789", [38] = "01235679", [42] = "013", [50] = "0123456789", [59] = "0123456789", [67] = "0234567890",
        [68] = "0123456789", [69] = "012", [80] = "08", [85] = "02356", [87] = "08", [88] = "01236", [96] = "01234567890", [97] = "0123456789", [99] = "234568",
    };

    private static readonly HashSet<int> s_twos =
    [
        20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86,
        90, 91, 92, 93, 94, 95, 98,
    ];

    /// <summary>How long the code is that digits begin with: 1 to 3; 0 when it is none.</summary>
    public static int LengthOf(ReadOnlySpan<char> digits)
    {
        if (digits.Length < 3) return 0;
        if (digits[0] is '1' or '7') return 1;
        var two = (digits[0] - '0') * 10 + digits[1] - '0';
        if (s_twos.Contains(two)) return 2;
        return s_threes.TryGetValue(two, out var thirds) && thirds.Contains(digits[2]) ? 3 : 0;
    }
}
