using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.LiteLlm;

/// <summary>Rows of LiteLLM's tables of daily sums: by user, team, organisation, end user, agent or tag, each again by key and model.</summary>
internal static class LiteLlmDaily
{
    /// <summary>By what the table sums, as its own column tells.</summary>
    public static string TableOf(FieldReading fields)
    {
        foreach (var column in (ReadOnlySpan<string>)["tag", "team_id", "organization_id", "end_user_id", "agent_id", "user_id"])
        {
            if (fields.Has(column)) return column;
        }
        return "user_id";
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="LogRecordException">A field is missing or of a wrong kind.</exception>
    public static ImportedCall Read(FieldReading fields, string table)
    {
        var model = fields.Name("model", "model_group");
        var provider = fields.Name("custom_llm_provider");
        var figures = new UsageFigures
        {
            Input = fields.Count("prompt_tokens"), Output = fields.Count("completion_tokens"),
            CacheRead = fields.Count("cache_read_input_tokens"), CacheWrite = fields.Count("cache_creation_input_tokens"),
        };
        var names = new JobNames();
        if (table == "tag") names.ReadLabels(fields.List("tag"));
        names.Infer(ModelAlias.JobOf(fields.NameIfText("model_group"), model));
        var owner = fields.NameIfText(table);
        var key = fields.NameIfText("api_key");
        return names.ApplyTo(new ImportedCall
        {
            Source = "litellm",
            Key = $"daily:{table}:{fields.Name("id") ?? $"{fields.RequiredName("date")}:{owner}:{key}:{model}:{provider}"}",
            Granularity = ImportGranularity.Bucket,
            Requests = fields.Count("api_requests") ?? 0,
            StartedAt = fields.RequiredTime("date"),
            Provider = ProviderNames.Of(provider, model),
            Model = model ?? "",
            Usage = UsageRules.Reconcile(figures, PartRule.Inside, PartRule.Inside, out var rule),
            UsageRule = rule,
            ReportedCostNanoUsd = fields.NanoUsd("spend"),
            User = table is "user_id" or "end_user_id" ? owner : null,
            Agent = table == "agent_id" ? owner : null,
            Team = TagName.Owner(table is "team_id" or "organization_id" ? owner : key),
        });
    }
}
