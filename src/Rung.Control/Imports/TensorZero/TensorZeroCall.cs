using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.TensorZero;

/// <summary>One call from a model inference of TensorZero.</summary>
internal static class TensorZeroCall
{
    /// <summary>Reads the call, without what only its inference knows.</summary>
    /// <exception cref="LogRecordException">A field is missing or of a wrong kind.</exception>
    public static ImportedCall Read(FieldReading fields)
    {
        var id = fields.RequiredName("id", "model_inference_id");
        var request = fields.Json("raw_request");
        var model = (request is { } body ? TagName.Cut(MessageText.Word(body, "model")) : null) ?? WithoutProvider(fields.Name("model_name"));
        var figures = new UsageFigures
        {
            Input = fields.Count("input_tokens"), Output = fields.Count("output_tokens"),
            CacheRead = fields.Count("provider_cache_read_input_tokens"), CacheWrite = fields.Count("provider_cache_write_input_tokens"),
        };
        var call = new ImportedCall
        {
            Source = "tensorzero",
            Key = id,
            // The id was made when the call was, to the millisecond; the column has whole seconds.
            StartedAt = TimeReading.OfUuid7(id) ?? fields.RequiredTime("timestamp"),
            LatencyMicros = TimeReading.Micros(fields.Number("response_time_ms"), TimeUnit.Milliseconds),
            FirstByteMicros = TimeReading.Micros(fields.Number("ttft_ms"), TimeUnit.Milliseconds),
            Provider = ProviderNames.Of(fields.Name("model_provider_name"), model),
            Model = model ?? "",
            Usage = UsageRules.Reconcile(figures, PartRule.Inside, PartRule.Inside, out var rule),
            UsageRule = rule,
            ReportedCostNanoUsd = fields.NanoUsd("cost"),
            Status = fields.Flag("cached") == true ? ImportedStatus.ServedFromCache : ImportedStatus.Answered, // Only answers are kept.
            FinishReason = LogText.FinishReason(fields.NameIfText("finish_reason")),
        };
        return ReadContent(fields, request).ApplyTo(call);
    }

    // "openai::gpt-5-mini" is the short way of naming a provider's model; a model of the configuration has a name of its own.
    private static string? WithoutProvider(string? name)
    {
        var at = name?.LastIndexOf("::", StringComparison.Ordinal) ?? -1;
        return at < 0 ? name : name![(at + 2)..];
    }

    private static ChatReading ReadContent(FieldReading fields, JsonElement? request)
    {
        var chat = new ChatReading();
        if (request is { } body) chat.AddParameters(body);
        chat.AddSystem(fields.NameIfText("system") is null ? null : fields.Text("system"));
        if (fields.Json("input_messages") is { } messages) chat.AddMessages(messages);
        if (fields.Json("output") is { ValueKind: JsonValueKind.Array } output) chat.AddReply(output);
        return chat;
    }
}
