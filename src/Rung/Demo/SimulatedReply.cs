using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rung.Demo;

/// <summary>What a simulated model answers: decided by the model, the prompt and the seed alone. Tokens are characters divided by 4, rounded up.</summary>
internal sealed class SimulatedReply
{
    /// <summary>Characters of one token, the same for prompt and answer and for every model.</summary>
    public const int CharactersPerToken = 4;

    private const int Chunks = 6;
    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SimulatedModel _model;

    public SimulatedReply(SimulatedModel model, SimulatedRequest request, long seed, SimulatedForm form)
    {
        _model = model;
        var job = DemoSessions.JobOf(request.Instruction);
        var chance = new DemoChance(seed, $"{model.Id}\n{request.Instruction}\n{request.Prompt}");
        var answer = job?.Answer(request.Prompt) ?? "This is a simulated model: it knows the demo's own prompts and nothing else.";
        var (faults, wrong) = form.Of(model);
        if (job is { Faults.Count: > 0 } && chance.Share() < faults)
        {
            Fault = chance.Pick(job.Faults);
            answer = SimulatedFaults.Apply(Fault.Value, answer, request.Prompt, request.Cap);
        }
        else if (job is { OtherAnswers.Count: > 1 } && chance.Share() < wrong)
        {
            answer = job.OtherAnswers.First(other => other != answer);
        }
        IsCut = Tokens(answer) > request.Cap;
        Text = IsCut ? answer[..(request.Cap * CharactersPerToken)] : answer;
        InputTokens = Tokens(request.Instruction) + Tokens(request.Prompt);
        OutputTokens = Tokens(Text);

        var pace = 0.75 + (chance.Share() / 2); // From a quarter less than the mean to a quarter more.
        FirstToken = model.FirstToken * pace;
        Rest = TimeSpan.FromSeconds((double)OutputTokens / model.TokensPerSecond) * pace;
    }

    /// <summary>The answer.</summary>
    public string Text { get; }
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public SimulatedFault? Fault { get; }
    /// <summary>Whether the token cap cut it.</summary>
    public bool IsCut { get; }
    /// <summary>Tokens of the request.</summary>
    public int InputTokens { get; }
    /// <summary>Tokens of the answer.</summary>
    public int OutputTokens { get; }
    /// <summary>Time to the first token, in the time that is simulated.</summary>
    public TimeSpan FirstToken { get; }
    /// <summary>Time from the first token to the last.</summary>
    public TimeSpan Rest { get; }

    /// <summary>The reply in one piece.</summary>
    public byte[] ToJson() => Write(json =>
    {
        Head(json, "chat.completion");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", Text);
        json.WriteEndObject();
        json.WriteString("finish_reason", IsCut ? "length" : "stop");
        json.WriteEndObject();
        json.WriteEndArray();
        Usage(json);
    });

    /// <summary>The reply as server-sent events: pieces, the finish, usage if asked for, the end.</summary>
    public IEnumerable<byte[]> ToEvents(bool includeUsage)
    {
        var size = (Text.Length + Chunks - 1) / Chunks;
        for (var start = 0; start < Text.Length; start += size)
        {
            var piece = Text.Substring(start, Math.Min(size, Text.Length - start));
            yield return Event(json => Choice(json, piece, finish: null));
        }
        yield return Event(json => Choice(json, piece: null, IsCut ? "length" : "stop"));
        if (includeUsage)
        {
            yield return Event(json =>
            {
                json.WriteStartArray("choices");
                json.WriteEndArray();
                Usage(json);
            });
        }
        yield return "data: [DONE]\n\n"u8.ToArray();
    }

    private static int Tokens(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;

    private static void Choice(Utf8JsonWriter json, string? piece, string? finish)
    {
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("delta");
        if (piece is not null) json.WriteString("content", piece);
        json.WriteEndObject();
        json.WriteString("finish_reason", finish);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private byte[] Event(Action<Utf8JsonWriter> write)
    {
        var body = Write(json =>
        {
            Head(json, "chat.completion.chunk");
            write(json);
        });
        return [.. "data: "u8, .. body, .. "\n\n"u8];
    }

    private void Head(Utf8JsonWriter json, string kind)
    {
        json.WriteString("id", "chatcmpl-simulated");
        json.WriteString("object", kind);
        json.WriteNumber("created", 0);
        json.WriteString("model", _model.Id);
    }

    private void Usage(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", InputTokens);
        json.WriteNumber("completion_tokens", OutputTokens);
        json.WriteNumber("total_tokens", InputTokens + OutputTokens);
        json.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, s_writing))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
