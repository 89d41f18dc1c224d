using Rung.Control.Imports.Reading;
using Rung.Core.Spans;

namespace Rung.Control.Imports.OpenRouter;

/// <summary>Reads OpenRouter's activity and generations; each record stands alone.</summary>
internal sealed class OpenRouterReader : ILogReader
{
    /// <inheritdoc/>
    public void BeginFile(LogFile file) { }

    /// <inheritdoc/>
    public void Read(in LogRecord record, IImportSink sink)
    {
        if (record.Row is { } row)
        {
            Read(FieldReading.Of(row), OpenRouterFormat.KindOf(row.Has), sink);
            return;
        }
        using var document = record.Parse();
        var root = OpenRouterFormat.Unwrap(document.RootElement);
        var fields = FieldReading.Of(root);
        Read(fields, OpenRouterFormat.KindOf(name => root.TryGetProperty(name, out _)), sink);
    }

    /// <inheritdoc/>
    public void EndFile(IImportSink sink) { }

    /// <inheritdoc/>
    public void Complete(IImportSink sink) { }

    private static void Read(FieldReading fields, OpenRouterRecord kind, IImportSink sink) => sink.Add(kind switch
    {
        OpenRouterRecord.Generation => ReadGeneration(fields),
        OpenRouterRecord.Activity => ReadActivity(fields),
        _ => throw new LogRecordException("The record is neither a generation (native_tokens_prompt) nor activity (date, usage, requests) of OpenRouter."),
    });

    private static ImportedCall ReadGeneration(FieldReading fields)
    {
        var model = fields.Name("model", "model_permaslug");
        var isCancelled = fields.Flag("cancelled") == true;
        // The tokens_* of the API are counted by one tokenizer for all models; only the native_* are billed. The table has one count: the native one.
        var figures = new UsageFigures
        {
            Input = fields.Count("native_tokens_prompt", "tokens_prompt"),
            Output = fields.Count("native_tokens_completion", "tokens_completion"),
            Reasoning = fields.Count("native_tokens_reasoning", "tokens_reasoning"),
            CacheRead = fields.Count("native_tokens_cached", "tokens_cached"),
        };
        var names = new JobNames();
        names.Infer(fields.NameIfText("app_name"));
        names.GiveUser(fields.NameIfText("external_user") ?? fields.NameIfText("user"));
        return names.ApplyTo(new ImportedCall
        {
            Source = "openrouter",
            Key = fields.RequiredName("id", "generation_id"),
            StartedAt = fields.RequiredTime("created_at"),
            LatencyMicros = TimeReading.Micros(fields.Number("latency") ?? fields.Number("generation_time", "generation_time_ms"), TimeUnit.Milliseconds),
            FirstByteMicros = TimeReading.Micros(fields.Number("time_to_first_token_ms"), TimeUnit.Milliseconds),
            Provider = ProviderOf(model),
            Model = model ?? "",
            Usage = Usage(figures, out var rule),
            UsageRule = rule,
            ReportedCostNanoUsd = GenerationCost(fields),
            Status = isCancelled ? ImportedStatus.Failed : ImportedStatus.Answered,
            Error = isCancelled ? "cancelled" : null,
            FinishReason = LogText.FinishReason(fields.NameIfText("finish_reason") ?? fields.NameIfText("finish_reason_normalized")),
            Session = fields.Name("session_id"),
            Team = TagName.Owner(fields.NameIfText("api_key_name")) ?? TagName.Owner(fields.NameIfText("app_id")),
        });
    }

    private static ImportedCall ReadActivity(FieldReading fields)
    {
        var model = fields.Name("model", "model_permaslug");
        var figures = new UsageFigures
        {
            Input = fields.Count("prompt_tokens"), Output = fields.Count("completion_tokens"), Reasoning = fields.Count("reasoning_tokens"),
        };
        var day = fields.RequiredName("date");
        return new ImportedCall
        {
            Source = "openrouter",
            Key = $"activity:{day}:{fields.Name("endpoint_id")}:{fields.Name("model_permaslug") ?? model}:{fields.Name("provider_name")}:{fields.Name("workspace_id")}",
            Granularity = ImportGranularity.Bucket,
            Requests = fields.Count("requests") ?? 0,
            StartedAt = fields.RequiredTime("date"),
            Provider = ProviderOf(model),
            Model = model ?? "",
            Usage = Usage(figures, out var rule),
            UsageRule = rule,
            // What was taken from the credits, and what the client's own keys paid to the providers.
            ReportedCostNanoUsd = Sum(fields.NanoUsd("usage"), fields.NanoUsd("byok_usage_inference")),
            Team = TagName.Owner(fields.Name("workspace_id")),
        };
    }

    // OpenRouter counts reasoning inside the completion and cached input inside the prompt.
    private static TokenUsage Usage(UsageFigures figures, out UsageRule rule) =>
        UsageRules.Reconcile(figures, PartRule.SurelyInside, PartRule.SurelyInside, out rule);

    private static string ProviderOf(string? model) => ProviderNames.Of("openrouter", model);

    // With the client's own key total_cost is OpenRouter's fee; the provider's bill comes on top.
    private static long? GenerationCost(FieldReading fields)
    {
        var cost = fields.NanoUsd("total_cost", "cost_total", "usage");
        if (fields.Has("byok_usage_inference")) return Sum(cost, fields.NanoUsd("byok_usage_inference"));
        return fields.Flag("is_byok") == true ? Sum(cost, fields.NanoUsd("upstream_inference_cost")) : cost;
    }

    private static long? Sum(long? one, long? other) => one is null ? other : one + (other ?? 0);
}
