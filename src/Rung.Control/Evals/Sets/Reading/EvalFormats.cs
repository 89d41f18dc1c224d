using System.Text.Json;
using Rung.Control.Imports;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Evals.Sets.Reading;

/// <summary>What a file of questions is written in.</summary>
internal enum EvalFormat
{
    /// <summary>Objects with messages or a prompt.</summary>
    Json,
    /// <summary>A table with such columns.</summary>
    Csv,
    /// <summary>Items of a dataset of Langfuse.</summary>
    Langfuse,
    /// <summary>Samples of OpenAI evals: <c>input</c> and <c>ideal</c>.</summary>
    OpenAiEvals,
    /// <summary>Recorded outcomes: <c>prompt</c> and <c>models</c>.</summary>
    Recorded,
    /// <summary>A set that Rung exported.</summary>
    Exported,
}

/// <summary>Tells formats apart by the first records.</summary>
internal static class EvalFormats
{
    private const int Looked = 20;

    /// <summary>The format of a file.</summary>
    public static EvalFormat Of(RecordSource source)
    {
        if (source.Shape == LogShape.Csv) return EvalFormat.Csv;
        var documents = source.Peek(Looked);
        try
        {
            var objects = documents.Select(document => document.RootElement).Where(json => json.ValueKind == JsonValueKind.Object).ToArray();
            if (objects.Any(EvalSetFile.IsFirst) || objects.Any(IsExportedRow)) return EvalFormat.Exported;
            if (objects.Any(json => Has(json, "models", JsonValueKind.Object) && Has(json, "prompt", JsonValueKind.String))) return EvalFormat.Recorded;
            if (objects.Any(IsLangfuse)) return EvalFormat.Langfuse;
            return objects.Any(json => json.TryGetProperty("input", out _) && json.TryGetProperty("ideal", out _)) ? EvalFormat.OpenAiEvals : EvalFormat.Json;
        }
        finally
        {
            foreach (var document in documents) document.Dispose();
        }
    }

    /// <summary>For people.</summary>
    public static string Title(EvalFormat format) => format switch
    {
        EvalFormat.Csv => "CSV", EvalFormat.Langfuse => "Langfuse dataset", EvalFormat.OpenAiEvals => "OpenAI evals", EvalFormat.Recorded => "recorded outcomes",
        EvalFormat.Exported => "exported eval set", _ => "JSON",
    };

    private static bool IsExportedRow(JsonElement json) =>
        Has(json, "request", JsonValueKind.Object) && Has(json, "part", JsonValueKind.String) && Has(json, "origin", JsonValueKind.String) && Has(json, "id", JsonValueKind.String);

    private static bool IsLangfuse(JsonElement json)
    {
        if (MessageText.Array(json, "items") is { } items) return items.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object && IsLangfuse(item));
        return json.TryGetProperty("input", out _)
            && (json.TryGetProperty("datasetId", out _) || json.TryGetProperty("datasetName", out _) || json.TryGetProperty("dataset_id", out _) || json.TryGetProperty("dataset_name", out _)
                || json.TryGetProperty("sourceTraceId", out _) || json.TryGetProperty("source_trace_id", out _));
    }

    private static bool Has(JsonElement json, string name, JsonValueKind kind) => json.TryGetProperty(name, out var value) && value.ValueKind == kind;
}
