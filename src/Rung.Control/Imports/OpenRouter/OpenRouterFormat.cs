using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.OpenRouter;

/// <summary>What OpenRouter hands out: activity (sums by day), single generations of its API, and the table of generations of its pages.</summary>
internal sealed class OpenRouterFormat : ILogFormat
{
    /// <inheritdoc/>
    public string Name => "openrouter";

    /// <inheritdoc/>
    public string Title => "OpenRouter activity and generations";

    /// <inheritdoc/>
    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape == LogShape.Csv) return KindOf(new CsvRow(sample.Columns).Has) != OpenRouterRecord.Other;
        foreach (var record in sample.Records)
        {
            if (record.ValueKind != JsonValueKind.Object) continue;
            var unwrapped = Unwrap(record);
            if (KindOf(name => unwrapped.TryGetProperty(name, out _)) != OpenRouterRecord.Other) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public ILogReader CreateReader(ImportContext context) => new OpenRouterReader();

    /// <summary>The generation inside the answer of its API: <c>{"data": {…}}</c>.</summary>
    public static JsonElement Unwrap(JsonElement record) => MessageText.Within(record, "data") ?? record;

    /// <summary>What a record is, by the names of its fields.</summary>
    public static OpenRouterRecord KindOf(Predicate<string> has)
    {
        if (has("native_tokens_prompt") || (has("generation_id") && has("cost_total"))) return OpenRouterRecord.Generation;
        return has("date") && has("usage") && has("requests") && (has("model_permaslug") || has("endpoint_id") || has("byok_usage_inference")) ? OpenRouterRecord.Activity : OpenRouterRecord.Other;
    }
}

/// <summary>The kinds of records that OpenRouter hands out.</summary>
internal enum OpenRouterRecord
{
    /// <summary>None of them.</summary>
    Other,
    /// <summary>One call.</summary>
    Generation,
    /// <summary>A sum of calls of one day.</summary>
    Activity,
}
