using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rung.Core.Redaction;

/// <summary>Redacts one document, token by token: strings after unescaping, names of members, long numbers, and documents inside strings.</summary>
internal sealed class JsonRedaction
{
    private const int MaxDepth = 256;
    private const int MostNested = 4; // Documents in strings of documents in strings …; deeper ones are redacted as the text they are.

    private static readonly HashSet<string> s_nothing = [];
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth + 1, SkipValidation = true };

    private readonly Redactor redactor;
    private readonly int nested;
    private int count;

    private JsonRedaction(Redactor redactor, int nested)
    {
        this.redactor = redactor;
        this.nested = nested;
    }

    /// <exception cref="RedactionException">It is no JSON that can be read.</exception>
    public static byte[] Of(Redactor redactor, ReadOnlySpan<byte> json, IReadOnlySet<string> without, out int redactions)
    {
        try
        {
            var run = new JsonRedaction(redactor, nested: 0);
            var written = run.Run(json, without);
            redactions = run.count;
            return written;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or DecoderFallbackException)
        {
            // The inner message may quote the document.
            throw new RedactionException($"The content cannot be read as JSON ({e.GetType().Name}).");
        }
    }

    private byte[] Run(ReadOnlySpan<byte> json, IReadOnlySet<string> without)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var into = new ArrayBufferWriter<byte>(json.Length + 256);
        using var writer = new Utf8JsonWriter(into, s_writing);
        string? name = null;
        string? called = null; // { "name": "API_KEY", "value": … }: the name of what stands in the value.
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject: writer.WriteStartObject(); break;
                case JsonTokenType.EndObject: called = null; writer.WriteEndObject(); break;
                case JsonTokenType.StartArray: writer.WriteStartArray(); break;
                case JsonTokenType.EndArray: writer.WriteEndArray(); break;
                case JsonTokenType.True: writer.WriteBooleanValue(true); break;
                case JsonTokenType.False: writer.WriteBooleanValue(false); break;
                case JsonTokenType.Null: writer.WriteNullValue(); break;
                case JsonTokenType.Number: Number(ref reader, writer, name); break;
                case JsonTokenType.String: 
                    var text = reader.GetString()!;
                    writer.WriteStringValue(Text(text, name == "value" ? called ?? name : name));
                    if (name is "name" or "key") called = text;
                    break;
                case JsonTokenType.PropertyName:
                    name = reader.GetString()!;
                    if (reader.CurrentDepth == 1 && without.Contains(name)) reader.Skip();
                    else writer.WritePropertyName(Counted(redactor.Value(name, name: null, out var redactions), redactions));
                    break;
            }
        }
        writer.Flush();
        return into.WrittenSpan.ToArray();
    }

    private void Number(ref Utf8JsonReader reader, Utf8JsonWriter writer, string? name)
    {
        if (reader.ValueSpan.Length >= 7 && redactor.Number(Encoding.ASCII.GetString(reader.ValueSpan), name) is { } mark)
        {
            count++;
            writer.WriteStringValue(mark);
            return;
        }
        writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
    }

    private string Text(string text, string? name)
    {
        if (nested < MostNested && IsDocument(text) && Nested(text) is { } inner) return inner;
        return Counted(redactor.Value(text, name, out var redactions), redactions);
    }

    private string Counted(string text, int redactions)
    {
        count += redactions;
        return text;
    }

    private static bool IsDocument(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed.Length > 2 && (trimmed[0] == '{' && trimmed[^1] == '}' || trimmed[0] == '[' && trimmed[^1] == ']');
    }

    // Null when it is none after all. Left as it was written when there is nothing to blot out in it.
    private string? Nested(string text)
    {
        try
        {
            var run = new JsonRedaction(redactor, nested + 1);
            var written = run.Run(Encoding.UTF8.GetBytes(text), s_nothing);
            count += run.count;
            return run.count == 0 ? text : Encoding.UTF8.GetString(written);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
