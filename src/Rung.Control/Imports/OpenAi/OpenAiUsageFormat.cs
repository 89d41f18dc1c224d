using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.OpenAi;

/// <summary>Usage and cost reports of an OpenAI organization: pages of <c>/v1/organization/usage</c> and <c>/costs</c>, and the CSV files of the dashboard.</summary>
internal sealed class OpenAiUsageFormat : ILogFormat
{
    public const string FormatName = "openai-usage";

    public string Name => FormatName;

    public string Title => "OpenAI usage and cost reports (API pages, dashboard CSV)";

    public bool Recognises(in LogSample sample) => sample.Shape switch
    {
        LogShape.Json => sample.Records.Any(IsBucket),
        LogShape.Csv => IsReport(sample.Columns),
        _ => false,
    };

    public ILogReader CreateReader(ImportContext context) => new OpenAiUsageReader();

    private static bool IsBucket(JsonElement record) =>
        MessageText.Word(record, "object") == "bucket" && record.TryGetProperty("start_time", out _) && MessageText.Array(record, "results") is not null;

    // An export of a time without usage has nothing but its four columns of time.
    private static bool IsReport(IReadOnlyList<string> columns)
    {
        if (!columns.Contains("start_time") || !columns.Contains("end_time")) return false;
        return columns.Contains("num_model_requests") || columns.Contains("amount_value") || columns.All(column => column is "start_time" or "end_time" or "start_time_iso" or "end_time_iso");
    }
}
