using System.Globalization;
using System.Text;

namespace Rung.Control.Reviews;

/// <summary>Text of strangers, made safe for a terminal or a page: nothing in it can move the cursor, change colours, turn the direction of writing, or hide. It does not escape HTML.</summary>
public static class SafeText
{
    /// <summary>Characters of one text that are shown: more is nothing that a person reads at a screen.</summary>
    public const int MostCharacters = 100_000;

    private const int TabWidth = 4;

    /// <summary>Line breaks stay, tabs become blanks; every other control, format or unassigned character is shown by its number.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var more = text.Length - MostCharacters;
        if (more > 0) text = text[..MostCharacters];
        text = text.ReplaceLineEndings("\n");
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // Half a surrogate pair comes as U+FFFD.
        {
            if (rune.Value == '\n') safe.Append('\n');
            else if (rune.Value == '\t') safe.Append(' ', TabWidth);
            else if (IsShown(rune)) safe.Append(rune);
            else safe.Append(CultureInfo.InvariantCulture, $"‹U+{rune.Value:X4}›");
        }
        if (more > 0) safe.Append(CultureInfo.InvariantCulture, $"\n[{more:N0} more characters: rung review export --with-content]");
        return safe.ToString();
    }

    /// <summary>The same on one line.</summary>
    public static string Line(string text) => Of(text).Replace('\n', ' ');

    // Format characters are bidirectional overrides, invisible joiners and tags: a text with them need not be what it looks like.
    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
