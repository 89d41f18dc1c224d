using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Rung.Recorded;

/// <summary>One tool call of an answer.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">Its arguments, as the model wrote them.</param>
internal sealed record ChatToolCall(string Name, string Arguments);

/// <summary>A whole answer of a chat API, plain or put together from a stream.</summary>
/// <param name="Model">The model the body names; null when it names none.</param>
/// <param name="Text">The text; empty when there was none.</param>
/// <param name="ToolCalls">The tool calls, in order.</param>
internal sealed record ChatAnswer(string? Model, string Text, IReadOnlyList<ChatToolCall> ToolCalls)
{
    /// <summary>Reads a plain answer.</summary>
    /// <exception cref="ChatAnswerException">It is an error, or no chat completion.</exception>
    public static ChatAnswer Read(ReadOnlySpan<byte> body)
    {
        var reading = new Assembly();
        try
        {
            var json = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref json);
            reading.Add(document.RootElement, "message");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new ChatAnswerException("malformed", $"not a chat completion: {broken.Message}");
        }
        return reading.HasChoice ? reading.ToAnswer() : throw new ChatAnswerException("malformed", "no choices");
    }

    /// <summary>Reads a streamed answer to its end.</summary>
    /// <exception cref="ChatAnswerException">It holds an error, is no stream of chat chunks, or ends without <c>[DONE]</c>.</exception>
    public static async Task<ChatAnswer> ReadStreamAsync(Stream body, CancellationToken cancellationToken)
    {
        var reading = new Assembly();
        await foreach (var one in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            if (one.Data.StartsWith("[DONE]", StringComparison.Ordinal))
            {
                return reading.HasChoice ? reading.ToAnswer() : throw new ChatAnswerException("malformed", "a stream without choices");
            }
            try
            {
                using var document = JsonDocument.Parse(one.Data);
                reading.Add(document.RootElement, "delta");
            }
            catch (Exception broken) when (broken is JsonException or InvalidOperationException)
            {
                throw new ChatAnswerException("malformed", $"an event that is no chat chunk: {broken.Message}");
            }
        }
        throw new ChatAnswerException("stream_cut", "the stream ended before [DONE]");
    }

    /// <summary>The code of an error body: its <c>code</c>, else its <c>type</c>; null when it is no error body.</summary>
    public static string? ErrorCode(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error) ? CodeOf(error) : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? CodeOf(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object) return null;
        return Member(error, "code") ?? Member(error, "type");
    }

    private static string? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The pieces seen so far. Tool calls are merged by their <c>index</c>, never by their place.</summary>
    private sealed class Assembly
    {
        private readonly StringBuilder _text = new();
        private readonly SortedDictionary<int, (string Name, StringBuilder Arguments)> _calls = [];
        private string? _model;

        public bool HasChoice { get; private set; }

        public void Add(JsonElement chunk, string part)
        {
            if (chunk.ValueKind != JsonValueKind.Object) throw new ChatAnswerException("malformed", "not a JSON object");
            if (chunk.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            {
                throw new ChatAnswerException(CodeOf(error) ?? "error", Member(error, "message") ?? "an error in the answer");
            }
            _model ??= Member(chunk, "model");
            if (!chunk.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0) return;

            HasChoice = true;
            if (!choices[0].TryGetProperty(part, out var message) || message.ValueKind != JsonValueKind.Object) return;
            _text.Append(Member(message, "content"));
            if (!message.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array) return;

            var place = 0;
            foreach (var call in calls.EnumerateArray()) AddCall(call, place++);
        }

        public ChatAnswer ToAnswer() =>
            new(_model, _text.ToString(), [.. _calls.Values.Select(call => new ChatToolCall(call.Name, call.Arguments.ToString()))]);

        private void AddCall(JsonElement call, int place)
        {
            var index = call.TryGetProperty("index", out var given) && given.TryGetInt32(out var number) ? number : place;
            if (!call.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object) return;
            if (!_calls.TryGetValue(index, out var known)) known = ("", new StringBuilder());
            known.Arguments.Append(Member(function, "arguments"));
            _calls[index] = (Member(function, "name") ?? known.Name, known.Arguments);
        }
    }
}

/// <summary>What came back is no answer.</summary>
/// <param name="code">A word for the report.</param>
/// <param name="message">What was wrong.</param>
internal sealed class ChatAnswerException(string code, string message) : Exception(message)
{
    /// <summary>A word for the report: the error's own code, or <c>malformed</c>, or <c>stream_cut</c>.</summary>
    public string Code { get; } = code;
}
