using System.Globalization;

namespace Rung.Core.Checks.Schema.Formats;

/// <summary>
/// Labels of internationalised names: RFC 5891, section 4.2, with the derived property and the contextual rules of RFC 5892. Not looked at: whether a label
/// is in normal form C, which needs tables that this process does not carry.
/// </summary>
internal static partial class Idna
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>Whether code points are a U-label, apart from its length and its direction.</summary>
    internal static bool IsLabel(ReadOnlySpan<int> label)
    {
        if (label.IsEmpty || label[0] == '-' || label[^1] == '-') return false;
        if (label.Length > 3 && label[2] == '-' && label[3] == '-') return false;
        if (!label.ContainsAnyExceptInRange(0, 0x7F) || IsMark(label[0])) return false;

        for (var at = 0; at < label.Length; at++)
        {
            if (InContext(label, at) is not { } fits ? !IsValid(label[at]) : !fits) return false;
        }
        return true;
    }

    /// <summary>Whether the rule of a character that has one is kept (RFC 5892, appendix A); null for one that has none.</summary>
    private static bool? InContext(ReadOnlySpan<int> label, int at)
    {
        var before = at > 0 ? label[at - 1] : -1;
        var behind = at + 1 < label.Length ? label[at + 1] : -1;
        return label[at] switch
        {
            ZeroWidthNonJoiner => IsVirama(before) || Joins(label, at),
            ZeroWidthJoiner => IsVirama(before),
            0xB7 => before == 'l' && behind == 'l', // Middle dot, in Catalan.
            0x375 => IsGreek(behind), // Keraia.
            0x5F3 or 0x5F4 => IsHebrew(before), // Geresh, gershayim.
            0x30FB => HasJapanese(label), // Katakana middle dot.
            >= 0x660 and <= 0x669 => !label.ContainsAnyInRange(0x6F0, 0x6F9), // Two sets of digits that look alike do not mix.
            >= 0x6F0 and <= 0x6F9 => !label.ContainsAnyInRange(0x660, 0x669),
            _ => null,
        };
    }

    /// <summary>The derived property is PVALID (RFC 5892, section 3), for characters that have no rule of their own.</summary>
    private static bool IsValid(int character)
    {
        if (character < 0x80) return character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-';
        if (character is 0xDF or 0x3C2 or 0x6FD or 0x6FE or 0xF0B or 0x3007) return true; // Section 2.6.
        return CharUnicodeInfo.GetUnicodeCategory(character) switch
        {
            UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber => !CharacterRanges.Contains(Disallowed, character),
            UnicodeCategory.UppercaseLetter => character is >= 0x13A0 and <= 0x13F5, // Cherokee folds to its capitals; all others fold away.
            _ => false,
        };
    }

    private static bool IsMark(int character) => CharUnicodeInfo.GetUnicodeCategory(character)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsVirama(int character) => Viramas.BinarySearch(character) >= 0;

    /// <summary>A letter that joins, and one behind, with nothing but transparent characters between: <c>(L|D) T* ZWNJ T* (R|D)</c>.</summary>
    private static bool Joins(ReadOnlySpan<int> label, int at)
    {
        var (before, behind) = (at - 1, at + 1);
        while (before >= 0 && IsTransparent(label[before])) before--;
        while (behind < label.Length && IsTransparent(label[behind])) behind++;
        return before >= 0 && behind < label.Length
            && CharacterRanges.Contains(JoinsBothSides, label[before])
            && (CharacterRanges.Contains(JoinsBothSides, label[behind]) || CharacterRanges.Contains(JoinsRight, label[behind]));
    }

    private static bool IsTransparent(int character) => character is not (ZeroWidthNonJoiner or ZeroWidthJoiner)
        && CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;

    private static bool IsGreek(int character) => CharacterRanges.Contains(Greek, character);

    private static bool IsHebrew(int character) => CharacterRanges.Contains(Hebrew, character);

    private static bool HasJapanese(ReadOnlySpan<int> label)
    {
        foreach (var character in label)
        {
            if (CharacterRanges.Contains(Japanese, character)) return true;
        }
        return false;
    }
}
