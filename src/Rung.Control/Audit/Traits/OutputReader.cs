using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Rung.Control.Audit.Traits;

/// <summary>What an answer looks like, and a key by which answers of one form are the same.</summary>
internal static class OutputReader
{
    private const int LongestLabel = 40, MostLabelWords = 4, MostJson = 128 * 1024;
    private static readonly SearchValues<char> Breaks = SearchValues.Create("\n\r{}");

    private static readonly string[] CodeStarts =
    [
        "def ", "class ", "import ", "from ", "#include", "function ", "const ", "let ", "var ", "return ", "public ", "private ", "using ", "package ", "func ", "fn ", "SELECT ", "INSERT ",
        "UPDATE ", "CREATE ", "WITH ", "if (", "for (", "while (", "} else", "diff --git", "@@ ", "+++ ", "--- a/", "export ", "async ", "namespace ", "#!/", "<?php", "<!DOCTYPE",
    ];

    /// <summary>Reads form and key.</summary>
    /// <param name="answer">The text of the answer; null when not in the log.</param>
    /// <param name="toolCalls">Names of the tools that were called; default when not told.</param>
    public static (OutputShape Shape, ulong Key) Read(string? answer, ImmutableArray<string> toolCalls)
    {
        var calls = !toolCalls.IsDefaultOrEmpty;
        var text = answer.AsSpan().Trim();
        if (text.IsEmpty)
        {
            if (calls) return (OutputShape.ToolCalls, ToolSetHash.Of(toolCalls));
            return (answer is null ? OutputShape.Unknown : OutputShape.Empty, 0);
        }
        var bare = Unfence(text, out var language);
        if (TryReadJson(bare, out var keys)) return (OutputShape.Json, keys);
        if (IsLabel(text)) return (OutputShape.Label, LabelKey(text));
        if (IsCode(text, bare, language)) return (OutputShape.Code, 0);
        return (OutputShape.Text, 0);
    }

    /// <summary>The inside of a fence that holds the whole text; else the text.</summary>
    private static ReadOnlySpan<char> Unfence(ReadOnlySpan<char> text, out ReadOnlySpan<char> language)
    {
        language = default;
        if (!text.StartsWith("```") || !text.EndsWith("```") || text.Length < 8) return text;
        var line = text.IndexOf('\n');
        if (line < 0) return text;
        language = text[3..line].Trim();
        return text[(line + 1)..^3].Trim();
    }

    private static bool IsLabel(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestLabel || text.ContainsAny(Breaks)) return false;
        var words = 1;
        foreach (var c in text) words += c == ' ' ? 1 : 0;
        return words <= MostLabelWords && !text.EndsWith("?");
    }

    /// <summary>The same for <c>Billing</c>, <c>billing.</c> and <c>"billing"</c>.</summary>
    private static ulong LabelKey(ReadOnlySpan<char> text)
    {
        Span<char> lower = stackalloc char[LongestLabel];
        var folded = lower[..text.ToLowerInvariant(lower)].Trim("\"'`*.! ");
        return TextHash.NotZero(TextHash.Of(folded));
    }

    private static bool IsCode(ReadOnlySpan<char> text, ReadOnlySpan<char> bare, ReadOnlySpan<char> language)
    {
        if (bare.Length < text.Length && !language.Equals("markdown", StringComparison.OrdinalIgnoreCase) && !language.Equals("text", StringComparison.OrdinalIgnoreCase)) return true;
        var (lines, code, fenced, inFence) = (0, 0, 0, false);
        foreach (var range in text.Split('\n'))
        {
            var line = text[range].Trim();
            if (line.IsEmpty) continue;
            lines++;
            if (line.StartsWith("```"))
            {
                inFence = !inFence;
                fenced++;
            }
            else if (inFence) fenced++;
            else if (IsCodeLine(line)) code++;
            if (lines == 400) break;
        }
        return fenced * 10 >= lines * 6 || (lines >= 2 && code * 10 >= lines * 5);
    }

    private static bool IsCodeLine(ReadOnlySpan<char> line)
    {
        if (line[^1] is ';' or '{' or '}' || line.EndsWith("):") || line.EndsWith("=>")) return true;
        foreach (var start in CodeStarts)
        {
            // "From here on …" is prose; a line of code that begins with such a word rarely ends as a sentence does.
            if (line.StartsWith(start, StringComparison.Ordinal) && line[^1] is not ('.' or '!' or '?' or ',')) return true;
        }
        return false;
    }

    /// <summary>Whether a text is one object or array of JSON, and the hash of its top keys, whatever their order.</summary>
    private static bool TryReadJson(ReadOnlySpan<char> text, out ulong keys)
    {
        keys = 0;
        if (text.Length < 2 || !((text[0] == '{' && text[^1] == '}') || (text[0] == '[' && text[^1] == ']'))) return false;
        if (text.Length > MostJson)
        {
            keys = 1; // Too long to read on this path; its brackets are taken at their word.
            return true;
        }
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            if (Utf8.FromUtf16(text, bytes, out _, out var length) != OperationStatus.Done) return false;
            return TryReadKeys(new Utf8JsonReader(bytes.AsSpan(0, length)), out keys);
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static bool TryReadKeys(Utf8JsonReader json, out ulong keys)
    {
        var isArray = false;
        keys = 31;
        // The keys of the object, or of the first object of the array.
        for (var isFirst = true; json.Read(); isFirst = false)
        {
            if (isFirst) isArray = json.TokenType == JsonTokenType.StartArray;
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == (isArray ? 2 : 1)) keys += TextHash.Of(json.ValueSpan, 5);
            if (isArray && json is { TokenType: JsonTokenType.EndObject, CurrentDepth: 1 })
            {
                while (json.Read())
                {
                    // To the end, so that what is no JSON behind the first object is seen.
                }
                break;
            }
        }
        keys = TextHash.NotZero(TextHash.Mix(keys ^ (isArray ? 1UL : 0)));
        return true;
    }
}
