using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Bifrost;

/// <summary>One attempt from a row of Bifrost's log. Every model that was tried for a request has a row, and the rows name the same parent.</summary>
internal static class BifrostCall
{
    /// <summary>Reads the call.</summary>
    /// <exception cref="LogRecordException">A field is missing or of a wrong kind.</exception>
    public static ImportedCall Read(FieldReading fields)
    {
        var id = fields.RequiredName("id");
        var model = fields.Name("model");
        var isFailed = fields.NameIfText("status") == "error";
        var isCached = fields.Map("cache_debug").Flag("cache_hit") == true;
        var usage = fields.Map("token_usage");
        var call = new ImportedCall
        {
            Source = "bifrost",
            Key = id,
            StartedAt = fields.RequiredTime("timestamp", "created_at"),
            LatencyMicros = TimeReading.Micros(fields.Number("latency"), TimeUnit.Milliseconds),
            Provider = ProviderNames.Of(fields.Name("provider"), model),
            Model = model ?? "",
            Usage = UsageRules.Reconcile(Figures(fields, usage), PartRule.Inside, PartRule.Inside, out var rule),
            UsageRule = rule,
            ReportedCostNanoUsd = fields.NanoUsd("cost") ?? CostInside(usage),
            Status = isFailed ? ImportedStatus.Failed : isCached ? ImportedStatus.ServedFromCache
                : fields.NameIfText("status") == "success" ? ImportedStatus.Answered : ImportedStatus.Unknown,
            Error = isFailed ? ErrorOf(fields) : null,
            FinishReason = LogText.FinishReason(fields.NameIfText("stop_reason")),
            Run = fields.Name("parent_request_id"),
            Team = TagName.Owner(fields.NameIfText("team_name") ?? fields.NameIfText("customer_name") ?? fields.NameIfText("business_unit_name") ?? fields.NameIfText("virtual_key_name")),
        };
        return ReadContent(fields).ApplyTo(ReadNames(fields).ApplyTo(call));
    }

    private static UsageFigures Figures(FieldReading fields, FieldReading usage)
    {
        var figures = new UsageFigures();
        UsageFields.AddTo(ref figures, usage);
        figures.Input ??= fields.Count("prompt_tokens");
        figures.Output ??= fields.Count("completion_tokens");
        figures.Total ??= fields.Count("total_tokens");
        figures.CacheRead ??= fields.Count("cached_read_tokens");
        return figures;
    }

    // A number, or an object with the sum in total_cost.
    private static long? CostInside(FieldReading usage)
    {
        if (usage.IsMissing) return null;
        return usage.Map("cost") is { IsMissing: false } parts ? parts.NanoUsd("total_cost") : usage.NanoUsd("cost");
    }

    // Only the kind of an error: its text may quote the prompt.
    private static string ErrorOf(FieldReading fields)
    {
        var details = fields.Map("error_details");
        var inner = details.Map("error");
        return inner.NameIfText("type") ?? inner.NameIfText("code") ?? details.NameIfText("type")
            ?? (details.Has("status_code") ? $"HTTP {details.Name("status_code")}" : "error");
    }

    private static JobNames ReadNames(FieldReading fields)
    {
        var names = new JobNames();
        names.Read(fields.Map("metadata"));
        names.Infer(fields.NameIfText("selected_prompt_name"));
        names.Infer(ModelAlias.JobOf(fields.NameIfText("virtual_key_name"), null));
        names.Infer(ModelAlias.JobOf(fields.NameIfText("routing_rule_name"), null));
        names.GiveUser(fields.NameIfText("user_name") ?? fields.NameIfText("user_id"));
        return names;
    }

    private static ChatReading ReadContent(FieldReading fields)
    {
        var chat = new ChatReading();
        if (fields.Json("params") is { } parameters) chat.AddParameters(parameters);
        if (fields.Json("tools") is { } tools) chat.AddTools(tools);
        if (fields.Json("input_history", "responses_input_history") is { } messages) chat.AddMessages(messages);
        if (fields.Json("output_message", "responses_output") is { } output) chat.AddReply(output);
        return chat;
    }
}
