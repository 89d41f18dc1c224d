using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies;

/// <summary>The JSON Schema (2020-12) of the policy, for editors: written from the same tables that the reader uses.</summary>
public static class PolicyJsonSchema
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The schema, indented, ending in a line feed.</summary>
    public static string Generate()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "Rung policy");
            json.WriteString("description", "Which model tier each job runs on, why, and what catches its failure.");
            WriteObject(json, PolicyShape.Document);
            WriteDefinitions(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>What may hold itself stands once, by name.</summary>
    private static void WriteDefinitions(Utf8JsonWriter json)
    {
        json.WriteStartObject("$defs");
        json.WritePropertyName(CheckShape.Check.Name);
        Write(json, CheckShape.Check.Target, null);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Shape shape, string? says)
    {
        json.WriteStartObject();
        if (says is not null) json.WriteString("description", says);
        switch (shape)
        {
            case TextShape text: WriteText(json, text); break;
            case BooleanShape: json.WriteString("type", "boolean"); break;
            case IntegerShape whole: WriteInteger(json, whole); break;
            case NumberShape number: WriteNumber(json, number); break;
            case ListShape list: WriteList(json, list); break;
            case NamedShape named: WriteNamed(json, named); break;
            case ObjectShape map: WriteObject(json, map); break;
            case ChoiceShape choice: WriteChoice(json, choice); break;
            case NamedReference reference: json.WriteString("$ref", $"#/$defs/{reference.Name}"); break;
            default: throw new ArgumentOutOfRangeException(nameof(shape), shape, "Unknown shape.");
        }
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, TextShape text)
    {
        if (!text.Words.IsEmpty)
        {
            json.WriteStartArray("enum");
            foreach (var word in text.Words)
            {
                if (word == "true") json.WriteBooleanValue(true);
                else json.WriteStringValue(word);
            }
            json.WriteEndArray();
            return;
        }
        // A value without quotes may look like a number to an editor, and is still good as text.
        if (text.IsVerbatim) WriteTypes(json, "string", "number", "boolean");
        else json.WriteString("type", "string");
        if (text.Pattern is { } pattern) json.WriteString("pattern", pattern);
        json.WriteNumber("minLength", 1);
        json.WriteNumber("maxLength", text.Longest);
    }

    private static void WriteTypes(Utf8JsonWriter json, params ReadOnlySpan<string> types)
    {
        json.WriteStartArray("type");
        foreach (var type in types) json.WriteStringValue(type);
        json.WriteEndArray();
    }

    private static void WriteInteger(Utf8JsonWriter json, IntegerShape whole)
    {
        json.WriteString("type", "integer");
        json.WriteNumber("minimum", whole.Least);
        json.WriteNumber("maximum", whole.Most);
    }

    private static void WriteNumber(Utf8JsonWriter json, NumberShape number)
    {
        json.WriteString("type", "number");
        if (number.Most == decimal.MaxValue) return;
        json.WriteNumber("minimum", number.Least);
        json.WriteNumber("maximum", number.Most);
    }

    private static void WriteList(Utf8JsonWriter json, ListShape list)
    {
        json.WriteString("type", "array");
        json.WriteNumber("minItems", list.Least);
        json.WriteNumber("maxItems", list.Most);
        json.WritePropertyName("items");
        Write(json, list.Item, null);
    }

    private static void WriteNamed(Utf8JsonWriter json, NamedShape named)
    {
        json.WriteString("type", "object");
        json.WriteNumber("minProperties", named.Least);
        json.WriteNumber("maxProperties", named.Most);
        json.WriteStartObject("propertyNames");
        json.WriteString("pattern", PolicyShape.NamePattern);
        json.WriteEndObject();
        json.WritePropertyName("additionalProperties");
        Write(json, named.Value, null);
    }

    private static void WriteObject(Utf8JsonWriter json, ObjectShape map)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", value: false);
        if (map.IsOneKey || map.NeedsAny) json.WriteNumber("minProperties", 1);
        if (map.IsOneKey) json.WriteNumber("maxProperties", 1);
        var required = map.Keys.Where(key => key.IsRequired).ToArray();
        if (required.Length > 0)
        {
            json.WriteStartArray("required");
            foreach (var key in required) json.WriteStringValue(key.Name);
            json.WriteEndArray();
        }
        json.WriteStartObject("properties");
        foreach (var key in map.Keys)
        {
            json.WritePropertyName(key.Name);
            Write(json, key.Shape, key.Says);
        }
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, ChoiceShape choice)
    {
        json.WriteStartArray("anyOf");
        foreach (var option in choice.Options) Write(json, option, null);
        json.WriteEndArray();
    }
}
