using System.Text.Json;

namespace Rung.Control.Imports.LiteLlm;

/// <summary>
/// What LiteLLM's proxy keeps: the table of spend logs (as JSON from its API or from the database, as CSV), the payload of its logging callbacks, the table of
/// errors, and the tables of daily sums.
/// </summary>
internal sealed class LiteLlmFormat : ILogFormat
{
    /// <inheritdoc/>
    public string Name => "litellm";

    /// <inheritdoc/>
    public string Title => "LiteLLM spend logs, logging payloads and daily sums";

    /// <inheritdoc/>
    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape == LogShape.Csv) return KindOf(new CsvRow(sample.Columns).Has) != LiteLlmRecord.Other;
        foreach (var record in sample.Records)
        {
            if (record.ValueKind == JsonValueKind.Object && KindOf(name => record.TryGetProperty(name, out _)) != LiteLlmRecord.Other) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public ILogReader CreateReader(ImportContext context) => new LiteLlmReader();

    /// <summary>What a record is, by the names of its fields.</summary>
    public static LiteLlmRecord KindOf(Predicate<string> has)
    {
        if (has("request_id") && has("call_type") && (has("spend") || has("startTime"))) return LiteLlmRecord.SpendLog;
        if (has("call_type") && has("response_cost") && has("startTime")) return LiteLlmRecord.Payload;
        if (has("hidden_params") && has("model_group") && has("startTime")) return LiteLlmRecord.Payload;
        if (has("date") && has("api_requests") && has("spend") && has("prompt_tokens")) return LiteLlmRecord.DailySum;
        return has("litellm_model_name") && has("exception_type") ? LiteLlmRecord.Error : LiteLlmRecord.Other;
    }
}

/// <summary>The kinds of records that LiteLLM keeps.</summary>
internal enum LiteLlmRecord
{
    /// <summary>None of them.</summary>
    Other,
    /// <summary>A row of the table of spend logs.</summary>
    SpendLog,
    /// <summary>The standard payload of a logging callback.</summary>
    Payload,
    /// <summary>A row of a table of daily sums.</summary>
    DailySum,
    /// <summary>A row of the table of errors.</summary>
    Error,
}
