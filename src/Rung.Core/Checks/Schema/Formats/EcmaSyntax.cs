using System.Globalization;
using System.Text;

namespace Rung.Core.Checks.Schema.Formats;

/// <summary>
/// <c>regex</c>: whether a text is a pattern of ECMA-262 (the grammar of its section 22.2.1, with or without the <c>u</c> flag, without the browsers' leniencies of
/// annex B, so that <c>\a</c> and a lone <c>{</c> are faults). One pass, no recursion. A name given to two groups is refused.
/// </summary>
internal ref partial struct EcmaSyntax
{
    private readonly ReadOnlySpan<char> source;
    private readonly Stack<bool> groups = new(); // For each open group whether it may be repeated; look-around may not.
    private HashSet<string>? names;
    private HashSet<string>? namesReferred;
    private int at;
    private int groupCount;
    private int greatestReference;
    private bool mayRepeat;

    private EcmaSyntax(ReadOnlySpan<char> source) => this.source = source;

    /// <summary>Whether the text is a pattern.</summary>
    internal static bool IsPattern(ReadOnlySpan<char> text)
    {
        var syntax = new EcmaSyntax(text);
        while (syntax.at < text.Length)
        {
            if (!syntax.Term()) return false;
        }
        var knowsNames = syntax.namesReferred is null || syntax.namesReferred.IsSubsetOf(syntax.names ?? []);
        return syntax.groups.Count == 0 && syntax.greatestReference <= syntax.groupCount && knowsNames;
    }

    private readonly char Next => at < source.Length ? source[at] : '\0';

    private bool Term()
    {
        var character = source[at++];
        switch (character)
        {
            case '^' or '$' or '|': mayRepeat = false; return true;
            case '(': return OpenGroup();
            case ')': return groups.TryPop(out mayRepeat);
            case '*' or '+' or '?': return Repeat();
            case '{': return Counts() && Repeat();
            case '}' or ']': return false;
            case '[': mayRepeat = true; return Class();
            case '\\': return Escape();
            default: mayRepeat = true; return true;
        }
    }

    private bool Repeat()
    {
        if (!mayRepeat) return false;
        TrySkip('?');
        mayRepeat = false;
        return true;
    }

    /// <summary><c>2}</c>, <c>2,}</c>, <c>2,3}</c>: not in reverse order.</summary>
    private bool Counts()
    {
        if (!TryDigits(out var least)) return false;
        if (TrySkip('}')) return true;
        if (!TrySkip(',')) return false;
        if (TrySkip('}')) return true;
        if (!TryDigits(out var most) || !TrySkip('}')) return false;
        return least.Length != most.Length ? least.Length < most.Length : least.SequenceCompareTo(most) <= 0;
    }

    private bool OpenGroup()
    {
        mayRepeat = false;
        if (!TrySkip('?'))
        {
            groupCount++;
            groups.Push(true);
            return true;
        }
        var isLookAround = Next is '=' or '!' || (Next == '<' && at + 1 < source.Length && source[at + 1] is '=' or '!');
        if (isLookAround) at += Next == '<' ? 2 : 1;
        groups.Push(!isLookAround);
        if (isLookAround || TrySkip(':')) return true;
        if (!TrySkip('<')) return Modifiers();

        groupCount++;
        return TryName(out var name) && (names ??= []).Add(name);
    }

    /// <summary><c>i:</c>, <c>i-m:</c>, <c>-s:</c>: each flag once, and at least one.</summary>
    private bool Modifiers()
    {
        var seen = "";
        var hasMinus = false;
        for (; Next is 'i' or 'm' or 's' or '-'; at++)
        {
            if (Next == '-' ? hasMinus : seen.Contains(Next)) return false;
            if (Next == '-') hasMinus = true;
            else seen += Next;
        }
        return seen.Length > 0 && TrySkip(':');
    }

    /// <summary>An escape outside a class; the backslash has been read.</summary>
    private bool Escape()
    {
        mayRepeat = true;
        switch (Next)
        {
            case 'b' or 'B':
                at++;
                mayRepeat = false;
                return true;
            case 'k':
                at++;
                if (!TrySkip('<') || !TryName(out var name)) return false;
                (namesReferred ??= []).Add(name);
                return true;
            case >= '1' and <= '9':
                TryDigits(out var digits);
                greatestReference = Math.Max(greatestReference, digits.Length > 6 ? int.MaxValue : int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
                return true;
            default:
                return TrySet(out var isGood) ? isGood : TryCharacterEscape(out _);
        }
    }

    private bool TryDigits(out ReadOnlySpan<char> digits)
    {
        var start = at;
        while (char.IsAsciiDigit(Next)) at++;
        digits = source[start..at];
        if (digits.IsEmpty) return false;
        digits = digits.TrimStart('0');
        return true;
    }

    private bool TryName(out string name)
    {
        name = "";
        var end = source[at..].IndexOf('>');
        if (end <= 0) return false;
        var isFirst = true;
        foreach (var rune in source.Slice(at, end).EnumerateRunes())
        {
            if (rune.Value != '$' && !(isFirst ? IsIdentifierStart(rune) : IsIdentifierPart(rune))) return false;
            isFirst = false;
        }
        name = source.Slice(at, end).ToString();
        at += end + 1;
        return true;
    }

    private static bool IsIdentifierStart(Rune rune) => rune.Value == '_' || Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.LetterNumber;

    private static bool IsIdentifierPart(Rune rune) => IsIdentifierStart(rune) || rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private bool TrySkip(char character)
    {
        if (at >= source.Length || source[at] != character) return false;
        at++;
        return true;
    }
}
