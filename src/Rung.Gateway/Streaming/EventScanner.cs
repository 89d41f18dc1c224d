using System.Text.Json;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Gateway.Streaming;

/// <summary>
/// Follows a stream of server-sent events as it passes: finds whole events, and in them usage, finish reason, errors and the end.
/// One per stream. Lines end in LF or CRLF; comment lines (keep-alives) and blank lines are no content.
/// </summary>
internal sealed class EventScanner(string expectedModel)
{
    private bool isChunks; // The first event was a chunk.

    /// <summary>Content came, or an end: the stream has begun in earnest.</summary>
    public bool HasContent { get; private set; }
    /// <summary><c>[DONE]</c> came.</summary>
    public bool IsDone { get; private set; }
    /// <summary>An event with an <c>error</c> came, or a finish reason that says the provider failed.</summary>
    public bool HasError { get; private set; }
    public bool HasUsage { get; private set; }
    public TokenUsage Usage { get; private set; }
    public string? FinishReason { get; private set; }
    public string? UpstreamModel { get; private set; }
    /// <summary>Bytes of content deltas, for an estimate when a stream is cut.</summary>
    public long ContentBytes { get; private set; }
    /// <summary>Place in the last scanned span of the event that carries nothing but usage; empty when there was none.</summary>
    public (int Start, int End) UsageOnly { get; private set; }

    /// <summary>The stream ended as a stream should.</summary>
    public bool IsWhole => !HasError && (IsDone || FinishReason is not null);

    /// <summary>Reads the whole events at the start of a span. Runs once per chunk received.</summary>
    /// <returns>How many bytes these events take; the rest is the start of an event still to come.</returns>
    public int Scan(ReadOnlySpan<byte> span)
    {
        var at = 0;
        var eventStart = 0;
        UsageOnly = default;
        while (true)
        {
            var length = span[at..].IndexOf((byte)'\n');
            if (length < 0) return eventStart;
            var blank = length == 0 || length == 1 && span[at] == (byte)'\r';
            at += length + 1;
            if (!blank) continue;
            // Only now: an event whose blank line is still to come is seen again with the next chunk, and must not be counted twice.
            Event(span[eventStart..at]);
            if (UsageOnly.End == -1) UsageOnly = (eventStart, at);
            eventStart = at;
        }
    }

    /// <summary>Whether what a stream left behind is an event that lacks nothing but its blank line.</summary>
    public static bool IsWholeEvent(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimEnd("\r\n"u8);
        var data = rest[(rest.LastIndexOf((byte)'\n') + 1)..];
        if (!data.StartsWith("data:"u8)) return false;
        data = data[5..].TrimStart((byte)' ');
        return data.SequenceEqual("[DONE]"u8) || IsObject(data);
    }

    private void Event(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var length = lines.IndexOf((byte)'\n');
            var line = lines[..length].TrimEnd((byte)'\r');
            if (line.StartsWith("data:"u8)) Data(line[5..]);
            else if (line.StartsWith("event:"u8) && line[6..].Trim((byte)' ').SequenceEqual("error"u8)) HasError = true;
            lines = lines[(length + 1)..];
        }
    }

    private void Data(ReadOnlySpan<byte> data)
    {
        if (data.Length > 0 && data[0] == (byte)' ') data = data[1..];
        if (data.IsEmpty) return;
        if (data.StartsWith("[DONE]"u8))
        {
            IsDone = true;
            return;
        }
        if (!isChunks && !IsObject(data) || IsErrorEvent(data))
        {
            HasError = true;
            return;
        }
        isChunks = true;
        var before = ContentBytes;
        Content(data);
        if (UpstreamModel is null) ReadModel(data);
        Finish(data);
        ReadUsage(data);
        // The opening chunk that only names the role is a greeting, not yet an answer: until one comes, another model may still give it.
        if (!HasContent) HasContent = ContentBytes > before || FinishReason is not null || !IsGreeting(data);
    }

    private static bool IsGreeting(ReadOnlySpan<byte> data) =>
        HoldsNoChoice(data)
        || data.IndexOf("\"role\""u8) >= 0 && data.IndexOf("\"tool_calls\":[{"u8) < 0 && data.IndexOf("\"function_call\""u8) < 0 && data.IndexOf("\"audio\""u8) < 0;

    /// <summary>The first event decides whether this is a stream of chunks at all; it alone is parsed whole.</summary>
    private static bool IsObject(ReadOnlySpan<byte> data)
    {
        try
        {
            var json = new Utf8JsonReader(data);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            json.Skip();
            return !json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsErrorEvent(ReadOnlySpan<byte> data)
    {
        if (data.IndexOf("\"error\""u8) < 0) return false; // Nearly every event leaves here, unparsed.
        var json = new Utf8JsonReader(data);
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return true;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var error = json.ValueTextEquals("error"u8);
                json.Read();
                if (error && json.TokenType is not (JsonTokenType.Null or JsonTokenType.False)) return true;
                json.Skip();
            }
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private void Content(ReadOnlySpan<byte> data)
    {
        var bytes = TextBytes(data, "\"content\""u8);
        if (bytes == 0) bytes = TextBytes(data, "\"arguments\""u8);
        // Reasoning is billed as output, by whichever name it comes.
        if (bytes == 0) bytes = TextBytes(data, "\"reasoning_content\""u8);
        if (bytes == 0) bytes = TextBytes(data, "\"reasoning\""u8);
        ContentBytes += bytes;
    }

    /// <summary>Bytes of a string value, escapes and all; 0 where there is no such string.</summary>
    private static int TextBytes(ReadOnlySpan<byte> data, ReadOnlySpan<byte> key)
    {
        var at = data.IndexOf(key);
        if (at < 0) return 0;
        var text = data[(at + key.Length)..].TrimStart(" :"u8);
        if (text.IsEmpty || text[0] != (byte)'"') return 0;
        text = text[1..];
        var end = 0;
        while (true)
        {
            var next = text[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0) return text.Length;
            end += next;
            if (text[end] == (byte)'"') return end;
            end = Math.Min(end + 2, text.Length);
        }
    }

    private void ReadModel(ReadOnlySpan<byte> data)
    {
        var at = data.IndexOf("\"model\""u8);
        if (at < 0) return;
        var json = new Utf8JsonReader(data[(at + 7)..].TrimStart(" :"u8));
        try
        {
            if (json.Read() && json.TokenType == JsonTokenType.String)
                UpstreamModel = json.ValueTextEquals(expectedModel) ? expectedModel : json.GetString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            UpstreamModel = null; // A name that cannot be read is no name.
        }
    }

    private void Finish(ReadOnlySpan<byte> data)
    {
        var at = data.IndexOf("\"finish_reason\""u8);
        if (at < 0) return;
        var value = data[(at + 15)..].TrimStart(" :"u8);
        if (value.IsEmpty || value[0] != (byte)'"') return; // null until the end
        try
        {
            var json = new Utf8JsonReader(value, isFinalBlock: false, default);
            if (json.Read() && json.TokenType == JsonTokenType.String) FinishReason ??= FinishReasons.Known(ref json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return; // A reason that cannot be read is no reason.
        }
        if (FinishReasons.IsFailure(FinishReason)) HasError = true;
    }

    private void ReadUsage(ReadOnlySpan<byte> data)
    {
        var at = data.IndexOf("\"usage\""u8);
        if (at < 0) return;
        var value = data[(at + 7)..].TrimStart(" :"u8);
        if (value.IsEmpty || value[0] != (byte)'{') return; // null on every chunk but the last
        try
        {
            var json = new Utf8JsonReader(value, isFinalBlock: false, default);
            // Cumulative where it comes on every chunk: the last one counts, never the sum.
            if (!json.Read() || !UsageReader.TryRead(ref json, out var usage)) return;
            if (UsageReader.IsBelievable(usage)) (HasUsage, Usage) = (true, usage with { Tier = Tier(data, usage.Tier) });
            if (HoldsNoChoice(data)) UsageOnly = (0, -1);
        }
        catch (JsonException)
        {
            // Not a usage block.
        }
    }

    /// <summary>OpenAI names the service tier that it bills beside the usage block.</summary>
    private static ServiceTier Tier(ReadOnlySpan<byte> data, ServiceTier inBlock)
    {
        var at = data.IndexOf("\"service_tier\""u8);
        if (at < 0) return inBlock;
        var json = new Utf8JsonReader(data[(at + 14)..].TrimStart(" :"u8), isFinalBlock: false, default);
        return json.Read() && json.TokenType == JsonTokenType.String ? UsageReader.TierOf(ref json) : inBlock;
    }

    private static bool HoldsNoChoice(ReadOnlySpan<byte> data)
    {
        var at = data.IndexOf("\"choices\""u8);
        if (at < 0) return true;
        var value = data[(at + 9)..].TrimStart(" :["u8);
        return !value.IsEmpty && value[0] == (byte)']';
    }
}
