using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;

namespace Rung.Control.Imports.Otlp;

/// <summary>Turns a structured attribute (a list or a map of values) into plain JSON, so that it reads like one that an exporter wrote into a string.</summary>
internal static class StructuredValue
{
    private const int Deepest = 64;

    /// <summary>Nobody renders what it writes, so nothing needs escaping but what JSON itself asks for.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Reads the value of <c>arrayValue</c> or <c>kvlistValue</c>; the reader stands on that name.</summary>
    public static void Write(ref Utf8JsonReader reader, Utf8JsonWriter writer, bool isArray)
    {
        reader.Read();
        WriteValues(ref reader, writer, isArray);
    }

    private static void WriteValues(ref Utf8JsonReader reader, Utf8JsonWriter writer, bool isArray)
    {
        if (isArray) writer.WriteStartArray();
        else writer.WriteStartObject();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isValues = reader.ValueTextEquals("values"u8);
                reader.Read();
                if (!isValues || reader.TokenType != JsonTokenType.StartArray)
                {
                    reader.Skip();
                    continue;
                }
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (isArray) WriteAny(ref reader, writer);
                    else WriteEntry(ref reader, writer);
                }
            }
        }
        else
        {
            reader.Skip();
        }
        if (isArray) writer.WriteEndArray();
        else writer.WriteEndObject();
    }

    private static void WriteEntry(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        var named = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isKey, isValue) = (reader.ValueTextEquals("key"u8), reader.ValueTextEquals("value"u8));
            reader.Read();
            if (isKey && !named && reader.TokenType == JsonTokenType.String)
            {
                writer.WritePropertyName(TextOf(ref reader));
                named = true;
            }
            else if (isValue && named)
            {
                WriteAny(ref reader, writer);
                named = false;
            }
            else
            {
                reader.Skip();
            }
        }
        if (named) writer.WriteNullValue();
    }

    private static void WriteAny(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            writer.WriteNullValue();
            return;
        }
        var written = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isArray = reader.ValueTextEquals("arrayValue"u8);
            var isMap = reader.ValueTextEquals("kvlistValue"u8);
            var isWhole = reader.ValueTextEquals("intValue"u8);
            reader.Read();
            if (written)
            {
                reader.Skip();
                continue;
            }
            written = true;
            if (isArray || isMap) WriteValues(ref reader, writer, isArray);
            else if (reader.TokenType == JsonTokenType.String && isWhole && Utf8Parser.TryParse(reader.ValueSpan, out long whole, out _)) writer.WriteNumberValue(whole);
            else if (reader.TokenType == JsonTokenType.String) writer.WriteStringValue(TextOf(ref reader));
            else if (reader.TokenType == JsonTokenType.Number) writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
            else if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) writer.WriteBooleanValue(reader.TokenType == JsonTokenType.True);
            else
            {
                reader.Skip();
                writer.WriteNullValue();
            }
        }
        if (!written) writer.WriteNullValue();
    }

    /// <summary>Reads the fields of an <c>ArrayValue</c> or of a <c>KeyValueList</c>.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no such message.</exception>
    /// <exception cref="InvalidDataException">Values are nested too deep.</exception>
    public static void Write(ArraySegment<byte> message, Utf8JsonWriter writer, bool isArray, int depth = 0)
    {
        if (depth > Deepest) throw new InvalidDataException("An attribute is nested too deep.");
        if (isArray) writer.WriteStartArray();
        else writer.WriteStartObject();
        var fields = new ProtobufFields(message);
        while (fields.Next())
        {
            if (!fields.IsMessage(1)) fields.Skip();
            else if (isArray) WriteAny(fields.Message(), writer, depth);
            else WriteEntry(fields.Message(), writer, depth);
        }
        if (isArray) writer.WriteEndArray();
        else writer.WriteEndObject();
    }

    private static void WriteEntry(ArraySegment<byte> entry, Utf8JsonWriter writer, int depth)
    {
        var key = ArraySegment<byte>.Empty;
        var value = ArraySegment<byte>.Empty;
        var fields = new ProtobufFields(entry);
        while (fields.Next())
        {
            if (fields.IsMessage(1)) key = fields.Message();
            else if (fields.IsMessage(2)) value = fields.Message();
            else fields.Skip();
        }
        writer.WritePropertyName(Encoding.UTF8.GetString(key));
        WriteAny(value, writer, depth);
    }

    private static void WriteAny(ArraySegment<byte> any, Utf8JsonWriter writer, int depth)
    {
        var written = false;
        var fields = new ProtobufFields(any);
        while (fields.Next())
        {
            if (written)
            {
                fields.Skip();
                continue;
            }
            written = true;
            if (fields.IsMessage(1)) writer.WriteStringValue(Encoding.UTF8.GetString(fields.Message()));
            else if (fields.IsVarint(2)) writer.WriteBooleanValue(fields.Whole() != 0);
            else if (fields.IsVarint(3)) writer.WriteNumberValue(fields.Whole());
            else if (fields.IsFixed64(4)) WriteReal(writer, fields.Real());
            else if (fields.IsMessage(5) || fields.IsMessage(6)) Write(fields.Message(), writer, fields.Number == 5, depth + 1);
            else
            {
                fields.Skip();
                written = false;
            }
        }
        if (!written) writer.WriteNullValue();
    }

    // Half of a surrogate pair, as cutting a text leaves it, is no text.
    private static string TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static void WriteReal(Utf8JsonWriter writer, double real)
    {
        if (double.IsFinite(real)) writer.WriteNumberValue(real);
        else writer.WriteStringValue(real.ToString(CultureInfo.InvariantCulture));
    }
}
