using System.Globalization;
using System.Text;
using System.Text.Json;
using Rung.Core.Checks.Json;

namespace Rung.Core.Comparisons;

/// <summary>A JSON value written as JSON again.</summary>
internal static class JsonWords
{
    /// <summary>Writes it, numbers as they were read.</summary>
    public static string Of(JsonValue value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonValue value)
    {
        switch (value.Kind)
        {
            case JsonKind.String:
                Quote(text, value.Text);
                break;
            case JsonKind.Array:
                text.Append('[');
                for (var i = 0; i < value.Items.Length; i++)
                {
                    if (i > 0) text.Append(',');
                    Write(text, value.Items[i]);
                }
                text.Append(']');
                break;
            case JsonKind.Object:
                text.Append('{');
                var first = true;
                foreach (var (name, member) in value.Members)
                {
                    if (!first) text.Append(',');
                    first = false;
                    Quote(text, name);
                    text.Append(':');
                    Write(text, member);
                }
                text.Append('}');
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{value.Text}");
                break;
        }
    }

    private static void Quote(StringBuilder text, string words) =>
        text.Append(JsonSerializer.Serialize(words)); // Half a surrogate pair becomes U+FFFD, where the plain encoder throws.
}
