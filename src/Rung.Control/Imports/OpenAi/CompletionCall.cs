using System.Runtime.InteropServices;
using System.Text.Json;
using Rung.Control.Imports.Reading;
using Rung.Core.Prices;
using Rung.Core.Spans;

namespace Rung.Control.Imports.OpenAi;

/// <summary>Makes a call of an answer in the dialects of OpenAI (chat, Responses, embeddings) or Anthropic.</summary>
internal static class CompletionCall
{
    /// <summary>The call, with what request and answer tell of it; names of the job are the caller's to add.</summary>
    /// <param name="source">Name of the format.</param>
    /// <param name="key">The natural id.</param>
    /// <param name="startedAt">When it began.</param>
    /// <param name="request">The request; undefined when there is none.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="provider">Who served it, in the log's word; null when it does not say.</param>
    public static ImportedCall Of(string source, string key, DateTimeOffset startedAt, JsonElement request, JsonElement reply, string? provider)
    {
        var model = TagName.Cut(MessageText.Word(reply, "model") ?? MessageText.Word(request, "model")) ?? "";
        var usage = UsageOf(reply);
        var chat = new ChatReading();
        // A Responses object repeats the parameters of its request; a stored completion has some of them.
        if (request.ValueKind == JsonValueKind.Object) chat.AddRequest(request);
        else chat.AddParameters(reply);
        if (MessageText.Word(reply, "instructions") is { } instructions && request.ValueKind != JsonValueKind.Object) chat.AddSystem(instructions);
        chat.AddReply(reply);
        var isFailed = MessageText.Within(reply, "error") is not null || MessageText.Word(reply, "status") is "failed" or "cancelled";
        return chat.ApplyTo(new ImportedCall
        {
            Source = source,
            Key = key,
            StartedAt = startedAt,
            Provider = ProviderNames.Of(provider, model),
            Model = model,
            Usage = usage,
            ReportedCostNanoUsd = usage.ReportedCostNanoUsd,
            Status = isFailed ? ImportedStatus.Failed : ImportedStatus.Answered,
            Error = isFailed ? TagName.Cut(MessageText.Within(reply, "error") is { } error ? MessageText.Word(error, "code") ?? MessageText.Word(error, "type") : MessageText.Word(reply, "status")) : null,
            User = TagName.Cut(MessageText.Word(request, "user") ?? MessageText.Word(reply, "user") ?? MessageText.Word(reply, "input_user")),
        });
    }

    /// <summary>The counts of an answer, with the service tier that it names beside them.</summary>
    /// <exception cref="LogRecordException">They cannot be true.</exception>
    public static TokenUsage UsageOf(JsonElement reply)
    {
        if (MessageText.Within(reply, "usage") is not { } block) return default;
        if (!UsageReader.TryReadUsageObject(JsonMarshal.GetRawUtf8Value(block), out var usage)) throw new LogRecordException("usage has no token counts.");
        if (!UsageReader.IsBelievable(usage)) throw new LogRecordException("usage has token counts that cannot be true.");
        return MessageText.Word(reply, "service_tier") switch
        {
            "flex" => usage with { Tier = ServiceTier.Flex },
            "priority" or "fast" => usage with { Tier = ServiceTier.Priority },
            _ => usage,
        };
    }
}
