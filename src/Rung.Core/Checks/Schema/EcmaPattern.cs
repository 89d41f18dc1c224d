using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rung.Core.Checks.Schema;

/// <summary>
/// Translates a pattern from ECMA-262 (with its <c>u</c> flag, as JSON Schema has it) to .NET's dialect. They look alike and differ in
/// what models trip over: <c>$</c> before a final line feed, <c>\d</c> for digits of every script, one emoji as two characters.
/// What has no exact counterpart is refused. One known gap: <c>\p{…}</c> sees no letters beyond U+FFFF.
/// </summary>
internal sealed partial class EcmaPattern
{
    private const string Pair = @"[\uD800-\uDBFF][\uDC00-\uDFFF]";
    private const string Halves = @"\uD800-\uDFFF";
    private const string LineEnds = @"\n\r\u2028\u2029";
    private const string Word = "A-Za-z0-9_";
    private const string Space = @"\t\n\x0B\f\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
    private const string NotDigit = @"\x00-\x2F\x3A-\uD7FF\uE000-\uFFFF";
    private const string NotWord = @"\x00-\x2F\x3A-\x40\x5B-\x5E\x60\x7B-\uD7FF\uE000-\uFFFF";
    private const string NotSpace =
        @"\x00-\x08\x0E-\x1F\x21-\x9F\xA1-\u167F\u1681-\u1FFF\u200B-\u2027\u202A-\u202E\u2030-\u205E\u2060-\u2FFF\u3001-\uD7FF\uE000-\uFEFE\uFF00-\uFFFF";
    private const string Boundary = $"(?:(?<=[{Word}])(?![{Word}])|(?<![{Word}])(?=[{Word}]))";
    private const string NoBoundary = $"(?:(?<=[{Word}])(?=[{Word}])|(?<![{Word}])(?![{Word}]))";

    /// <summary>The general categories of Unicode: .NET knows the short names only.</summary>
    private static readonly FrozenDictionary<string, string> Categories = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Letter"] = "L", ["Lowercase_Letter"] = "Ll", ["Uppercase_Letter"] = "Lu", ["Mark"] = "M", ["Number"] = "N", ["Decimal_Number"] = "Nd",
        ["digit"] = "Nd", ["Punctuation"] = "P", ["punct"] = "P", ["Symbol"] = "S", ["Separator"] = "Z", ["Other"] = "C", ["Space_Separator"] = "Zs",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly string source;
    private readonly StringBuilder translated = new();
    private int at;
    private string? fault;

    private EcmaPattern(string source) => this.source = source;

    /// <summary>Translates.</summary>
    /// <returns>The pattern in .NET's dialect, or null with the fault.</returns>
    public static string? Translate(string source, out string? fault)
    {
        var pattern = new EcmaPattern(source);
        while (pattern.at < source.Length && pattern.fault is null) pattern.Term();
        fault = pattern.fault is null ? null : $"The pattern {Excerpt.Of(source)} {pattern.fault}.";
        return fault is null ? pattern.translated.ToString() : null;
    }

    private void Term()
    {
        var next = source[at++];
        switch (next)
        {
            case '\\': translated.Append(Escape()); break;
            case '[': translated.Append(Class()); break;
            case '.': translated.Append($"(?:{Pair}|[^{LineEnds}{Halves}])"); break;
            case '$': translated.Append(@"\z"); break; // .NET's $ would also match before a final line feed.
            case '(': Group(); break;
            case '{': translated.Append(Quantifier().IsMatch(source.AsSpan(at - 1)) ? "{" : @"\{"); break;
            case ']': translated.Append(@"\]"); break;
            default: Literal(next); break;
        }
    }

    private void Literal(char next)
    {
        if (!char.IsHighSurrogate(next) || at >= source.Length || !char.IsLowSurrogate(source[at]))
        {
            translated.Append(next);
            return;
        }
        translated.Append($"(?:{next}{source[at++]})"); // So that a quantifier behind it repeats the whole character.
    }

    private void Group()
    {
        if (at < source.Length && source[at] == '?' && !GroupKind().IsMatch(source.AsSpan(at))) Refuse("has a group of a kind that ECMA-262 does not have");
        translated.Append('(');
    }

    /// <summary>An escape outside a class; the backslash has been read.</summary>
    private string Escape()
    {
        if (at >= source.Length) return Refuse("ends with a backslash");
        var letter = source[at++];
        switch (letter)
        {
            case 'd': return "[0-9]";
            case 'w': return $"[{Word}]";
            case 's': return $"[{Space}]";
            case 'D': return $"(?:{Pair}|[{NotDigit}])";
            case 'W': return $"(?:{Pair}|[{NotWord}])";
            case 'S': return $"(?:{Pair}|[{NotSpace}])";
            case 'b': return Boundary;
            case 'B': return NoBoundary;
            case 'p': return Property('p');
            case 'P': return $@"(?:{Pair}|[^{Property('p')}{Halves}])";
            case 'k': return @"\k";
            case >= '1' and <= '9': return $@"\{letter}";
            default:
                var rune = CharacterEscape(letter);
                return rune.IsBmp ? Unit(rune.Value) : $"(?:{rune})";
        }
    }

    /// <summary>An escape that stands for one character; its letter has been read.</summary>
    private Rune CharacterEscape(char letter)
    {
        switch (letter)
        {
            case 't': return new Rune('\t');
            case 'n': return new Rune('\n');
            case 'v': return new Rune('\v');
            case 'f': return new Rune('\f');
            case 'r': return new Rune('\r');
            case '0' when at >= source.Length || !char.IsAsciiDigit(source[at]): return new Rune('\0');
            case 'c' when at < source.Length && char.IsAsciiLetter(source[at]): return new Rune(source[at++] % 32);
            case 'x': return Hex(2);
            case 'u': return UnicodeEscape();
            default:
                if (char.IsAsciiLetterOrDigit(letter) || char.IsSurrogate(letter)) Refuse($@"has the escape \{letter}, which ECMA-262 does not have");
                return char.IsSurrogate(letter) ? Rune.ReplacementChar : new Rune(letter);
        }
    }

    private Rune UnicodeEscape()
    {
        if (at < source.Length && source[at] == '{') return BracedEscape();
        var pair = SurrogatePair().Match(source, at, Math.Min(10, source.Length - at));
        if (!pair.Success) return Hex(4);
        at += pair.Length;
        return new Rune((char)Convert.ToUInt16(pair.Groups[1].Value, 16), (char)Convert.ToUInt16(pair.Groups[2].Value, 16));
    }

    private Rune BracedEscape()
    {
        var digits = source.AsSpan(at + 1, Math.Max(0, source.IndexOf('}', at) - at - 1));
        if (int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value))
        {
            at += digits.Length + 2;
            return new Rune(value);
        }
        Refuse(@"has a \u{…} that is no character");
        return Rune.ReplacementChar;
    }

    private Rune Hex(int digits)
    {
        if (at + digits <= source.Length
            && int.TryParse(source.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && Rune.IsValid(value))
        {
            at += digits;
            return new Rune(value);
        }
        Refuse($"has an escape that needs {digits} hexadecimal digits of a whole character");
        return Rune.ReplacementChar;
    }

    private string Property(char letter)
    {
        var name = PropertyName().Match(source, at, source.Length - at);
        if (!name.Success) return Refuse(@"has a \p without a property name");
        at += name.Length;
        var category = Categories.GetValueOrDefault(name.Groups[1].Value, name.Groups[1].Value);
        return category.Length <= 2 ? $@"\{letter}{{{category}}}" : Refuse($@"uses the Unicode property {Excerpt.Of(category)}, which is not supported");
    }

    private static string Unit(int value) => string.Create(CultureInfo.InvariantCulture, $@"\u{value:X4}");

    private string Refuse(string reason)
    {
        fault ??= reason;
        at = source.Length;
        return "";
    }

    [GeneratedRegex(@"^\{[0-9]+(,[0-9]*)?\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Quantifier();

    [GeneratedRegex(@"^\?(:|=|!|<=|<!|<[A-Za-z_$][A-Za-z0-9_$]*>)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex GroupKind();

    [GeneratedRegex(@"\G([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex SurrogatePair();

    [GeneratedRegex(@"\G\{(?:gc=|General_Category=)?([A-Za-z_]+)\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex PropertyName();
}
