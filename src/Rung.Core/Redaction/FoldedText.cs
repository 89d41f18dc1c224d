using System.Globalization;

namespace Rung.Core.Redaction;

/// <summary>
/// A text as the finders look at it: dashes, spaces and digits of any script are the plain ones, full-width letters are narrow, invisible characters are
/// gone, escapes (<c>\u0073</c>, <c>\n</c>, <c>&amp;#64;</c>) stand for what they mean. Knows where each unit came from.
/// </summary>
internal sealed class FoldedText
{
    private static readonly (string Name, char Meaning)[] s_named =
        [("&commat;", '@'), ("&period;", '.'), ("&plus;", '+'), ("&lowbar;", '_'), ("&hyphen;", '-'), ("&dash;", '-'), ("&nbsp;", ' '), ("&shy;", '\u00AD'), ("&quot;", '"'), ("&colon;", ':')];

    private readonly char[] units;
    private readonly int length;
    private readonly int[]? origins; // Null: every unit stands where it stood.
    private readonly int end;

    private FoldedText(char[] units, int length, int[]? origins, int end)
    {
        this.units = units;
        this.length = length;
        this.origins = origins;
        this.end = end;
    }

    /// <summary>The folded text.</summary>
    public ReadOnlySpan<char> Span => units.AsSpan(0, length);

    /// <summary>Folds a text.</summary>
    public static FoldedText Of(string text)
    {
        if (IsPlain(text)) return new FoldedText(text.ToCharArray(), text.Length, null, text.Length);
        var units = new char[text.Length];
        var origins = new int[text.Length + 1];
        var length = 0;
        for (var i = 0; i < text.Length;)
        {
            var taken = Decode(text, i, out var unit);
            unit = Fold(unit);
            if (unit != '\0')
            {
                origins[length] = i;
                units[length++] = unit;
            }
            i += taken;
        }
        origins[length] = text.Length;
        return new FoldedText(units, length, origins, text.Length);
    }

    /// <summary>The same text without its line breaks; null when there is none between two characters that are no space.</summary>
    /// <param name="joins">The places at which something was left out, in order.</param>
    public FoldedText? Joined(out List<int> joins)
    {
        joins = [];
        var span = Span;
        if (span.IndexOfAny('\n', '\r') < 0) return null;
        var joined = new char[length];
        var from = new int[length + 1];
        var count = 0;
        for (var i = 0; i < length;)
        {
            if (span[i] is not ('\n' or '\r'))
            {
                from[count] = Origin(i);
                joined[count++] = span[i++];
                continue;
            }
            var next = i;
            while (next < length && span[next] is '\n' or '\r' or ' ' or '\t') next++;
            if (count > 0 && next < length && !char.IsWhiteSpace(joined[count - 1]) && !BeginsItem(span[next..]))
            {
                joins.Add(count);
                i = next;
            }
            else
            {
                from[count] = Origin(i);
                joined[count++] = span[i++];
            }
        }
        from[count] = end;
        return joins.Count == 0 ? null : new FoldedText(joined, count, from, end);
    }

    /// <summary>Where a unit stands in the text that was folded.</summary>
    public int Origin(int index) => origins is null ? index : index >= length ? end : origins[index];

    /// <summary>Where a piece stands in the text that was folded: invisible characters behind its last unit are not part of it.</summary>
    public Blot Original(in Blot found)
    {
        var start = Origin(found.Start);
        return origins is null ? found : found with { Start = start, End = found.End >= length ? end : Math.Max(Origin(found.End), start + 1) };
    }

    // 2. An item of a list, or a quoted line: what stands before it has ended.
    private static bool BeginsItem(ReadOnlySpan<char> line)
    {
        var digits = 0;
        while (digits < line.Length && digits < 3 && char.IsAsciiDigit(line[digits])) digits++;
        var rest = line[digits..];
        return digits > 0 ? rest is ['.' or ')', ' ', ..] : rest is ['-' or '*' or '>' or '|' or '#', ' ', ..];
    }

    private static bool IsPlain(string text)
    {
        foreach (var unit in text)
        {
            if (unit > '~' || unit is '\\' or '&' or '%') return false;
        }
        return true;
    }

    private static int Decode(string text, int at, out char unit)
    {
        unit = text[at];
        if (unit == '\\' && at + 1 < text.Length) return Escape(text, at, ref unit);
        if (unit == '&' && at + 3 < text.Length) return text[at + 1] == '#' ? Entity(text, at, ref unit) : Named(text.AsSpan(at), ref unit);
        if (unit != '%') return 1;
        var rest = text.AsSpan(at);
        if (rest.StartsWith("%2B", StringComparison.OrdinalIgnoreCase)) unit = '+';
        else if (rest.StartsWith("%2540", StringComparison.Ordinal)) unit = '@';
        return unit == '+' ? 3 : unit == '@' ? 5 : 1;
    }

    private static int Escape(string text, int at, ref char unit)
    {
        switch (text[at + 1])
        {
            case 'u' when at + 6 <= text.Length && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                unit = (char)code;
                return 6;
            case 'x' when at + 4 <= text.Length && byte.TryParse(text.AsSpan(at + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var small):
                unit = (char)small;
                return 4;
            case 'n' or 'r':
                unit = '\n';
                return 2;
            case '/' or '"' or '\'':
                unit = text[at + 1];
                return 2;
            default:
                return 1;
        }
    }

    private static int Entity(string text, int at, ref char unit)
    {
        var semicolon = text.IndexOf(';', at, Math.Min(8, text.Length - at));
        if (semicolon < 0) return 1;
        var digits = text.AsSpan(at + 2, semicolon - at - 2);
        var isHex = digits is ['x' or 'X', ..];
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        if (!ushort.TryParse(isHex ? digits[1..] : digits, style, CultureInfo.InvariantCulture, out var code) || code == 0) return 1;
        unit = (char)code;
        return semicolon - at + 1;
    }

    // Signs that addresses and numbers are hidden behind.
    private static int Named(ReadOnlySpan<char> text, ref char unit)
    {
        foreach (var (name, meaning) in s_named)
        {
            if (!text.StartsWith(name, StringComparison.Ordinal)) continue;
            unit = meaning;
            return name.Length;
        }
        return 1;
    }

    // '\0' for what is left out.
    private static char Fold(char unit)
    {
        if (unit is > '\0' and <= '~') return unit;
        return unit switch
        {
            '\0' or '\u00AD' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2064') or '\uFEFF' => '\0',
            (>= '\u2010' and <= '\u2015') or '\u2212' or '\uFE58' or '\uFE63' => '-',
            '\u2028' or '\u2029' or '\u0085' => '\n',
            >= '\uFF01' and <= '\uFF5E' => (char)(unit - 0xFEE0),
            '\u2044' or '\u2215' => '/',
            '\u2024' or '\u3002' => '.',
            '\u2018' or '\u2019' => '\'',
            '\u201C' or '\u201D' or '\u00AB' or '\u00BB' => '"',
            _ when char.IsWhiteSpace(unit) => ' ',
            _ when char.IsDigit(unit) => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(unit)),
            _ => unit,
        };
    }
}
