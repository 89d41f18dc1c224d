using System.Text.Json;

namespace Rung.Control.Imports.Langfuse;

/// <summary>What Langfuse hands out: observations of its API (both versions) and of its exports, with the traces and scores that belong to them.</summary>
internal sealed class LangfuseFormat : ILogFormat
{
    /// <inheritdoc/>
    public string Name => "langfuse";

    /// <inheritdoc/>
    public string Title => "Langfuse observations, traces and scores (API pages and exports)";

    /// <inheritdoc/>
    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape == LogShape.Csv) return KindOf(new CsvRow(sample.Columns).Has) != LangfuseRecord.Other;
        foreach (var record in sample.Records)
        {
            if (record.ValueKind == JsonValueKind.Object && KindOf(name => record.TryGetProperty(name, out _)) != LangfuseRecord.Other) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public ILogReader CreateReader(ImportContext context) => new LangfuseReader();

    /// <summary>What a record is, by the names of its fields: camel case in the API, snake case in exports.</summary>
    public static LangfuseRecord KindOf(Predicate<string> has)
    {
        if (has("observations") && has("id") && (has("scores") || has("sessionId") || has("timestamp"))) return LangfuseRecord.WholeTrace;
        var inTrace = has("traceId") || has("trace_id");
        if (inTrace && has("id") && (has("usageDetails") || has("usage_details"))) return LangfuseRecord.Observation;
        if (inTrace && has("type") && (has("startTime") || has("start_time")) && (has("parentObservationId") || has("parent_observation_id") || has("level"))) return LangfuseRecord.Observation;
        if (inTrace && has("value") && has("name") && (has("source") || has("dataType") || has("data_type"))) return LangfuseRecord.Score;
        if (has("id") && has("timestamp") && has("tags") && (has("sessionId") || has("session_id")) && (has("public") || has("bookmarked") || has("release"))) return LangfuseRecord.Trace;
        return LangfuseRecord.Other;
    }
}

/// <summary>The kinds of records that Langfuse hands out.</summary>
internal enum LangfuseRecord
{
    /// <summary>None of them.</summary>
    Other,
    /// <summary>One observation: a generation, a span, an event.</summary>
    Observation,
    /// <summary>A trace without its observations.</summary>
    Trace,
    /// <summary>A trace with its observations and scores inside.</summary>
    WholeTrace,
    /// <summary>A score of an observation or of a trace.</summary>
    Score,
}
