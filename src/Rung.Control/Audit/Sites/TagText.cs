using System.Buffers;
using System.Text;

namespace Rung.Control.Audit.Sites;

/// <summary>Names as tags: <c>[a-z0-9._-]{1,64}</c>.</summary>
internal static class TagText
{
    /// <summary>Longest tag.</summary>
    public const int Longest = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Whether a text is a tag.</summary>
    public static bool IsTag(string text) => text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>A text as a tag: lower case, one dash for each run of other characters; <c>unnamed</c> when nothing remains.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">Most characters, at most <see cref="Longest"/>.</param>
    public static string Of(string text, int most)
    {
        var tag = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            // "invoiceNumber" is "invoice-number": names of fields and tools are often written so.
            if (char.IsAsciiLetterUpper(c) && i > 0 && char.IsAsciiLetterLower(text[i - 1])) tag.Append('-');
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_') tag.Append(char.ToLowerInvariant(c));
            else if (tag.Length > 0 && tag[^1] != '-') tag.Append('-');
        }
        var cut = tag.ToString(0, Math.Min(tag.Length, most)).Trim('-', '.', '_');
        return cut.Length > 0 ? cut : "unnamed";
    }
}
