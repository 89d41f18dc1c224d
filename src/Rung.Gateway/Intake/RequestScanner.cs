using System.Text;
using System.Text.Json;
using Rung.Core.Requests;

namespace Rung.Gateway.Intake;

/// <summary>
/// Reads a chat-completions body once, without building a document: finds the governed fields by place, so that everything else can
/// travel on as it came. Runs once per call.
/// </summary>
internal static class RequestScanner
{
    /// <summary>Deepest nesting of a body.</summary>
    public const int MaxDepth = 128;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Scans.</summary>
    /// <returns>Null when the body is a chat request; else what is wrong with it, for the client.</returns>
    public static string? TryScan(ReadOnlySpan<byte> body, out ScannedRequest scan)
    {
        scan = default;
        try
        {
            return Scan(body, ref scan);
        }
        catch (JsonException e)
        {
            return $"The request body is not valid JSON, or nested deeper than {MaxDepth} levels: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.";
        }
        catch (InvalidOperationException)
        {
            return "The request body holds text that is not valid UTF-8.";
        }
    }

    private static string? Scan(ReadOnlySpan<byte> body, ref ScannedRequest scan)
    {
        var json = new Utf8JsonReader(body, Options);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return "The request body must be a JSON object.";
        scan.InsertAt = (int)json.BytesConsumed;

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var keyStart = (int)json.TokenStartIndex;
            var field = Name(ref json);
            json.Read();
            var valueStart = (int)json.TokenStartIndex;
            var duplicate = Read(ref json, field, ref scan, body);
            var place = new FieldSpan(keyStart, valueStart, (int)json.BytesConsumed);
            // A second governed field would be rewritten here and read there: which one an upstream believes is unknown.
            if (duplicate) return $"The field '{NameOf(field)}' has a key twice.";
            if (!Note(field, place, ref scan)) return $"The request body has the field '{NameOf(field)}' twice.";
        }
        // Anything behind the object fails the read.
        json.Read();

        if (!scan.HasMessages) return "The request body has no 'messages' array.";
        if (!scan.Model.IsPresent) return "The request body has no 'model'.";
        if (scan.ModelName is null) return "The field 'model' must be a string.";
        return null;
    }

    private static Field Name(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("messages"u8)) return Field.Messages;
        if (json.ValueTextEquals("model"u8)) return Field.Model;
        if (json.ValueTextEquals("stream"u8)) return Field.Stream;
        if (json.ValueTextEquals("temperature"u8)) return Field.Temperature;
        if (json.ValueTextEquals("max_tokens"u8)) return Field.MaxTokens;
        if (json.ValueTextEquals("max_completion_tokens"u8)) return Field.MaxCompletionTokens;
        if (json.ValueTextEquals("stream_options"u8)) return Field.StreamOptions;
        if (json.ValueTextEquals("metadata"u8)) return Field.Metadata;
        if (json.ValueTextEquals("tools"u8)) return Field.Tools;
        if (json.ValueTextEquals("response_format"u8)) return Field.ResponseFormat;
        if (json.ValueTextEquals("user"u8)) return Field.User;
        if (json.ValueTextEquals("logprobs"u8)) return Field.Logprobs;
        if (json.ValueTextEquals("modalities"u8)) return Field.Modalities;
        if (json.ValueTextEquals("tags"u8)) return Field.Tags;
        if (json.ValueTextEquals("session_id"u8)) return Field.SessionId;
        if (json.ValueTextEquals("safety_identifier"u8)) return Field.SafetyIdentifier;
        return Field.Other;
    }

    /// <summary>Reads a field's value and leaves the reader on its last token.</summary>
    /// <returns>True when the value itself repeats a key that matters.</returns>
    private static bool Read(ref Utf8JsonReader json, Field field, ref ScannedRequest scan, ReadOnlySpan<byte> body)
    {
        switch (field)
        {
            case Field.Messages:
                scan.HasMessages = json.TokenType == JsonTokenType.StartArray;
                var start = (int)json.TokenStartIndex;
                json.Skip();
                scan.Needs |= ContentNeeds(body[start..(int)json.BytesConsumed]);
                return false;
            case Field.Model:
                scan.ModelName = Text(ref json);
                return false;
            case Field.Stream:
                scan.IsStream = json.TokenType == JsonTokenType.True;
                break;
            case Field.Temperature:
                if (json.TokenType == JsonTokenType.Number && json.TryGetDouble(out var temperature)) scan.RequestedTemperature = temperature;
                break;
            case Field.MaxTokens or Field.MaxCompletionTokens:
                if (json.TokenType == JsonTokenType.Number && Cap(ref json) is > 0 and var cap)
                    scan.RequestedMaxTokens = scan.RequestedMaxTokens == 0 ? cap : Math.Min(scan.RequestedMaxTokens, cap);
                break;
            case Field.StreamOptions:
                return ReadStreamOptions(ref json, ref scan);
            case Field.Metadata:
                return MetadataScanner.Read(ref json, ref scan.FromMetadata);
            case Field.Tools:
                if (json.TokenType == JsonTokenType.StartArray) scan.Needs |= ModelNeeds.Tools;
                break;
            case Field.ResponseFormat:
                if (IsJsonSchema(ref json)) scan.Needs |= ModelNeeds.JsonSchema;
                return false;
            case Field.User:
                scan.User = Text(ref json);
                return false;
            case Field.Logprobs:
                if (json.TokenType == JsonTokenType.True) scan.Needs |= ModelNeeds.Logprobs;
                break;
            case Field.Modalities:
                if (HoldsText(ref json, "audio"u8)) scan.Needs |= ModelNeeds.Audio;
                return false;
            case Field.Tags:
                scan.FirstTag = FirstText(ref json);
                return false;
            case Field.SessionId:
                scan.SessionId = Text(ref json);
                return false;
            case Field.SafetyIdentifier:
                scan.SafetyIdentifier = Text(ref json);
                return false;
        }
        json.Skip();
        return false;
    }

    /// <summary>A cap written as 64.0 or 6.4e1 is 64; one beyond every model is the largest.</summary>
    private static int Cap(ref Utf8JsonReader json) =>
        json.TryGetInt32(out var cap) ? cap : json.TryGetDouble(out var wide) && wide >= 1 ? (int)Math.Min(wide, int.MaxValue) : 0;

    /// <summary>Notes a governed field's place; false when it already had one.</summary>
    private static bool Note(Field field, FieldSpan place, ref ScannedRequest scan)
    {
        switch (field)
        {
            case Field.Messages: return Set(ref scan.Messages, place);
            case Field.Model: return Set(ref scan.Model, place);
            case Field.MaxTokens: return Set(ref scan.MaxTokens, place);
            case Field.MaxCompletionTokens: return Set(ref scan.MaxCompletionTokens, place);
            case Field.Temperature: return Set(ref scan.Temperature, place);
            case Field.Stream: return Set(ref scan.Stream, place);
            case Field.StreamOptions: return Set(ref scan.StreamOptions, place);
            case Field.Metadata: return Set(ref scan.Metadata, place);
            case Field.Tags: return Set(ref scan.Tags, place);
            case Field.Tools: return Set(ref scan.Tools, place);
            default: return true;
        }
    }

    private static bool Set(ref FieldSpan field, FieldSpan place)
    {
        if (field.IsPresent) return false;
        field = place;
        return true;
    }

    /// <summary>
    /// What the messages need, by the types of their parts. Nearly all hold none of these words and are not walked again; where one stands,
    /// it may be a text or the name of a tool.
    /// </summary>
    private static ModelNeeds ContentNeeds(ReadOnlySpan<byte> messages)
    {
        if (messages.IndexOf("\"image_url\""u8) < 0 && messages.IndexOf("\"input_audio\""u8) < 0 && messages.IndexOf("\"file\""u8) < 0) return ModelNeeds.None;
        var needs = ModelNeeds.None;
        var json = new Utf8JsonReader(messages, Options);
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("type"u8)) continue;
            json.Read();
            if (json.TokenType != JsonTokenType.String) continue;
            if (json.ValueTextEquals("image_url"u8)) needs |= ModelNeeds.Vision;
            else if (json.ValueTextEquals("input_audio"u8)) needs |= ModelNeeds.Audio;
            else if (json.ValueTextEquals("file"u8)) needs |= ModelNeeds.Files;
        }
        return needs;
    }

    private static bool ReadStreamOptions(ref Utf8JsonReader json, ref ScannedRequest scan)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return false;
        }
        var seen = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            RequireText(ref json);
            var includeUsage = json.ValueTextEquals("include_usage"u8);
            json.Read();
            if (includeUsage)
            {
                if (seen) return true;
                seen = true;
                scan.WantsUsage = json.TokenType == JsonTokenType.True;
            }
            json.Skip();
        }
        return false;
    }

    private static bool IsJsonSchema(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return false;
        }
        var schema = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var type = json.ValueTextEquals("type"u8);
            json.Read();
            if (type && json.TokenType == JsonTokenType.String && json.ValueTextEquals("json_schema"u8)) schema = true;
            json.Skip();
        }
        return schema;
    }

    private static bool HoldsText(ref Utf8JsonReader json, ReadOnlySpan<byte> wanted)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return false;
        }
        var holds = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.String && json.ValueTextEquals(wanted)) holds = true;
            json.Skip();
        }
        return holds;
    }

    internal static string? FirstText(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return null;
        }
        string? first = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (first is null && json.TokenType == JsonTokenType.String) first = json.GetString();
            json.Skip();
        }
        return first;
    }

    /// <summary>Throws for a name that is no text (half a surrogate pair, broken UTF-8): it could not be written again.</summary>
    /// <exception cref="InvalidOperationException">It is no text.</exception>
    internal static void RequireText(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped || !Ascii.IsValid(json.ValueSpan)) _ = json.GetString();
    }

    /// <summary>The text of a string value; null (and the value skipped) for anything else.</summary>
    internal static string? Text(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String) return json.GetString();
        json.Skip();
        return null;
    }

    private static string NameOf(Field field) => field switch
    {
        Field.MaxTokens => "max_tokens",
        Field.MaxCompletionTokens => "max_completion_tokens",
        Field.StreamOptions => "stream_options",
        _ => field.ToString().ToLowerInvariant(),
    };

    private enum Field : byte
    {
        Other, Messages, Model, Stream, Temperature, MaxTokens, MaxCompletionTokens, StreamOptions, Metadata, Tools, ResponseFormat, User,
        Logprobs, Modalities, Tags, SessionId, SafetyIdentifier,
    }
}
