using System.Globalization;
using System.Net;
using System.Text;

namespace Rung.Control.Audit.Page;

/// <summary>Writes HTML and SVG. Every text goes through <see cref="Text"/>: names come from logs and may hold anything.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new();

    /// <summary>Markup that the page itself is made of; never a name from a log.</summary>
    public Html Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>An element with a text in it.</summary>
    /// <param name="element">Its name with its attributes, which are the page's own: <c>td class="n"</c>.</param>
    /// <param name="text">Any text.</param>
    public Html Element(string element, string text)
    {
        var name = element.Split(' ', 2)[0];
        _text.Append('<').Append(element).Append('>').Append(Text(text)).Append("</").Append(name).Append(">\n");
        return this;
    }

    /// <summary>A text that cannot become markup, in an element or in a quoted attribute. Control characters become dots.</summary>
    public static string Text(string text) =>
        WebUtility.HtmlEncode(text.Any(IsHostile) ? string.Concat(text.Select(character => IsHostile(character) ? '·' : character)) : text);

    /// <summary>A coordinate: two decimals at most, whatever the culture.</summary>
    public static string At(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    // Marks that turn the direction of writing make a name read as another one.
    private static bool IsHostile(char character) =>
        char.IsControl(character) || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F';
}
