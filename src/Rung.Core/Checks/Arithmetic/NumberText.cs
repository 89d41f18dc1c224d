namespace Rung.Core.Checks.Arithmetic;

/// <summary>Numbers as people write them: digits, thousands separators (<c>1,200</c>, LaTeX's <c>1{,}200</c>), a decimal point.</summary>
internal static class NumberText
{
    /// <summary>Length of the number that begins at a place, which is not inside a word or a number; 0 when none does.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var end = at + Digits(text[at..]);
        if (end > at)
        {
            for (var group = Group(text[end..]); end - at <= 60 && group > 0; group = Group(text[end..])) end += group;
        }
        if (end < text.Length && text[end] == '.' && Digits(text[(end + 1)..]) is > 0 and var decimals) end += 1 + decimals;
        return end - at;
    }

    /// <summary>The number without its separators.</summary>
    public static string Plain(ReadOnlySpan<char> number) => number.ToString().Replace("{,}", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);

    /// <summary>Digits at the start of a text; ASCII only.</summary>
    public static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    /// <summary>A separator and exactly three digits.</summary>
    private static int Group(ReadOnlySpan<char> text)
    {
        var mark = text.StartsWith("{,}") ? 3 : text.StartsWith(",") ? 1 : 0;
        return mark > 0 && Digits(text[mark..]) == 3 ? mark + 3 : 0;
    }
}
