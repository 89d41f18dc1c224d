using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Rung.Core.Checks.Schema.Formats;

/// <summary>Classes, and the escapes that may stand inside and outside of them.</summary>
internal ref partial struct EcmaSyntax
{
    /// <summary>The general categories, and the binary properties of table 69 of ECMA-262, short and long.</summary>
    private static readonly FrozenSet<string> Categories = FrozenSet.ToFrozenSet(
        ("C Other Cc Control cntrl Cf Format Cn Unassigned Co Private_Use Cs Surrogate L Letter LC Cased_Letter Ll Lowercase_Letter Lm Modifier_Letter Lo Other_Letter " +
         "Lt Titlecase_Letter Lu Uppercase_Letter M Mark Combining_Mark Mc Spacing_Mark Me Enclosing_Mark Mn Nonspacing_Mark N Number Nd Decimal_Number digit Nl " +
         "Letter_Number No Other_Number P Punctuation punct Pc Connector_Punctuation Pd Dash_Punctuation Pe Close_Punctuation Pf Final_Punctuation Pi " +
         "Initial_Punctuation Po Other_Punctuation Ps Open_Punctuation S Symbol Sc Currency_Symbol Sk Modifier_Symbol Sm Math_Symbol So Other_Symbol Z Separator Zl " +
         "Line_Separator Zp Paragraph_Separator Zs Space_Separator").Split(' '), StringComparer.Ordinal);

    private static readonly FrozenSet<string> Properties = FrozenSet.ToFrozenSet(
        ("Any Assigned ASCII ASCII_Hex_Digit AHex Alphabetic Alpha Bidi_Control Bidi_C Bidi_Mirrored Bidi_M Case_Ignorable CI Cased Changes_When_Casefolded CWCF " +
         "Changes_When_Casemapped CWCM Changes_When_Lowercased CWL Changes_When_NFKC_Casefolded CWKCF Changes_When_Titlecased CWT Changes_When_Uppercased CWU Dash " +
         "Default_Ignorable_Code_Point DI Deprecated Dep Diacritic Dia Emoji Emoji_Component EComp Emoji_Modifier EMod Emoji_Modifier_Base EBase Emoji_Presentation " +
         "EPres Extended_Pictographic ExtPict Extender Ext Grapheme_Base Gr_Base Grapheme_Extend Gr_Ext Hex_Digit Hex IDS_Binary_Operator IDSB IDS_Trinary_Operator " +
         "IDST ID_Continue IDC ID_Start IDS Ideographic Ideo Join_Control Join_C Logical_Order_Exception LOE Lowercase Lower Math Noncharacter_Code_Point NChar " +
         "Pattern_Syntax Pat_Syn Pattern_White_Space Pat_WS Quotation_Mark QMark Radical Regional_Indicator RI Sentence_Terminal STerm Soft_Dotted SD " +
         "Terminal_Punctuation Term Unified_Ideograph UIdeo Uppercase Upper Variation_Selector VS White_Space space XID_Continue XIDC XID_Start XIDS").Split(' '),
        StringComparer.Ordinal);

    /// <summary>A class; its opening bracket has been read.</summary>
    private bool Class()
    {
        TrySkip('^');
        while (at < source.Length)
        {
            if (TrySkip(']')) return true;
            if (!ClassAtom(out var first)) return false;
            if (Next != '-' || at + 1 >= source.Length || source[at + 1] == ']') continue;

            at++;
            if (!ClassAtom(out var last)) return false;
            if (first < 0 || last < 0 || first > last) return false; // A set is no end of a range.
        }
        return false;
    }

    /// <summary>One member of a class; a set such as <c>\d</c> has no character (-1).</summary>
    private bool ClassAtom(out int character)
    {
        character = -1;
        if (!TrySkip('\\'))
        {
            character = TakeRune().Value;
            return true;
        }
        if (TrySet(out var isGood)) return isGood;
        if (Next is 'b' or '-' && at < source.Length)
        {
            character = source[at++] == 'b' ? '\b' : '-';
            return true;
        }
        return TryCharacterEscape(out character);
    }

    /// <summary>A set; false when there is none here.</summary>
    private bool TrySet(out bool isGood)
    {
        isGood = true;
        switch (Next)
        {
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S':
                at++;
                return true;
            case 'p' or 'P':
                at++;
                isGood = Property();
                return true;
            default:
                return false;
        }
    }

    /// <summary><c>{Lu}</c>, <c>{Script=Greek}</c>. Scripts are taken by the form of their name: Unicode adds some every year.</summary>
    private bool Property()
    {
        if (!TrySkip('{')) return false;
        var end = source[at..].IndexOf('}');
        if (end <= 0) return false;
        var text = source.Slice(at, end);
        at += end + 1;
        var sign = text.IndexOf('=');
        if (sign < 0) return IsOneOf(Categories, text) || IsOneOf(Properties, text);

        var value = text[(sign + 1)..];
        return text[..sign] switch
        {
            "General_Category" or "gc" => IsOneOf(Categories, value),
            "Script" or "sc" or "Script_Extensions" or "scx" => IsScriptName(value),
            _ => false,
        };
    }

    private static bool IsOneOf(FrozenSet<string> names, ReadOnlySpan<char> name) => names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);

    private static bool IsScriptName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || !char.IsAsciiLetterUpper(name[0])) return false;
        foreach (var character in name)
        {
            if (!char.IsAsciiLetter(character) && character != '_') return false;
        }
        return true;
    }

    /// <summary>An escape that stands for one character; the backslash has been read.</summary>
    private bool TryCharacterEscape(out int character)
    {
        character = 0;
        if (at >= source.Length) return false;
        var letter = TakeRune();
        switch (letter.Value)
        {
            case 'f' or 'n' or 'r' or 't' or 'v':
                character = letter.Value switch { 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => '\v' };
                return true;
            case '0': return !char.IsAsciiDigit(Next);
            case 'c':
                if (!char.IsAsciiLetter(Next)) return false;
                character = source[at++] % 32;
                return true;
            case 'x': return TryHex(2, out character);
            case 'u': return TryUnicode(out character);
            default:
                character = letter.Value;
                return !IsIdentifierPart(letter); // Letters are kept for escapes to come.
        }
    }

    private bool TryUnicode(out int character)
    {
        if (!TrySkip('{'))
        {
            if (!TryHex(4, out character)) return false;
            var mark = at;
            if (char.IsHighSurrogate((char)character) && TrySkip('\\') && TrySkip('u') && TryHex(4, out var low) && char.IsLowSurrogate((char)low))
            {
                character = char.ConvertToUtf32((char)character, (char)low);
                return true;
            }
            at = mark;
            return true;
        }
        character = 0;
        if (!char.IsAsciiHexDigit(Next)) return false;
        for (; char.IsAsciiHexDigit(Next); at++)
        {
            character = (character << 4) | HexValue(Next);
            if (character > 0x10FFFF) return false;
        }
        return TrySkip('}');
    }

    private bool TryHex(int digits, out int character)
    {
        character = 0;
        if (at + digits > source.Length || !int.TryParse(source.Slice(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out character)) return false;
        at += digits;
        return true;
    }

    private static int HexValue(char digit) => char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;

    /// <summary>The next character; a half of a pair stands for itself and counts as U+FFFD.</summary>
    private Rune TakeRune()
    {
        Rune.DecodeFromUtf16(source[at..], out var rune, out var used);
        at += used;
        return rune;
    }
}
