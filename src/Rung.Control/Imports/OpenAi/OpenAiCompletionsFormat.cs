using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.OpenAi;

/// <summary>
/// Single answers as an API gives them, with model and usage: stored completions (<c>/v1/chat/completions</c>), and what programs keep of their requests and
/// answers, one object a line.
/// </summary>
internal sealed class OpenAiCompletionsFormat : ILogFormat
{
    public const string FormatName = "openai-completions";

    public string Name => FormatName;

    public string Title => "OpenAI completions: stored ones, or logs of requests and answers";

    // Who maps columns means those, not the ones that this format would look for.
    public bool Recognises(in LogSample sample) => sample.Mapping is null && sample.Shape == LogShape.Json && sample.Records.Any(record => CompletionRecord.TryFind(record, out _));

    public ILogReader CreateReader(ImportContext context) => new OpenAiCompletionsReader();
}

/// <summary>Where in a record request and answer stand.</summary>
/// <param name="Request">The request; undefined when the record has none.</param>
/// <param name="Reply">The answer, which has usage.</param>
internal readonly record struct CompletionRecord(JsonElement Request, JsonElement Reply)
{
    private static readonly string[] RequestNames = ["request", "request_body", "req", "input", "kwargs"];
    private static readonly string[] ReplyNames = ["response", "response_body", "res", "output", "completion"];

    /// <summary>Finds an answer with model and usage: the record itself, or a member of it, there perhaps in <c>body</c>.</summary>
    public static bool TryFind(JsonElement record, out CompletionRecord found)
    {
        found = default;
        if (record.ValueKind != JsonValueKind.Object) return false;
        if (HasUsage(record) && HasModel(record))
        {
            found = new CompletionRecord(Inner(record, RequestNames) ?? default, record);
            return true;
        }
        if (Inner(record, ReplyNames) is not { } reply || !HasUsage(reply)) return false;
        var request = Inner(record, RequestNames) ?? default;
        found = new CompletionRecord(request, reply);
        return HasModel(reply) || HasModel(request) || HasModel(record);
    }

    private static JsonElement? Inner(JsonElement record, string[] names)
    {
        foreach (var name in names)
        {
            if (MessageText.Within(record, name) is { } inner) return MessageText.Within(inner, "body") ?? inner;
        }
        return null;
    }

    private static bool HasModel(JsonElement json) => MessageText.Word(json, "model") is not null;

    private static bool HasUsage(JsonElement json) =>
        MessageText.Within(json, "usage") is { } usage && (usage.TryGetProperty("prompt_tokens", out _) || usage.TryGetProperty("input_tokens", out _));
}
