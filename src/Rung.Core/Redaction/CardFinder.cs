namespace Rung.Core.Redaction;

/// <summary>
/// Numbers of payment cards: 13 to 19 digits of a known range and length, with a right check digit, together or in groups.
/// </summary>
/// <remarks>Check digit: H. P. Luhn, US patent 2,950,048 (1960); ISO/IEC 7812-1. Ranges as the schemes publish them.</remarks>
internal static class CardFinder
{
    private const string Kind = "card";
    private const int MostGroups = 19;

    public static void Find(ReadOnlySpan<char> text, List<Blot> found)
    {
        Span<Group> groups = stackalloc Group[64];
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsAsciiDigit(text[at]))
            {
                at++;
                continue;
            }
            var count = Run(text, ref at, groups);
            if (count > 0) InRun(text, groups[..count], found);
        }
    }

    // Reads groups of digits with one to three separators between two. Behind it, at stands behind the run, or behind as many groups as fit.
    private static int Run(ReadOnlySpan<char> text, ref int at, Span<Group> groups)
    {
        var count = 0;
        while (count < groups.Length)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            groups[count++] = new Group(start, at);
            var next = at;
            while (next < text.Length && next - at < 3 && IsSeparator(text[next])) next++;
            if (next == at || next >= text.Length || !char.IsAsciiDigit(text[next])) break;
            at = next;
        }
        return count;
    }

    private static bool IsSeparator(char unit) => unit is ' ' or '-' or '.' or '_' or '\t' or '\n' or '\r' or '*' or '/' or '\\' or '\'';

    private static void InRun(ReadOnlySpan<char> text, ReadOnlySpan<Group> groups, List<Blot> found)
    {
        Span<byte> digits = stackalloc byte[19];
        for (var first = 0; first < groups.Length; first++)
        {
            if (IsGlued(text, groups[first].Start - 1) && !IsNamed(text[..groups[first].Start])) continue;
            var length = 0;
            for (var last = first; last < groups.Length && last - first < MostGroups; last++)
            {
                var group = groups[last];
                if (length + group.Length > digits.Length) break;
                for (var i = group.Start; i < group.End; i++) digits[length++] = (byte)(text[i] - '0');
                if (length < 13 || IsGlued(text, group.End)) continue;
                var isWhole = first == 0 && last == groups.Length - 1;
                if (!IsCard(digits[..length], isGrouped: last > first) || !isWhole && !IsRegular(groups[first..(last + 1)])) continue;
                found.Add(new Blot(groups[first].Start, group.End, Kind));
                first = last;
                break;
            }
        }
    }

    // Part of a word or of a longer name: no number of its own.
    private static bool IsGlued(ReadOnlySpan<char> text, int at) => at >= 0 && at < text.Length && char.IsLetterOrDigit(text[at]);

    // Visa4111…: glued to the name of what it is; %B4111…: as the magnetic stripe has it (ISO/IEC 7813).
    private static bool IsNamed(ReadOnlySpan<char> before) => before.EndsWith("%B", StringComparison.Ordinal) || before.EndsWith("visa", StringComparison.OrdinalIgnoreCase) || before.EndsWith("card", StringComparison.OrdinalIgnoreCase)
        || before.EndsWith("maestro", StringComparison.OrdinalIgnoreCase) || before.EndsWith("amex", StringComparison.OrdinalIgnoreCase) || before.EndsWith("karte", StringComparison.OrdinalIgnoreCase);

    // One piece; or all groups as long as the first, but for a shorter last one; or 4-6-5 and 4-6-4, as on the cards that have them.
    private static bool IsRegular(ReadOnlySpan<Group> groups)
    {
        if (groups.Length == 3 && groups[0].Length == 4 && groups[1].Length == 6) return true;
        if (groups.Length > 1 && groups[0].Length is not (1 or 2 or 4 or 8)) return false;
        for (var i = 1; i < groups.Length; i++)
        {
            if (groups[i].Length != groups[0].Length && (i < groups.Length - 1 || groups[i].Length > groups[0].Length)) return false;
        }
        return true;
    }

    private static bool IsCard(ReadOnlySpan<byte> digits, bool isGrouped) => IsIssued(digits, isGrouped) && HasCheckDigit(digits);

    private static bool IsIssued(ReadOnlySpan<byte> digits, bool isGrouped)
    {
        var two = digits[0] * 10 + digits[1];
        var four = two * 100 + digits[2] * 10 + digits[3];
        var length = digits.Length;
        return digits[0] switch
        {
            4 => length is 16 or 19 || length == 13 && isGrouped, // Thirteen together is the number of an article more often than an old card.
            5 => two is >= 51 and <= 55 ? length == 16 : length >= 16,
            2 => four is >= 2221 and <= 2720 ? length == 16 : four is >= 2200 and <= 2205 && length >= 16,
            3 => two is 34 or 37 ? length == 15 : four is >= 3528 and <= 3589 ? length >= 16 : (two is 36 or 38 or 39 || four / 10 is >= 300 and <= 305 || four / 10 == 309) && length is 14 or 16 or 19,
            6 => length >= 16,
            8 => two is 81 or 82 && length == 16,
            9 => four == 9792 && length == 16,
            _ => false,
        };
    }

    private static bool HasCheckDigit(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            int digit = digits[digits.Length - 1 - i];
            if (i % 2 == 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
            sum += digit;
        }
        return sum % 10 == 0;
    }

    private readonly record struct Group(int Start, int End)
    {
        public int Length => End - Start;
    }
}
