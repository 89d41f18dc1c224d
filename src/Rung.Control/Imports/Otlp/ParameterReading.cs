using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rung.Control.Imports.Otlp;

/// <summary>Reads what a request asked for out of a JSON object of parameters, in the words of OpenAI, Anthropic and Gemini.</summary>
internal static class ParameterReading
{
    /// <summary>Reads an object of parameters (<c>llm.invocation_parameters</c>, <c>langfuse.observation.model.parameters</c>); anything else is ignored.</summary>
    public static void Read(ReadOnlySpan<byte> json, ContentDraft content)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (TryRead(ref reader, json, content)) continue;
                reader.Read();
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut off: what was read up to there holds.
        }
    }

    /// <summary>Reads one member when it is a parameter; the reader stands on its name, and is left there when it is none.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, ContentDraft content)
    {
        var name = reader.ValueSpan;
        if (name.SequenceEqual("temperature"u8)) content.Temperature ??= Number(ref reader);
        else if (name.SequenceEqual("max_tokens"u8) || name.SequenceEqual("max_completion_tokens"u8) || name.SequenceEqual("max_output_tokens"u8)
            || name.SequenceEqual("maxTokens"u8) || name.SequenceEqual("maxOutputTokens"u8)) content.MaxTokens ??= Number(ref reader) is >= 0 and <= int.MaxValue and { } most ? (long)most : null;
        else if (name.SequenceEqual("reasoning_effort"u8) || name.SequenceEqual("effort"u8)) content.Effort ??= Text(ref reader);
        else if (name.SequenceEqual("reasoning"u8) || name.SequenceEqual("output_config"u8)) ReadNested(ref reader, source, content);
        else if (name.SequenceEqual("response_format"u8) || name.SequenceEqual("output_format"u8)) ReadFormat(ref reader, source, content);
        else if (name.SequenceEqual("tool_choice"u8) || name.SequenceEqual("toolChoice"u8)) ReadToolChoice(ref reader, content);
        else if (name.SequenceEqual("tools"u8) || name.SequenceEqual("functions"u8))
        {
            reader.Read();
            ReadTools(ref reader, content, 0);
        }
        else return false;
        return true;
    }

    /// <summary>Reads the names of declared tools.</summary>
    public static void ReadTools(ReadOnlySpan<byte> json, ContentDraft content)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (reader.Read()) ReadTools(ref reader, content, 0);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut off: the names up to there hold.
        }
    }

    /// <summary>Reads the form of output from its value: a word, or an object with a <c>type</c>.</summary>
    public static void ReadFormat(ReadOnlySpan<byte> value, ContentDraft content)
    {
        if (value.IsEmpty) return;
        if (value[0] != '{')
        {
            content.Output ??= Form(value);
            return;
        }
        try
        {
            var reader = new Utf8JsonReader(value);
            reader.Read();
            ReadFormatObject(ref reader, value, content);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut off: what was read up to there holds.
        }
    }

    /// <summary>Reads a choice of tool: <c>required</c>, <c>any</c>, or an object that names one.</summary>
    public static void ReadToolChoice(ReadOnlySpan<byte> value, ContentDraft content)
    {
        if (value.IndexOf("required"u8) >= 0 || value.IndexOf("\"any\""u8) >= 0 || value.SequenceEqual("any"u8) || value.IndexOf("\"function\""u8) >= 0 || value.IndexOf("\"tool\""u8) >= 0)
        {
            content.Output ??= RequestedOutput.Tool;
        }
    }

    private static void ReadNested(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, ContentDraft content)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("effort"u8)) content.Effort ??= Text(ref reader);
            else if (reader.ValueTextEquals("format"u8)) ReadFormat(ref reader, source, content);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
    }

    private static void ReadFormat(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, ContentDraft content)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) ReadFormat(Encoding.UTF8.GetBytes(reader.GetString()!), content);
        else if (reader.TokenType == JsonTokenType.StartObject) ReadFormatObject(ref reader, source, content);
        else reader.Skip();
    }

    private static void ReadFormatObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> source, ContentDraft content)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isSchema = reader.ValueTextEquals("schema"u8);
            var isNested = reader.ValueTextEquals("json_schema"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String) content.Output ??= Form(reader.ValueSpan);
            else if (isNested && reader.TokenType == JsonTokenType.StartObject) ReadFormatObject(ref reader, source, content);
            else if (isSchema && reader.TokenType == JsonTokenType.StartObject)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                content.Schema ??= Encoding.UTF8.GetString(source[start..(int)reader.BytesConsumed]);
                content.Output = RequestedOutput.Schema;
            }
            else reader.Skip();
        }
    }

    private static RequestedOutput? Form(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("json_schema"u8)) return RequestedOutput.Schema;
        if (word.SequenceEqual("json"u8) || word.SequenceEqual("json_object"u8)) return RequestedOutput.Json;
        if (word.SequenceEqual("object"u8) || word.SequenceEqual("array"u8) || word.SequenceEqual("enum"u8)) return RequestedOutput.Schema; // The AI SDK's words.
        return word.SequenceEqual("text"u8) ? RequestedOutput.Text : null;
    }

    private static void ReadToolChoice(ref Utf8JsonReader reader, ContentDraft content)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("required"u8) || reader.ValueTextEquals("any"u8))) content.Output ??= RequestedOutput.Tool;
        if (reader.TokenType != JsonTokenType.StartObject) return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType && reader.TokenType == JsonTokenType.String && (reader.ValueTextEquals("function"u8) || reader.ValueTextEquals("tool"u8) || reader.ValueTextEquals("any"u8) || reader.ValueTextEquals("required"u8))) content.Output ??= RequestedOutput.Tool;
            else reader.Skip();
        }
    }

    // A list of {"name"}, {"function":{"name"}}, {"toolSpec":{"name"}}, {"functionDeclarations":[{"name"}]}, or of such objects as text.
    private static void ReadTools(ref Utf8JsonReader reader, ContentDraft content, int depth)
    {
        const int Deepest = 4;
        if (reader.TokenType == JsonTokenType.StartArray && depth < Deepest)
        {
            content.DeclareTools();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) ReadTools(ref reader, content, depth + 1);
            return;
        }
        if (reader.TokenType == JsonTokenType.String && depth is > 0 and < Deepest)
        {
            var text = reader.GetString()!;
            if (text.StartsWith('{')) ReadTools(Encoding.UTF8.GetBytes(text), content);
            else content.AddTool(text);
            return;
        }
        if (reader.TokenType != JsonTokenType.StartObject || depth >= Deepest)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            var isNested = reader.ValueTextEquals("function"u8) || reader.ValueTextEquals("toolSpec"u8) || reader.ValueTextEquals("functionDeclarations"u8) || reader.ValueTextEquals("function_declarations"u8);
            reader.Read();
            if (isName && reader.TokenType == JsonTokenType.String) content.AddTool(reader.GetString());
            else if (isNested) ReadTools(ref reader, content, depth + 1);
            else reader.Skip();
        }
    }

    private static double? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number) return reader.GetDouble();
        if (reader.TokenType == JsonTokenType.String && double.TryParse(reader.ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) return number;
        reader.Skip();
        return null;
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }
}
