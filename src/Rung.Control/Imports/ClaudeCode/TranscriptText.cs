using System.Text;
using System.Text.Json;

namespace Rung.Control.Imports.ClaudeCode;

/// <summary>The text of a message, whatever the dialect: a string, or parts of which some are text. At most <see cref="Longest"/> characters are kept.</summary>
internal static class TranscriptText
{
    /// <summary>Most characters of one text that are looked at: far more than any template, far less than a pasted file.</summary>
    public const int Longest = 32 * 1024;

    /// <summary>The text; empty when there is none.</summary>
    /// <param name="content">The value of <c>content</c>, <c>output</c> or the like.</param>
    public static string Of(JsonElement content)
    {
        if (content.ValueKind == JsonValueKind.String) return Cut(StringOf(content));
        if (content.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) return "";
        var text = new StringBuilder();
        Append(content, text, depth: 0);
        return text.ToString();
    }

    /// <summary>A text, cut.</summary>
    public static string Cut(string text) => text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];

    /// <summary>The value of a JSON string. Programs that cut texts leave half a character behind; such a text is given as it is written.</summary>
    public static string StringOf(JsonElement text)
    {
        try
        {
            return text.GetString() ?? "";
        }
        catch (InvalidOperationException) when (text.ValueKind == JsonValueKind.String)
        {
            return text.GetRawText()[1..^1];
        }
    }

    // Parts hold their text in text (also input_text, output_text), or in content once more (tool results).
    private static void Append(JsonElement part, StringBuilder text, int depth)
    {
        if (text.Length >= Longest || depth > 4) return;
        switch (part.ValueKind)
        {
            case JsonValueKind.String:
                if (text.Length > 0) text.Append('\n');
                var more = StringOf(part);
                text.Append(more, 0, Math.Min(more.Length, Longest - text.Length));
                break;
            case JsonValueKind.Array:
                foreach (var one in part.EnumerateArray()) Append(one, text, depth + 1);
                break;
            case JsonValueKind.Object:
                if (part.TryGetProperty("text", out var inner) || part.TryGetProperty("content", out inner) || part.TryGetProperty("refusal", out inner)) Append(inner, text, depth + 1);
                break;
        }
    }
}
