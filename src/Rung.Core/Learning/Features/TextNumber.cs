using System.Globalization;

namespace Rung.Core.Learning.Features;

/// <summary>A number found in a text.</summary>
/// <param name="Value">Its value as written, without its mark: 60 for <c>60%</c>.</param>
/// <param name="Start">Where its first digit, or its sign, is.</param>
/// <param name="End">Behind its last digit.</param>
/// <param name="Decimals">Digits behind the point.</param>
/// <param name="IsMoney">Whether a currency sign stands before it.</param>
/// <param name="IsPercent">Whether a percent sign stands behind it.</param>
internal readonly record struct TextNumber(double Value, int Start, int End, int Decimals, bool IsMoney, bool IsPercent)
{
    /// <summary>Longest number that is read, in characters; longer digit strings are no quantities.</summary>
    private const int MaxChars = 24;
    private static readonly double[] s_powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Every number of a text, in order: digits with thousands commas and a decimal point.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">At most so many.</param>
    public static List<TextNumber> Find(string text, int limit)
    {
        var found = new List<TextNumber>();
        for (var i = 0; i < text.Length && found.Count < limit;)
        {
            var digit = text.AsSpan(i).IndexOfAnyInRange('0', '9');
            if (digit < 0) break;
            i += digit;
            // ".5" begins with its point, unless that ends another number.
            if (digit > 0 && text[i - 1] == '.' && (i == 1 || !char.IsAsciiDigit(text[i - 2]))) i--;
            var end = EndOf(text, i, out var decimals);
            if (end - i <= MaxChars && TryValue(text.AsSpan(i, end - i), decimals, out var value))
            {
                var start = i;
                if (IsSigned(text, i))
                {
                    start--;
                    value = -value;
                }
                found.Add(new TextNumber(value, start, end, decimals, BehindCurrency(text, start), end < text.Length && text[end] == '%'));
            }
            i = end;
        }
        return found;
    }

    /// <summary>Whether two quantities are the same, up to the rounding of a computation.</summary>
    public static bool Same(double a, double b) => Math.Abs(a - b) <= 1e-6 * Math.Max(1, Math.Max(Math.Abs(a), Math.Abs(b)));

    private static int EndOf(string text, int start, out int decimals)
    {
        var i = start;
        while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        while (i + 3 < text.Length && text[i] == ',' && char.IsAsciiDigit(text[i + 1]) && char.IsAsciiDigit(text[i + 2]) && char.IsAsciiDigit(text[i + 3])
            && (i + 4 >= text.Length || !char.IsAsciiDigit(text[i + 4])))
        {
            i += 4;
        }
        var point = i;
        if (i + 1 < text.Length && text[i] == '.' && char.IsAsciiDigit(text[i + 1]))
        {
            i++;
            while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        }
        decimals = Math.Max(0, i - point - 1);
        return i;
    }

    // Up to fifteen digits and a power of ten below 10^22 are exact as doubles, so that one division rounds as the parser does
    // (W. D. Clinger, How to Read Floating Point Numbers Accurately, PLDI 1990).
    private static bool TryValue(ReadOnlySpan<char> digits, int decimals, out double value)
    {
        if (digits.Length > 15) return double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out value);
        long whole = 0;
        foreach (var c in digits)
        {
            if (char.IsAsciiDigit(c)) whole = (whole * 10) + (c - '0');
        }
        value = decimals == 0 ? whole : whole / s_powers[decimals];
        return true;
    }

    // A minus is a sign where nothing that could be subtracted from stands before it.
    private static bool IsSigned(string text, int at)
    {
        if (at == 0 || text[at - 1] is not ('-' or '\u2212')) return false;
        var before = at - 2;
        while (before >= 0 && text[before] is (' ' or '$')) before--;
        return before < 0 || !(char.IsLetterOrDigit(text[before]) || text[before] is ')' or '%' or '>' or '-');
    }

    private static bool BehindCurrency(string text, int start)
    {
        var before = start - 1;
        if (before >= 0 && text[before] == ' ') before--;
        return before >= 0 && text[before] is ('$' or '€' or '£');
    }
}
