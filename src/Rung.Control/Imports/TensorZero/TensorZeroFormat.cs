using System.Text.Json;

namespace Rung.Control.Imports.TensorZero;

/// <summary>Tables of TensorZero: model inferences, the chat or JSON inferences that they belong to (joined or in files of their own), and feedback.</summary>
internal sealed class TensorZeroFormat : ILogFormat
{
    /// <inheritdoc/>
    public string Name => "tensorzero";

    /// <inheritdoc/>
    public string Title => "TensorZero model inferences, inferences and feedback";

    /// <inheritdoc/>
    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape == LogShape.Csv) return KindOf(new CsvRow(sample.Columns).Has) != TensorZeroRecord.Other;
        foreach (var record in sample.Records)
        {
            if (record.ValueKind == JsonValueKind.Object && KindOf(name => record.TryGetProperty(name, out _)) != TensorZeroRecord.Other) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public ILogReader CreateReader(ImportContext context) => new TensorZeroReader();

    /// <summary>What a record is, by the names of its fields.</summary>
    public static TensorZeroRecord KindOf(Predicate<string> has)
    {
        if (has("model_provider_name") && has("inference_id")) return TensorZeroRecord.ModelInference;
        if (has("function_name") && has("variant_name") && has("episode_id")) return TensorZeroRecord.Inference;
        if (has("target_id") && has("value") && (has("metric_name") || has("target_type"))) return TensorZeroRecord.Feedback;
        return has("inference_id") && has("value") && has("id") ? TensorZeroRecord.Demonstration : TensorZeroRecord.Other;
    }
}

/// <summary>The tables of TensorZero.</summary>
internal enum TensorZeroRecord
{
    /// <summary>None of them.</summary>
    Other,
    /// <summary>One request to one model; has the inference's columns, too, when the rows were joined.</summary>
    ModelInference,
    /// <summary>What the application asked for: a function, answered by one or more model inferences.</summary>
    Inference,
    /// <summary>A metric's value, or a comment, for an inference or an episode.</summary>
    Feedback,
    /// <summary>A better answer that somebody gave.</summary>
    Demonstration,
}
