using System.Buffers;

namespace Rung.Control.Audit.Traits;

/// <summary>Numbers that stand for people and accounts: cards, bank accounts, telephones, social security numbers.</summary>
internal static class DigitSigns
{
    private const int MostDigits = 34, MostRuns = 2_000;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    /// <summary>The signs in a text.</summary>
    public static DataSigns In(ReadOnlySpan<char> text)
    {
        var signs = DataSigns.None;
        Span<char> digits = stackalloc char[MostDigits];
        Span<byte> groups = stackalloc byte[MostDigits];
        var from = 0;
        for (var runs = 0; runs < MostRuns && from < text.Length; runs++)
        {
            var found = text[from..].IndexOfAny(Digits);
            if (found < 0) break;
            var start = from + found;
            if (IsAccount(text, start, out var end))
            {
                signs |= DataSigns.BankAccount;
                from = end;
                continue;
            }
            var run = Run(text, start, digits, groups);
            from = run.End;
            var isPartOfWord = (start > 0 && char.IsLetter(text[start - 1])) || (run.End < text.Length && char.IsLetter(text[run.End]));
            if (run.Digits < 8 || run.Digits > 19 || isPartOfWord) continue;
            var before = start > 0 ? text[start - 1] : ' ';
            signs |= Kind(digits[..run.Digits], groups[..run.Groups], run.Separator, before);
        }
        return signs;
    }

    private static DataSigns Kind(ReadOnlySpan<char> digits, ReadOnlySpan<byte> groups, char separator, char before)
    {
        if (IsCard(digits, groups, separator)) return DataSigns.Card;
        if (separator == '-' && groups is [3, 2, 4] && IsSocialSecurity(digits)) return DataSigns.NationalId;
        if (before == '+' && digits.Length <= 15) return DataSigns.Phone;
        // North American numbers; others without a leading plus look like too many other figures.
        if (digits.Length == 10 && groups is [3, 3, 4] && digits[0] >= '2' && digits[3] >= '2') return DataSigns.Phone;
        if (digits.Length == 11 && groups is [1, 3, 3, 4] && digits[0] == '1') return DataSigns.Phone;
        return DataSigns.None;
    }

    /// <summary>Digits from a place on, with single blanks, dashes, dots or a closing bracket between them.</summary>
    private static (int End, int Digits, int Groups, char Separator) Run(ReadOnlySpan<char> text, int start, Span<char> digits, Span<byte> groups)
    {
        var (count, inGroup, group, separator) = (0, 0, 0, '\0');
        var at = start;
        while (at < text.Length && count < digits.Length)
        {
            if (char.IsAsciiDigit(text[at]))
            {
                digits[count++] = text[at++];
                inGroup++;
                continue;
            }
            var width = Separator(text, at);
            if (width == 0) break;
            // Separators that change make several numbers of it, except after a bracket: (555) 123-4567.
            if (separator is not ('\0' or ')') && separator != text[at]) break;
            separator = text[at];
            groups[group++] = (byte)inGroup;
            inGroup = 0;
            at += width;
        }
        if (count == digits.Length)
        {
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        }
        groups[Math.Min(group, groups.Length - 1)] = (byte)inGroup;
        return (at, count, Math.Min(group + 1, groups.Length), separator);
    }

    private static int Separator(ReadOnlySpan<char> text, int at)
    {
        if (text[at] is not (' ' or '-' or '.' or ')')) return 0;
        var width = text[at] == ')' && at + 1 < text.Length && text[at + 1] == ' ' ? 2 : 1;
        return at + width < text.Length && char.IsAsciiDigit(text[at + width]) ? width : 0;
    }

    /// <summary>Length and first digits of the large issuers, groups as they are printed, and the check digit by Luhn (ISO/IEC 7812-1).</summary>
    private static bool IsCard(ReadOnlySpan<char> digits, ReadOnlySpan<byte> groups, char separator)
    {
        var two = ((digits[0] - '0') * 10) + digits[1] - '0';
        var isIssued = digits.Length switch
        {
            15 => two is 34 or 37,
            16 => digits[0] == '4' || two is (>= 51 and <= 55) or (>= 22 and <= 27) or 35 or 36 or 60 or 62 or 64 or 65,
            13 or 19 => digits[0] == '4',
            14 => two is 36 or 38 or 30,
            _ => false,
        };
        if (!isIssued) return false;
        var isPrinted = groups.Length == 1 || (separator is ' ' or '-' && groups is [4, 4, 4, 4] or [4, 6, 5] or [4, 6, 4]);
        return isPrinted && Luhn(digits);
    }

    private static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            if (i % 2 == 1 && (digit *= 2) > 9) digit -= 9;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    /// <summary>Numbers that the Social Security Administration has never given out are none.</summary>
    private static bool IsSocialSecurity(ReadOnlySpan<char> digits)
    {
        var area = digits[..3];
        return !area.SequenceEqual("000") && !area.SequenceEqual("666") && area[0] != '9' && !digits[3..5].SequenceEqual("00") && !digits[5..].SequenceEqual("0000");
    }

    /// <summary>Two capitals, two check digits, 11 to 30 more signs, in one piece or in fours, remainder 1 modulo 97 (ISO 13616, ISO 7064 MOD 97-10).</summary>
    private static bool IsAccount(ReadOnlySpan<char> text, int digit, out int end)
    {
        end = digit;
        if (digit < 2 || !char.IsAsciiLetterUpper(text[digit - 1]) || !char.IsAsciiLetterUpper(text[digit - 2])) return false;
        if (digit > 2 && char.IsLetterOrDigit(text[digit - 3])) return false;
        if (digit + 1 >= text.Length || !char.IsAsciiDigit(text[digit + 1])) return false;
        Span<char> account = stackalloc char[MostDigits];
        var (count, at) = (0, digit - 2);
        while (at < text.Length && count < MostDigits)
        {
            if (char.IsAsciiLetterUpper(text[at]) || char.IsAsciiDigit(text[at])) account[count++] = text[at++];
            else if (text[at] == ' ' && count % 4 == 0 && at + 1 < text.Length && (char.IsAsciiLetterUpper(text[at + 1]) || char.IsAsciiDigit(text[at + 1]))) at++;
            else break;
            // Text may follow in capitals: every length from the shortest on is tried.
            if (count >= 15 && (at == text.Length || !char.IsLetterOrDigit(text[at])) && Remainder(account[..count]) == 1)
            {
                end = at;
                return true;
            }
        }
        return false;
    }

    private static int Remainder(ReadOnlySpan<char> account)
    {
        var remainder = 0;
        for (var i = 0; i < account.Length; i++)
        {
            var c = account[(i + 4) % account.Length];
            remainder = char.IsAsciiDigit(c) ? ((remainder * 10) + c - '0') % 97 : ((remainder * 100) + c - 'A' + 10) % 97;
        }
        return remainder;
    }
}
