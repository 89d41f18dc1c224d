using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Rung.Core.Redaction;

/// <summary>Groups of digits that may be one telephone number, from where it may begin: brackets, a plus, and separators of at most three characters.</summary>
internal struct PhoneGroups
{
    private const int Most = 8;
    private const int MostDigits = 24;

    private Starts starts;
    private Starts ends;
    private Starts digitsBefore;
    private Letters digits;
    private Letters separators;
    private int total;

    public PhoneGroups(ReadOnlySpan<char> text, int at)
    {
        var length = 0;
        if (text[at] == '+') at++;
        while (Count < Most && length < MostDigits)
        {
            var next = at;
            var bracket = false;
            while (next < text.Length && next - at < 3 && IsSeparator(text[next]))
            {
                if (Count == 0 && text[next] != '(') return;
                bracket |= text[next] == '(';
                next++;
            }
            if (next >= text.Length || !char.IsAsciiDigit(text[next]) || Count > 0 && next == at && text[at - 1] != ')') return;
            separators[Count] = next == at ? '\0' : text[at];
            starts[Count] = next;
            digitsBefore[Count] = length;
            while (next < text.Length && char.IsAsciiDigit(text[next]) && length < MostDigits) digits[length++] = text[next++];
            ends[Count] = next;
            if (bracket && next < text.Length && text[next] == ')')
            {
                HasArea |= Count == 0 ? next - starts[0] >= 2 && !IsYear(text[starts[0]..next]) : Count == 1 && digitsBefore[1] == 1;
                next++;
                ends[Count] = next;
            }
            Count++;
            total = length;
            at = next;
        }
    }

    /// <summary>Groups.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it begins with an area code in brackets, or has one behind a trunk digit.</summary>
    public bool HasArea { get; private set; }

    /// <summary>Where the first so many groups end.</summary>
    public readonly int EndOf(int count) => ends[count - 1];

    /// <summary>How many digits they have.</summary>
    public readonly int DigitsOf(int count) => digitsBefore[count - 1] + LengthOf(count - 1);

    /// <summary>How many digits a group has.</summary>
    public readonly int LengthOf(int group) => group >= Count ? 0 : (group + 1 < Count ? digitsBefore[group + 1] : total) - digitsBefore[group];

    /// <summary>The first character between a group and the one before; NUL when there is none.</summary>
    public readonly char SeparatorOf(int group) => separators[group];

    /// <summary>The digits of the first so many groups.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<char> Digits(int count) => ((ReadOnlySpan<char>)digits)[..DigitsOf(count)];

    /// <summary>Whether the groups are so long.</summary>
    public readonly bool Is(int count, params ReadOnlySpan<int> lengths)
    {
        if (count != lengths.Length) return false;
        for (var i = 0; i < count; i++)
        {
            if (LengthOf(i) != lengths[i]) return false;
        }
        return true;
    }

    /// <summary>Whether they begin with a date: 01.02.2024, 2024-02-01, 01-02-24.</summary>
    public readonly bool IsDate(int count)
    {
        if (count < 3 || SeparatorOf(1) != SeparatorOf(2)) return false;
        var all = (ReadOnlySpan<char>)digits;
        if (LengthOf(0) == 4 && LengthOf(1) == 2 && LengthOf(2) == 2) return all[0] is '1' or '2' && Two(all[4..]) <= 12 && Two(all[6..]) <= 31;
        if (LengthOf(0) != 2 || LengthOf(1) != 2) return false;
        var (first, second) = (Two(all), Two(all[2..]));
        if (!(first is >= 1 and <= 31 && second is >= 1 and <= 31 && Math.Min(first, second) <= 12)) return false;
        return LengthOf(2) == 4 ? all[4] is '1' or '2' : LengthOf(2) == 2 && count is 3 or 4 or 5 && SeparatorOf(1) is '-' or '.' or '/' && (count < 5 || SeparatorOf(3) != SeparatorOf(1));
    }

    private static bool IsYear(ReadOnlySpan<char> digits) => digits.Length == 4 && digits[..2] is "19" or "20";

    private static int Two(ReadOnlySpan<char> digits) => (digits[0] - '0') * 10 + digits[1] - '0';

    private static bool IsSeparator(char unit) => unit is ' ' or '-' or '.' or '/' or '(' or ')';

    [InlineArray(Most)]
    private struct Starts
    {
        private int first;
    }

    [InlineArray(MostDigits)]
    private struct Letters
    {
        private char first;
    }
}
