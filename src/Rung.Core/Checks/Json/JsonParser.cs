using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Rung.Core.Checks.Json;

/// <summary>Reads JSON text, or says in one sentence why it is none. Never throws.</summary>
internal static class JsonParser
{
    /// <summary>Greatest nesting of arrays and objects.</summary>
    public const int MaxDepth = 64;
    /// <summary>Longest text that becomes a tree, in bytes (4 MiB; the longest answers of today's models stay below 1 MiB).</summary>
    public const int MaxTreeBytes = 4 * 1024 * 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Whether the text is exactly one JSON value, white space around it allowed. Builds nothing.</summary>
    /// <param name="json">UTF-8, perhaps invalid.</param>
    /// <param name="subject">Who is spoken of in the sentence: <c>The answer</c>.</param>
    /// <param name="first">The first token, which says the kind of the value.</param>
    /// <param name="fault">Why not.</param>
    public static bool TryScan(ReadOnlySpan<byte> json, string subject, out JsonTokenType first, [NotNullWhen(false)] out string? fault)
    {
        first = JsonTokenType.None;
        fault = Unreadable(json, subject);
        if (fault is not null) return false;

        var reader = new Utf8JsonReader(json, Options);
        try
        {
            reader.Read();
            first = reader.TokenType;
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException e)
        {
            fault = Describe(json, subject, e, ref reader);
            return false;
        }
    }

    /// <summary>Reads one JSON value with nothing but white space around it. Of two members with one name the last wins.</summary>
    /// <inheritdoc cref="TryScan"/>
    public static bool TryParse(
        ReadOnlySpan<byte> json, string subject, [NotNullWhen(true)] out JsonValue? value, [NotNullWhen(false)] out string? fault)
    {
        value = null;
        fault = json.Length > MaxTreeBytes ? $"{subject} is larger than {MaxTreeBytes} bytes, the limit for JSON that is checked." : Unreadable(json, subject);
        if (fault is not null) return false;

        var reader = new Utf8JsonReader(json, Options);
        try
        {
            reader.Read();
            var read = ReadValue(ref reader);
            reader.Read(); // Throws when anything but white space follows.
            value = read;
            return true;
        }
        catch (JsonException e)
        {
            fault = Describe(json, subject, e, ref reader);
            return false;
        }
    }

    private static JsonValue ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        JsonTokenType.String => JsonValue.OfString(JsonUnescape.Text(reader.ValueSpan)),
        JsonTokenType.Number => ReadNumber(reader.ValueSpan),
        JsonTokenType.True => JsonValue.True,
        JsonTokenType.False => JsonValue.False,
        _ => JsonValue.Null,
    };

    private static JsonValue ReadNumber(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        return JsonNumber.TryParse(text, out var number)
            ? JsonValue.OfNumber(text, number)
            : throw new JsonException("A number of a form that JSON does not have."); // The reader has refused it before.
    }

    private static JsonValue ReadArray(ref Utf8JsonReader reader)
    {
        var items = ImmutableArray.CreateBuilder<JsonValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(ReadValue(ref reader));
        return JsonValue.OfArray(items.DrainToImmutable());
    }

    private static JsonValue ReadObject(ref Utf8JsonReader reader)
    {
        var members = new OrderedDictionary<string, JsonValue>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonUnescape.Text(reader.ValueSpan);
            reader.Read();
            members[name] = ReadValue(ref reader);
        }
        return JsonValue.OfObject(members);
    }

    /// <summary>What can be said before reading: the faults that models really make, named as such.</summary>
    private static string? Unreadable(ReadOnlySpan<byte> json, string subject)
    {
        var text = json.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty) return $"{subject} is empty; JSON was expected.";
        if (text.StartsWith("```"u8) || text.StartsWith("~~~"u8)) return $"{subject} is wrapped in a code fence; write the JSON alone.";
        if (text.StartsWith("\uFEFF"u8)) return $"{subject} begins with a byte order mark; write the JSON alone.";
        if (!Utf8.IsValid(json)) return $"{subject} is not valid UTF-8.";
        return null;
    }

    private static string Describe(ReadOnlySpan<byte> json, string subject, JsonException e, ref Utf8JsonReader reader)
    {
        var ahead = json[(int)Math.Clamp(reader.BytesConsumed, 0, json.Length)..].TrimStart(" \t\r\n"u8);
        var near = Excerpt.Of(ahead);
        if (reader.TokenType == JsonTokenType.None) return IsCutShort(json) ? CutShort(subject) : $"{subject} is not JSON; it begins with {near}.";

        var opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        var depth = reader.CurrentDepth + (opens ? 1 : 0); // The reader counts an opening bracket to the level around it.
        if (depth == 0) return $"{subject} goes on after its JSON value: {near}.";
        if (depth >= MaxDepth && ahead.TrimStart(" \t\r\n,:"u8) is [(byte)'[' or (byte)'{', ..]) return $"{subject} is nested deeper than {MaxDepth} levels.";
        if (IsCutShort(json)) return CutShort(subject);
        return $"{subject} is not JSON: fault in line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}, near {near}.";
    }

    private static string CutShort(string subject) => $"{subject} ends before its JSON is complete.";

    /// <summary>Whether more text could still make it JSON: then it is not wrong, only cut off.</summary>
    private static bool IsCutShort(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Options));
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
