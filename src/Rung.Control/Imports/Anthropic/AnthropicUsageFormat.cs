using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Anthropic;

/// <summary>Usage and cost reports of an Anthropic organization: pages of <c>usage_report/messages</c> and <c>cost_report</c>, and the CSV files of the console.</summary>
internal sealed class AnthropicUsageFormat : ILogFormat
{
    public const string FormatName = "anthropic-usage";

    public string Name => FormatName;

    public string Title => "Anthropic usage and cost reports (API pages, console CSV)";

    public bool Recognises(in LogSample sample) => sample.Shape switch
    {
        LogShape.Json => sample.Records.Any(IsBucket),
        LogShape.Csv => sample.Columns.Contains("usage_date_utc") || sample.Columns.Contains("usage_input_tokens_no_cache"),
        _ => false,
    };

    public ILogReader CreateReader(ImportContext context) => new AnthropicUsageReader();

    private static bool IsBucket(JsonElement record) => MessageText.Word(record, "starting_at") is not null && MessageText.Array(record, "results") is not null;
}
