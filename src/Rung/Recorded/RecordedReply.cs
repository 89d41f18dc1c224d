using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rung.Core.Checks;
using Rung.Core.Spans;

namespace Rung.Recorded;

/// <summary>A recorded answer made ready for one request: cut at its cap, counted, and dressed in OpenAI's format.</summary>
internal sealed class RecordedReply
{
    /// <summary>How replies are written: text stays readable.</summary>
    public static readonly JsonWriterOptions JsonWriting = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _id;
    private readonly long _created;
    private readonly string _model;
    private readonly string? _text;
    private readonly ImmutableArray<(string Name, string Arguments)> _calls;
    private readonly string _finishReason;
    private readonly int _promptTokens;
    private readonly int _completionTokens;

    /// <summary>Makes the reply of one model to one prompt.</summary>
    /// <param name="row">The prompt.</param>
    /// <param name="outcome">What the model did.</param>
    /// <param name="answer">What it answered.</param>
    /// <param name="maxTokens">The request's cap in tokens; null for none.</param>
    /// <param name="created">Seconds since 1970, for the client.</param>
    public RecordedReply(RecordedRow row, RecordedOutcome outcome, RecordedAnswer answer, int? maxTokens, long created)
    {
        _id = $"chatcmpl-recorded-{(ulong)row.Key:x16}";
        _created = created;
        _model = outcome.Model;
        _text = answer.Text is null ? null : Encoding.UTF8.GetString(answer.Text);
        _calls = [.. answer.ToolCalls.Select(call => (call.Name, Encoding.UTF8.GetString(call.Arguments)))];
        _finishReason = outcome.FinishReason ?? (_calls.IsEmpty ? "stop" : "tool_calls");

        IsStandIn = answer.IsStandIn;
        UsageIsEstimated = outcome.PromptTokens is null || outcome.CompletionTokens is null;
        _promptTokens = outcome.PromptTokens ?? Estimate(row.Prompt.Length);
        _completionTokens = outcome.CompletionTokens ?? Estimate(Length);
        if (maxTokens is not { } cap || cap >= _completionTokens) return;

        if (answer.IsStandIn) _text = StandIn.Cut(cap);
        else
        {
            var left = (int)((long)Length * cap / _completionTokens);
            _text = Cut(_text, ref left);
            _calls = CutCalls(_calls, left);
        }
        _completionTokens = cap;
        _finishReason = "length";
    }

    /// <summary>Whether a token count was not recorded and is characters divided by 4.</summary>
    public bool UsageIsEstimated { get; }

    /// <summary>Whether the answer is a stand-in: only its grade was recorded.</summary>
    public bool IsStandIn { get; }

    private int Length => (_text?.Length ?? 0) + _calls.Sum(call => call.Arguments.Length);

    /// <summary>The tokens that the reply states.</summary>
    public TokenUsage Usage => new() { Input = _promptTokens, Output = _completionTokens, Source = UsageSource.Provider };

    /// <summary>The reply as a gateway's checks read it.</summary>
    public Answer ToAnswer(ImmutableArray<string> declaredTools, CallContext context) => new()
    {
        Content = _text is null ? default : Encoding.UTF8.GetBytes(_text),
        FinishReason = _finishReason,
        ToolCalls = [.. _calls.Select(call => new ToolCall(call.Name, Encoding.UTF8.GetBytes(call.Arguments)))],
        DeclaredTools = declaredTools,
        Context = context,
    };

    /// <summary>The whole reply as one JSON object.</summary>
    public byte[] ToJson() => Write(json =>
    {
        WriteHead(json, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", _text);
        json.WriteNull("refusal");
        if (!_calls.IsEmpty)
        {
            json.WriteStartArray("tool_calls");
            for (var i = 0; i < _calls.Length; i++) WriteCall(json, i, _calls[i].Arguments, withIndex: false);
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", _finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        WriteUsage(json);
        json.WriteEndObject();
    });

    /// <summary>The reply as the events of a stream, each with its blank line: role, content, tool calls, finish, usage when asked for, end.</summary>
    /// <param name="chunkChars">Most characters of one piece, at least 1.</param>
    /// <param name="includeUsage">Whether the client asked for usage.</param>
    public IEnumerable<byte[]> ToEvents(int chunkChars, bool includeUsage)
    {
        yield return Chunk(includeUsage, null, json =>
        {
            json.WriteString("role", "assistant");
            if (_calls.IsEmpty || _text is not null) json.WriteString("content", "");
            else json.WriteNull("content");
        });
        foreach (var piece in Pieces(_text ?? "", chunkChars)) yield return Chunk(includeUsage, null, json => json.WriteString("content", piece));
        for (var i = 0; i < _calls.Length; i++)
        {
            var index = i;
            yield return Chunk(includeUsage, null, json => WriteCallDelta(json, () => WriteCall(json, index, "", withIndex: true)));
            foreach (var piece in Pieces(_calls[i].Arguments, chunkChars))
            {
                yield return Chunk(includeUsage, null, json => WriteCallDelta(json, () => WriteArguments(json, index, piece)));
            }
        }
        yield return Chunk(includeUsage, _finishReason, _ => { });
        if (includeUsage) yield return UsageChunk();
        yield return "data: [DONE]\n\n"u8.ToArray();
    }

    /// <summary>Cuts text into pieces of at most so many UTF-16 units, never inside a character.</summary>
    internal static IEnumerable<string> Pieces(string text, int most)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(start + most, text.Length);
            if (end < text.Length && char.IsLowSurrogate(text[end]) && char.IsHighSurrogate(text[end - 1])) end++;
            yield return text[start..end];
            start = end;
        }
    }

    private byte[] Chunk(bool includeUsage, string? finishReason, Action<Utf8JsonWriter> delta) => Event(json =>
    {
        WriteHead(json, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        delta(json);
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (includeUsage) json.WriteNull("usage");
        json.WriteEndObject();
    });

    private byte[] UsageChunk() => Event(json =>
    {
        WriteHead(json, "chat.completion.chunk");
        json.WriteStartArray("choices");
        json.WriteEndArray();
        WriteUsage(json);
        json.WriteEndObject();
    });

    private void WriteHead(Utf8JsonWriter json, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", _id);
        json.WriteString("object", kind);
        json.WriteNumber("created", _created);
        json.WriteString("model", _model);
    }

    private void WriteUsage(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", _promptTokens);
        json.WriteNumber("completion_tokens", _completionTokens);
        json.WriteNumber("total_tokens", (long)_promptTokens + _completionTokens);
        json.WriteEndObject();
    }

    private void WriteCall(Utf8JsonWriter json, int index, string arguments, bool withIndex)
    {
        json.WriteStartObject();
        if (withIndex) json.WriteNumber("index", index);
        json.WriteString("id", $"call_{index}");
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", _calls[index].Name);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteArguments(Utf8JsonWriter json, int index, string piece)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("function");
        json.WriteString("arguments", piece);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCallDelta(Utf8JsonWriter json, Action call)
    {
        json.WriteStartArray("tool_calls");
        call();
        json.WriteEndArray();
    }

    private static byte[] Event(Action<Utf8JsonWriter> write) => [.. "data: "u8, .. Write(write), .. "\n\n"u8];

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonWriting)) write(json);
        return buffer.ToArray();
    }

    /// <summary>Characters divided by 4, rounded up: what is taken for tokens where none were counted.</summary>
    private static int Estimate(int characters) => (characters + 3) / 4;

    private static string? Cut(string? text, ref int left)
    {
        if (text is null) return null;
        var end = Math.Min(left, text.Length);
        if (end > 0 && end < text.Length && char.IsHighSurrogate(text[end - 1])) end--;
        left -= text.Length;
        return text[..end];
    }

    // A model that reaches its cap inside a call leaves that call's arguments unfinished and never starts the next one.
    private static ImmutableArray<(string Name, string Arguments)> CutCalls(ImmutableArray<(string Name, string Arguments)> calls, int left)
    {
        var kept = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var (name, arguments) in calls)
        {
            if (left <= 0) break;
            kept.Add((name, Cut(arguments, ref left)!));
        }
        return kept.ToImmutable();
    }
}
