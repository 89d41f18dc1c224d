using System.Globalization;
using System.Text;

namespace Rung.Core.Checks.Json;

/// <summary>Turns the inside of a JSON string token into text. Escapes of lone surrogates are kept as they are, where the framework throws.</summary>
internal static class JsonUnescape
{
    /// <summary>Unescapes.</summary>
    /// <param name="raw">Between the quotes, in valid UTF-8, with well-formed escapes (a reader has passed over it).</param>
    public static string Text(ReadOnlySpan<byte> raw)
    {
        var escaped = Encoding.UTF8.GetString(raw);
        var next = escaped.IndexOf('\\');
        if (next < 0) return escaped;

        var text = new StringBuilder(escaped.Length);
        var from = 0;
        for (; next >= 0; next = escaped.IndexOf('\\', from))
        {
            text.Append(escaped, from, next - from);
            var isUnicode = escaped[next + 1] == 'u';
            text.Append(isUnicode ? Unicode(escaped.AsSpan(next + 2, 4)) : Simple(escaped[next + 1]));
            from = next + (isUnicode ? 6 : 2);
        }
        return text.Append(escaped, from, escaped.Length - from).ToString();
    }

    private static char Unicode(ReadOnlySpan<char> hex) => (char)ushort.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static char Simple(char letter) => letter switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', _ => letter };
}
