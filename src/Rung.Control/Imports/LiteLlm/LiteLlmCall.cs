using System.Text.Json;
using Rung.Control.Imports.Reading;
using Rung.Core.Spans;

namespace Rung.Control.Imports.LiteLlm;

/// <summary>One call from a row of LiteLLM's spend logs or from a payload of its callbacks; the two differ in few names.</summary>
internal static class LiteLlmCall
{
    /// <summary>Whether the record is a call of something else than a model: a tool, a file, a batch's administration, a health check.</summary>
    public static bool IsNoModelCall(FieldReading fields)
    {
        var metadata = fields.Map("metadata");
        if (metadata.NameIfText("user_api_key_alias") == HealthCheck) return true;
        var type = fields.NameIfText("call_type");
        if (type is null || !IsAdministration(type)) return false;
        return (fields.Count("total_tokens") ?? 0) == 0 && (fields.Number("spend", "response_cost") ?? 0) == 0;
    }

    /// <summary>Reads the call.</summary>
    /// <exception cref="LogRecordException">A field is missing or of a wrong kind.</exception>
    public static ImportedCall Read(FieldReading fields)
    {
        var start = fields.RequiredTime("startTime");
        var end = fields.Time("endTime");
        var metadata = fields.Map("metadata");
        var model = fields.Name("model");
        var provider = fields.Name("custom_llm_provider");
        var status = StatusOf(fields, metadata);

        var call = new ImportedCall
        {
            Source = "litellm",
            Key = fields.RequiredName("request_id", "id"),
            StartedAt = start,
            LatencyMicros = TimeReading.Micros(fields.Number("request_duration_ms"), TimeUnit.Milliseconds) ?? TimeReading.Micros(start, end),
            FirstByteMicros = FirstByte(start, end, fields.Time("completionStartTime")),
            Model = model ?? fields.Name("model_group") ?? "",
            Provider = ProviderNames.Of(provider, model ?? fields.Name("model_group")),
            Usage = ReadUsage(fields, metadata, out var rule),
            UsageRule = rule,
            ReportedCostNanoUsd = fields.NanoUsd("spend", "response_cost"),
            Status = status,
            Error = status == ImportedStatus.Failed ? ErrorOf(fields, metadata) : null,
            Session = fields.Name("session_id"),
            Run = fields.Name("trace_id"),
            Team = TeamOf(fields, metadata),
        };
        return ReadContent(fields).ApplyTo(LiteLlmJob.Read(fields, metadata, model).ApplyTo(call));
    }

    /// <summary>Reads a row of the table of errors: a call that failed and used nothing that is known.</summary>
    /// <exception cref="LogRecordException">A field is missing or of a wrong kind.</exception>
    public static ImportedCall ReadError(FieldReading fields)
    {
        var start = fields.RequiredTime("startTime");
        var model = fields.Name("litellm_model_name", "model_group");
        var names = new JobNames();
        names.Infer(ModelAlias.JobOf(fields.Name("model_group"), model));
        return names.ApplyTo(new ImportedCall
        {
            Source = "litellm",
            Key = fields.RequiredName("request_id"),
            StartedAt = start,
            LatencyMicros = TimeReading.Micros(start, fields.Time("endTime")),
            Model = model ?? "",
            Provider = ProviderNames.Of(null, model),
            Status = ImportedStatus.Failed,
            Error = Joined(fields.NameIfText("exception_type"), fields.NameIfText("status_code")),
        });
    }

    private const string HealthCheck = "litellm-internal-health-check";

    private static bool IsAdministration(string type) =>
        type.Contains("mcp_tool", StringComparison.Ordinal) || type.Contains("_file", StringComparison.Ordinal) || type.Contains("batch", StringComparison.Ordinal)
        || type.Contains("vector_store", StringComparison.Ordinal) || type.Contains("fine_tuning", StringComparison.Ordinal) || type is "list_mcp_tools" or "health";

    private static ImportedStatus StatusOf(FieldReading fields, FieldReading metadata)
    {
        if (fields.Flag("cache_hit") == true) return ImportedStatus.ServedFromCache;
        var status = fields.NameIfText("status") ?? metadata.NameIfText("status");
        if (status == "failure" || fields.Has("error_str")) return ImportedStatus.Failed;
        return status == "success" ? ImportedStatus.Answered : ImportedStatus.Unknown;
    }

    // completionStartTime equals endTime when the answer was not streamed: then it says nothing of the first piece.
    private static long? FirstByte(DateTimeOffset start, DateTimeOffset? end, DateTimeOffset? first) =>
        first is { } piece && end is { } last && piece < last && piece > start ? TimeReading.Micros(start, piece) : null;

    // The columns hold the sum with its cached parts; how much was cached stands in the provider's own block, else in the extra values.
    private static TokenUsage ReadUsage(FieldReading fields, FieldReading metadata, out UsageRule rule)
    {
        var figures = new UsageFigures
        {
            Input = fields.Count("prompt_tokens"), Output = fields.Count("completion_tokens"), Total = fields.Count("total_tokens"),
        };
        UsageFields.AddTo(ref figures, metadata.Map("usage_object"));
        UsageFields.AddTo(ref figures, metadata.Map("additional_usage_values"));
        var usage = UsageRules.Reconcile(figures, PartRule.Inside, PartRule.Inside, out rule);
        return usage with { Tier = TierOf(fields) };
    }

    private static ServiceTier TierOf(FieldReading fields) => fields.Map("response").NameIfText("service_tier") switch
    {
        "flex" => ServiceTier.Flex,
        "priority" => ServiceTier.Priority,
        _ => ServiceTier.Standard,
    };

    // Of errors only their kind: their text may quote the prompt.
    private static string? ErrorOf(FieldReading fields, FieldReading metadata)
    {
        var error = fields.Map("error_information");
        if (error.IsMissing) error = metadata.Map("error_information");
        return Joined(error.NameIfText("error_class"), error.NameIfText("error_code"));
    }

    private static string? Joined(string? kind, string? code) => kind is null ? code : code is null ? kind : $"{kind} {code}";

    private static string? TeamOf(FieldReading fields, FieldReading metadata)
    {
        var team = metadata.NameIfText("user_api_key_team_alias") ?? fields.NameIfText("team_id") ?? metadata.NameIfText("user_api_key_team_id")
            ?? metadata.NameIfText("user_api_key_alias") ?? fields.NameIfText("api_key") ?? metadata.NameIfText("user_api_key_hash");
        // The column holds a hash; a proxy without a database has been seen to write the key itself.
        return TagName.Owner(team);
    }

    private static ChatReading ReadContent(FieldReading fields)
    {
        var chat = new ChatReading();
        if (fields.Json("model_parameters") is { } parameters) chat.AddParameters(parameters);
        var request = fields.Json("proxy_server_request");
        if (fields.Json("messages") is { } messages && HasMembers(messages))
        {
            chat.AddMessages(messages);
            if (request is { } body) chat.AddParameters(body);
        }
        else if (request is { } body && HasMembers(body))
        {
            chat.AddRequest(body);
        }
        if (fields.Json("response") is { } response)
        {
            if (HasMembers(response) || response.ValueKind == JsonValueKind.String) chat.AddReply(response);
        }
        else if (fields.NameIfText("response") is not null)
        {
            chat.AddAnswer(fields.Text("response")!);
        }
        return chat;
    }

    // {} and [] stand for "not stored".
    private static bool HasMembers(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().MoveNext(),
        JsonValueKind.Array => json.GetArrayLength() > 0,
        _ => false,
    };
}
