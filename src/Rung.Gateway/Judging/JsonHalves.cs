using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rung.Gateway.Judging;

/// <summary>Texts of a stream as UTF-16: a character may be cut in two by the end of a delta, and only both deltas together are text.</summary>
internal static class JsonHalves
{
    /// <summary>The text of a JSON string. Half a surrogate pair stays what it is, where the framework throws.</summary>
    /// <exception cref="InvalidOperationException">It is no valid UTF-8.</exception>
    public static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(value.GetRawText().AsSpan()[1..^1]);
        }
    }

    /// <summary>The inside of a well-formed JSON string.</summary>
    private static string Unescape(ReadOnlySpan<char> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (escaped.IndexOf('\\') is >= 0 and var at)
        {
            text.Append(escaped[..at]);
            var isUnicode = escaped[at + 1] == 'u';
            text.Append(isUnicode ? (char)ushort.Parse(escaped.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : Simple(escaped[at + 1]));
            escaped = escaped[(at + (isUnicode ? 6 : 2))..];
        }
        return text.Append(escaped).ToString();
    }

    private static char Simple(char letter) => letter switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => letter };
}
