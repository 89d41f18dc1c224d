using System.Text;
using System.Text.Json;

namespace Rung.Control.Audit.Traits;

/// <summary>
/// Hash of a JSON Schema that says what it asks for and not how it is written: the order of keys does not count, nor that of <c>required</c>, <c>enum</c> and
/// <c>type</c>, nor descriptions, titles, comments, examples and defaults.
/// </summary>
internal static class SchemaHash
{
    private const int MostChars = 256 * 1024;

    // The same few schemas come with call after call: the last ones are remembered by their text. Each thread writes its own.
    [ThreadStatic] private static (ulong Text, ulong Schema)[]? known;

    /// <summary>The hash; of a text that is no JSON the hash of the text. Never 0.</summary>
    public static ulong Of(string schema)
    {
        var text = TextHash.NotZero(TextHash.Of(schema));
        var slots = known ??= new (ulong, ulong)[64];
        ref var slot = ref slots[text & 63];
        if (slot.Text != text) slot = (text, TextHash.NotZero(Read(schema) ?? text));
        return slot.Schema;
    }

    /// <summary>Names of the fields at the top of a schema, in their order; empty when it has none or is no JSON.</summary>
    public static IReadOnlyList<string> Fields(string schema, int most)
    {
        if (schema.Length > MostChars) return [];
        try
        {
            using var document = JsonDocument.Parse(schema);
            var at = document.RootElement;
            for (var depth = 0; depth < 4 && at.ValueKind == JsonValueKind.Object; depth++)
            {
                if (at.TryGetProperty("properties", out var fields) && fields.ValueKind == JsonValueKind.Object) return [.. fields.EnumerateObject().Take(most).Select(field => field.Name)];
                // OpenAI's wrapper: {"type": "json_schema", "json_schema": {"name": …, "schema": {…}}}.
                if (!at.TryGetProperty("json_schema", out var inner) && !at.TryGetProperty("schema", out inner)) return [];
                at = inner;
            }
        }
        catch (JsonException)
        {
            // No JSON: it has no fields.
        }
        return [];
    }

    private static ulong? Read(string schema)
    {
        if (schema.Length > MostChars) return null;
        try
        {
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(schema));
            json.Read();
            return Value(ref json, isNames: false, isSet: false);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ulong Value(ref Utf8JsonReader json, bool isNames, bool isSet)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                return Object(ref json, isNames);
            case JsonTokenType.StartArray:
                var hash = 17UL;
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                {
                    var item = Value(ref json, isNames: false, isSet: false);
                    hash = isSet ? hash + TextHash.Mix(item) : TextHash.Join(hash, item);
                }
                return TextHash.Mix(hash);
            default:
                return TextHash.Of(json.ValueSpan, (ulong)json.TokenType);
        }
    }

    private static ulong Object(ref Utf8JsonReader json, bool isNames)
    {
        var hash = 23UL;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            // Below "properties" a key is a field's name, which may well be "title".
            var isAside = !isNames && (json.ValueTextEquals("description"u8) || json.ValueTextEquals("title"u8) || json.ValueTextEquals("$comment"u8)
                || json.ValueTextEquals("examples"u8) || json.ValueTextEquals("default"u8));
            var areNames = !isNames && (json.ValueTextEquals("properties"u8) || json.ValueTextEquals("$defs"u8) || json.ValueTextEquals("definitions"u8)
                || json.ValueTextEquals("patternProperties"u8));
            var isSet = !isNames && (json.ValueTextEquals("required"u8) || json.ValueTextEquals("enum"u8) || json.ValueTextEquals("type"u8));
            var key = TextHash.Of(json.ValueSpan, 3);
            json.Read();
            var value = Value(ref json, areNames, isSet);
            if (!isAside) hash += TextHash.Join(key, value);
        }
        return TextHash.Mix(hash);
    }
}
