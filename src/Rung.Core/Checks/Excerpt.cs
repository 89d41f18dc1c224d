using System.Text;

namespace Rung.Core.Checks;

/// <summary>A short piece of an answer for a sentence about it. Details reach logs and pages, so they never hold much of the answer.</summary>
internal static class Excerpt
{
    /// <summary>Longest excerpt, in UTF-16 units, without the quotes and the ellipsis.</summary>
    public const int MaxLength = 40;
    /// <summary>Most text of an answer in one detail, all excerpts together.</summary>
    public const int MaxPerDetail = 80;

    /// <summary>The start of a text, in double quotes, on one line, with an ellipsis when it was cut.</summary>
    public static string Of(ReadOnlySpan<char> text) => $"\"{Bare(text)}\"";

    /// <summary>The start of a text in UTF-8 (which may be invalid), as <see cref="Of(ReadOnlySpan{char})"/> shows it.</summary>
    public static string Of(ReadOnlySpan<byte> utf8) =>
        Of(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, (MaxLength + 1) * 4)])); // Four bytes a character at most.

    /// <summary>The start of a text without quotes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxLength">Longest excerpt, in UTF-16 units.</param>
    public static string Bare(ReadOnlySpan<char> text, int maxLength = MaxLength)
    {
        var cut = text.Length <= maxLength ? text : text[..maxLength];
        var shown = new StringBuilder(cut.Length + 1);
        foreach (var rune in cut.EnumerateRunes()) // Lone surrogates come out as U+FFFD: a detail is always valid text.
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune)) shown.Append(' ');
            else shown.Append(rune.ToString());
        }
        if (cut.Length < text.Length) shown.Append('…');
        return shown.ToString();
    }
}
