using System.Globalization;

namespace Rung.Core.Checks.Schema.Formats;

/// <summary>The Bidi rule for labels: RFC 5893, section 2. Classes are those of the characters that a label may hold, Unicode 14.0.</summary>
internal static class BidiRule
{
    /// <summary>Letters of Hebrew, N'Ko, Samaritan, Mandaic and the old scripts of the Near East (R), and of Arabic, Syriac, Thaana and kin (AL).</summary>
    private static ReadOnlySpan<int> RightToLeft =>
    [
        0x590, 0x5FF, 0x608, 0x608, 0x60B, 0x60B, 0x60D, 0x60D, 0x61B, 0x65F, 0x66D, 0x6DC, 0x6E5, 0x6E6, 0x6EE, 0x6EF, 0x6FA, 0x8E1, 0x8E3, 0x8FF,
        0xFB1D, 0xFDFF, 0xFE70, 0xFEFC, 0x10800, 0x10D2F, 0x10D3A, 0x10E5F, 0x10E7F, 0x10FFF, 0x1E800, 0x1EFFF,
    ];

    /// <summary>ON: signs that take the direction of what stands around them.</summary>
    private static ReadOnlySpan<int> Neutral =>
        [0xB7, 0xB7, 0x2B9, 0x2BA, 0x2C6, 0x2CF, 0x2EC, 0x2EC, 0x375, 0x375, 0x2E2F, 0x2E2F, 0x30FB, 0x30FB, 0xA67F, 0xA67F, 0xA717, 0xA71F, 0xA788, 0xA788];

    private enum Direction : byte { Left = 0, Right, EuropeanDigit, ArabicDigit, Hyphen, Other, Mark }

    /// <summary>Whether a label makes its name a Bidi domain name: it has a character of class R, AL or AN.</summary>
    internal static bool HasRightToLeft(ReadOnlySpan<int> label)
    {
        foreach (var character in label)
        {
            if (Of(character) is Direction.Right or Direction.ArabicDigit) return true;
        }
        return false;
    }

    /// <summary>Whether a label keeps the rule.</summary>
    internal static bool Follows(ReadOnlySpan<int> label)
    {
        // Condition 1: the first character gives the direction.
        var first = Of(label[0]);
        if (first is not (Direction.Left or Direction.Right)) return false;

        // Conditions 3 and 6: the last that is no mark is a letter of that direction, or a digit.
        var end = label.Length - 1;
        while (end > 0 && Of(label[end]) == Direction.Mark) end--;
        var last = Of(label[end]);
        var endsWell = last == Direction.EuropeanDigit || last == first || (first == Direction.Right && last == Direction.ArabicDigit);
        if (!endsWell) return false;

        // Conditions 2, 4 and 5: what else may stand in it.
        var (hasEuropean, hasArabic) = (false, false);
        foreach (var character in label)
        {
            var direction = Of(character);
            hasEuropean |= direction == Direction.EuropeanDigit;
            hasArabic |= direction == Direction.ArabicDigit;
            if (direction == (first == Direction.Left ? Direction.Right : Direction.Left)) return false;
        }
        return first == Direction.Left ? !hasArabic : !(hasEuropean && hasArabic);
    }

    private static Direction Of(int character)
    {
        if (character is (>= '0' and <= '9') or (>= 0x6F0 and <= 0x6F9)) return Direction.EuropeanDigit;
        if (character == '-') return Direction.Hyphen;
        if (character < 0xB7) return Direction.Left;
        if (character is (>= 0x660 and <= 0x669) or (>= 0x10D30 and <= 0x10D39)) return Direction.ArabicDigit;
        if (CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) return Direction.Mark;
        if (CharacterRanges.Contains(RightToLeft, character)) return Direction.Right;
        return CharacterRanges.Contains(Neutral, character) || character is 0x200C or 0x200D ? Direction.Other : Direction.Left;
    }
}
