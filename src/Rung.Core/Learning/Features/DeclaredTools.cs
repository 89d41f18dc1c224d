using System.Text;
using System.Text.Json;

namespace Rung.Core.Learning.Features;

/// <summary>
/// The tools that a request declared, read once: an agent sends the same ones with every call. The last few are kept, by their bytes.
/// </summary>
internal sealed class DeclaredTools
{
    private const int MaxToolsBytes = 256 * 1024;
    private const int MaxKeptBytes = 32 * 1024;
    private const int MaxToolTextChars = 16 * 1024;
    private static readonly JsonDocumentOptions s_reading = new() { MaxDepth = 64, AllowDuplicateProperties = true };
    // One place for every hash: what is read or written there is immutable and whole, so that no lock is needed.
    private static readonly DeclaredTools?[] s_kept = new DeclaredTools?[32];

    private readonly byte[] _bytes;
    private readonly ulong[] _words;

    private DeclaredTools(ReadOnlySpan<byte> json)
    {
        _bytes = json.ToArray();
        _words = new TextTokens(ToolText(json), AnswerFeatures.ToolSpace).Hashes.ToArray();
        // Read when first asked for: it may throw, as every reading of text that is not valid Unicode does.
        Parsed = Parse(_bytes);
    }

    private JsonElement Parsed { get; }

    /// <summary>The tools themselves; empty for JSON that is broken or longer than 256 KiB.</summary>
    /// <exception cref="InvalidOperationException">A name or a description is not valid Unicode.</exception>
    public List<DeclaredTool> Tools => field ??= DeclaredTool.Read(Parsed);

    /// <summary>Their words, hashed, in order.</summary>
    public ReadOnlySpan<ulong> Words => _words;

    /// <summary>Reads a request's tools, or finds them read.</summary>
    public static DeclaredTools Of(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxKeptBytes) return new DeclaredTools(json);
        var hash = new HashCode();
        hash.AddBytes(json);
        ref var kept = ref s_kept[(uint)hash.ToHashCode() % (uint)s_kept.Length];
        var found = Volatile.Read(ref kept);
        if (found is not null && json.SequenceEqual(found._bytes)) return found;
        found = new DeclaredTools(json);
        Volatile.Write(ref kept, found);
        return found;
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Length > MaxToolsBytes) return default;
        try
        {
            return JsonElement.Parse(json.Span, s_reading);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    // The strings and names of the JSON, not its bytes: how a client escapes and indents must not matter.
    private static string ToolText(ReadOnlySpan<byte> tools)
    {
        var text = new StringBuilder();
        try
        {
            var json = new Utf8JsonReader(tools, new JsonReaderOptions { MaxDepth = 64 });
            while (json.Read() && text.Length < MaxToolTextChars)
            {
                if (json.TokenType is JsonTokenType.String or JsonTokenType.PropertyName) text.Append(json.GetString()).Append('\n');
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // What was read up to the break stands.
        }
        return text.ToString().ToLowerInvariant();
    }
}
