using System.Buffers;

namespace Rung.Core.Redaction;

/// <summary>
/// Telephone numbers. A prefix (+49, 0049) or an area code in brackets makes one anywhere; a number of a national form does unless the words before it call it
/// an order or the like; anything else of the right length only where the words around it say telephone.
/// </summary>
internal static class PhoneFinder
{
    private const string Kind = "phone";
    private static readonly SearchValues<char> s_openings = SearchValues.Create("0123456789+(");

    private const int MostDigits = 15; // ITU-T E.164.
    private const int LeastDigits = 7;

    public static void Find(ReadOnlySpan<char> text, List<Blot> found)
    {
        Links(text, found);
        bool? said = null; // Whether anything in the text says telephone: looked up once, when a number first asks.
        for (var at = 0; at < text.Length;)
        {
            var next = text[at..].IndexOfAny(s_openings);
            if (next < 0) return;
            at += next;
            if (!Begins(text, at))
            {
                at = Skip(text, at);
                continue;
            }
            var end = At(text, at, ref said);
            if (end > at) found.Add(new Blot(at, end, Kind));
            at = end > at ? end : Skip(text, at);
        }
    }

    // wa.me/4917012345678
    private static void Links(ReadOnlySpan<char> text, List<Blot> found)
    {
        for (var at = 0; ;)
        {
            var next = text[at..].IndexOf("wa.me/", StringComparison.OrdinalIgnoreCase);
            if (next < 0) return;
            at += next + 6;
            var end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (end - at is >= LeastDigits and <= MostDigits) found.Add(new Blot(at, end, Kind));
        }
    }

    private static int Skip(ReadOnlySpan<char> text, int at)
    {
        at++;
        if (!char.IsAsciiDigit(text[at - 1])) return at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at;
    }

    private static bool Begins(ReadOnlySpan<char> text, int at)
    {
        if (at == 0) return true;
        var before = text[at - 1];
        if (char.IsLetterOrDigit(before)) return before >= '\u2E80'; // Scripts without spaces.
        if (before is '-' or '.' or '/' or ',') return text[at] is '+' or '(' || before is '/' or ',' && at > 1 && (char.IsAsciiDigit(text[at - 2]) || text[at - 2] == '/') && text[at] == '0' || at > 1 && char.IsLetter(text[at - 2]) && before != '/';
        return before is not ('_' or '#' or '$' or '€' or '£' or '¥' or '%' or '@' or '+' or '^' or '~');
    }

    // Where the number ends that begins here; where it begins, when it is none.
    private static int At(ReadOnlySpan<char> text, int start, ref bool? said)
    {
        var read = new PhoneGroups(text, start);
        if (text[start] == '(' && !read.HasArea) return start;
        for (var count = read.Count; count > 0; count--)
        {
            var end = read.EndOf(count);
            if (read.DigitsOf(count) < LeastDigits) return start;
            if (read.DigitsOf(count) > MostDigits || !Ends(text, end)) continue;
            if (IsNumber(text, start, end, in read, count, ref said)) return end;
        }
        return start;
    }

    private static bool Ends(ReadOnlySpan<char> text, int end)
    {
        if (end >= text.Length) return true;
        var next = text[end];
        if (char.IsLetterOrDigit(next)) return next >= '\u2E80' || text[end..].StartsWith("ext", StringComparison.OrdinalIgnoreCase) || next is 'x' or 'n';
        if (next is '_' or '%' or '€' or '$') return false;
        return next is not (':' or '.' or ',') || end + 1 >= text.Length || !char.IsAsciiDigit(text[end + 1]) || next == ',' && text[end + 1] is '0' or '+';
    }

    private static bool IsNumber(ReadOnlySpan<char> text, int start, int end, in PhoneGroups read, int count, ref bool? said)
    {
        var digits = read.Digits(count);
        if (text[start] == '+') return CallingCodes.LengthOf(digits) > 0;
        if (read.IsDate(count)) return false;
        if (read.HasArea && digits.Length is >= 8 and <= 13) return !PhoneContext.IsOther(text, start);
        if (IsInternational(in read, digits)) return !PhoneContext.IsOther(text, start);
        if (IsNational(in read, count, digits)) return !PhoneContext.IsOther(text, start);
        // Ten digits from 1 on are the seconds of a time; thirteen its milliseconds.
        var isTime = count == 1 && digits[0] == '1' && digits.Length is 10 or 13 or 16;
        return !isTime && digits.Length <= 13 && (said ??= PhoneContext.IsSaid(text)) && PhoneContext.IsPhone(text, start, end);
    }

    // 0049 170 1234567. The code stands alone, or the whole is one piece.
    private static bool IsInternational(in PhoneGroups read, ReadOnlySpan<char> digits)
    {
        if (digits.Length < 10 || !digits.StartsWith("00", StringComparison.Ordinal)) return false;
        var code = CallingCodes.LengthOf(digits[2..]);
        if (code == 0) return false;
        var first = read.LengthOf(0);
        return first == 2 + code || first == 2 && read.LengthOf(1) == code || first == digits.Length && digits.Length is >= 12 and <= 15 && digits[2] != '0' && (code > 1 || digits[3] is >= '2' and <= '9');
    }

    private static bool IsNational(in PhoneGroups read, int count, ReadOnlySpan<char> digits)
    {
        if (IsNorthAmerican(in read, count, digits)) return true;
        if (digits[0] == '0') return count > 1 ? IsTrunk(in read, count, digits) : IsMobile(digits);
        return count switch
        {
            2 when read.Is(count, 5, 5) => digits[0] is >= '6' and <= '9',                                      // India
            2 when read.Is(count, 5, 4) => digits[0] == '9' && read.SeparatorOf(1) == '-',                        // Brazil, without area
            3 when read.Is(count, 3, 4, 4) => digits[0] == '1' && digits[1] is >= '3' and <= '9',                // China, mobile
            3 when read.Is(count, 2, 5, 4) => digits[2] == '9',                                                  // Brazil
            4 or 5 when read.LengthOf(0) == 1 && digits[0] == '8' => digits.Length == 11 && digits[1] is '4' or '8' or '9' or '3', // Russia
            1 => digits.Length == 11 && (digits[0] == '1' && digits[1] is >= '3' and <= '9' || digits[0] == '8' && digits[1] == '9') && digits[2..].ContainsAnyExcept('0'), // Mobile in China; in Russia
            _ => false,
        };
    }

    // 202-555-0143, 1-202-555-0143: area and exchange begin with 2 to 9 (North American Numbering Plan).
    private static bool IsNorthAmerican(in PhoneGroups read, int count, ReadOnlySpan<char> digits)
    {
        var offset = count == 4 && read.LengthOf(0) == 1 && digits[0] == '1' ? 1 : 0;
        if (count - offset != 3 || read.LengthOf(offset) != 3 || read.LengthOf(offset + 1) != 3 || read.LengthOf(offset + 2) != 4) return false;
        return digits[offset] is >= '2' and <= '9' && digits[offset + 3] is >= '2' and <= '9';
    }

    // 0170 1234567, 030/123456, 06 12 34 56 78.
    private static bool IsTrunk(in PhoneGroups read, int count, ReadOnlySpan<char> digits)
    {
        if (read.LengthOf(0) is < 2 or > 7 || digits[1] == '0' || count > 6 || digits.Length is < 8 or > 13) return false;
        if (digits.Length == 8 && read.SeparatorOf(1) is ' ' or '.') return false;
        for (var i = 1; i < count; i++)
        {
            if (read.LengthOf(i) < 2 && i < count - 1) return false;
        }
        return true;
    }

    // One piece: only forms that are mobile numbers in their countries.
    private static bool IsMobile(ReadOnlySpan<char> digits) => digits.Length switch
    {
        10 => digits[1] is '4' or '6' or '7',
        11 => digits[1] is '7' or '8' or '9' or '3' || digits[1] == '1' && digits[2] is '0' or '5' or '6' or '7',
        12 => digits[1] == '1' && digits[2] is '5' or '6' or '7',
        _ => false,
    };
}
