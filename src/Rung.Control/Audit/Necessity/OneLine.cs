using System.Text;

namespace Rung.Control.Audit;

/// <summary>Text of a log inside a sentence: one line, without what could be taken for anything but text.</summary>
internal static class OneLine
{
    /// <summary>The text, every control character, line separator and broken surrogate a space, at most so long.</summary>
    public static string Of(string text) => Of(text, 80);

    /// <inheritdoc cref="Of(string)"/>
    public static string Of(string text, int most)
    {
        var clean = new StringBuilder(Math.Min(text.Length, most));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > most) break;
            var isText = rune != Rune.ReplacementChar && !Rune.IsControl(rune) && rune.Value is not (0x2028 or 0x2029 or 0xFEFF or 0xFFFE or 0xFFFF) && Rune.GetUnicodeCategory(rune) is not System.Globalization.UnicodeCategory.Format;
            if (isText) clean.Append(rune.ToString());
            else if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
        }
        return clean.ToString().Trim();
    }
}
