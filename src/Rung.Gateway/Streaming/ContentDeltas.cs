using System.Buffers;
using System.Text.Json;

namespace Rung.Gateway.Streaming;

/// <summary>Takes a piece of text, UTF-8, unescaped.</summary>
internal delegate void TakeText<in T>(ReadOnlySpan<byte> text, T taker);

/// <summary>Finds the text of the first choice in the events of a stream, as it comes: what a client would put together as its content.</summary>
internal sealed class ContentDeltas
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>False once an event could not be read: what the answer says is then not known here.</summary>
    public bool IsReadable { get; private set; } = true;

    /// <summary>Reads whole events.</summary>
    public void Read<T>(ReadOnlySpan<byte> events, T taker, TakeText<T> take)
    {
        try
        {
            while (!events.IsEmpty && IsReadable)
            {
                var end = events.IndexOf((byte)'\n');
                var line = end < 0 ? events : events[..end];
                events = end < 0 ? default : events[(end + 1)..];
                if (!line.StartsWith("data:"u8)) continue;
                line = line[5..].Trim(" \r"u8);
                if (line.StartsWith("[DONE]"u8)) return;
                Event(line, taker, take);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            IsReadable = false;
        }
    }

    private static void Event<T>(ReadOnlySpan<byte> data, T taker, TakeText<T> take)
    {
        var json = new Utf8JsonReader(data, Options);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var choices = json.ValueTextEquals("choices"u8);
            json.Read();
            if (choices && json.TokenType == JsonTokenType.StartArray)
            {
                while (json.Read() && json.TokenType == JsonTokenType.StartObject) Choice(ref json, taker, take);
            }
            else
            {
                json.Skip();
            }
        }
    }

    /// <summary>The index may stand behind the delta: the place of the content is kept until it is known whose it is.</summary>
    private static void Choice<T>(ref Utf8JsonReader json, T taker, TakeText<T> take)
    {
        var index = 0;
        Utf8JsonReader content = default;
        var hasContent = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isIndex = json.ValueTextEquals("index"u8);
            var isDelta = json.ValueTextEquals("delta"u8);
            json.Read();
            if (isIndex && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number)) index = number;
            if (isDelta && json.TokenType == JsonTokenType.StartObject)
            {
                while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                {
                    var isContent = json.ValueTextEquals("content"u8);
                    json.Read();
                    if (isContent)
                    {
                        content = json;
                        hasContent = true;
                    }
                    json.Skip();
                }
            }
            else
            {
                json.Skip();
            }
        }
        if (hasContent && index == 0) Content(content, taker, take);
    }

    /// <summary>Text, or a list of parts of which the texts count.</summary>
    private static void Content<T>(Utf8JsonReader json, T taker, TakeText<T> take)
    {
        if (json.TokenType == JsonTokenType.String) Text(ref json, taker, take);
        if (json.TokenType != JsonTokenType.StartArray) return;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isText = json.ValueTextEquals("text"u8);
                json.Read();
                if (isText && json.TokenType == JsonTokenType.String) Text(ref json, taker, take);
                json.Skip();
            }
        }
    }

    private static void Text<T>(ref Utf8JsonReader json, T taker, TakeText<T> take)
    {
        if (!json.ValueIsEscaped)
        {
            if (!json.ValueSpan.IsEmpty) take(json.ValueSpan, taker);
            return;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(json.ValueSpan.Length);
        try
        {
            take(buffer.AsSpan(0, json.CopyString(buffer)), taker);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
