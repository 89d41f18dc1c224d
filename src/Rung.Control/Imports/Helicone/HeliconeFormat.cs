using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Helicone;

/// <summary>Requests of Helicone: from its query API, from an export of its pages, or from its ClickHouse table.</summary>
internal sealed class HeliconeFormat : ILogFormat
{
    /// <inheritdoc/>
    public string Name => "helicone";

    /// <inheritdoc/>
    public string Title => "Helicone requests";

    /// <inheritdoc/>
    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape == LogShape.Csv) return IsRequest(new CsvRow(sample.Columns).Has);
        foreach (var record in sample.Records)
        {
            if (record.ValueKind == JsonValueKind.Object && IsRequest(name => record.TryGetProperty(name, out _))) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public ILogReader CreateReader(ImportContext context) => new HeliconeReader();

    private static bool IsRequest(Predicate<string> has) => has("request_id")
        && (has("request_created_at") || has("delay_ms") || has("latency"))
        && (has("request_properties") || has("properties") || has("response_status") || has("request_user_id"))
        && (has("delay_ms") || has("costUSD") || has("helicone_user") || has("target_url") || has("prompt_cache_read_tokens"));
}

/// <summary>Reads Helicone's requests; each stands alone.</summary>
internal sealed class HeliconeReader : ILogReader
{
    /// <inheritdoc/>
    public void BeginFile(LogFile file) { }

    /// <inheritdoc/>
    public void Read(in LogRecord record, IImportSink sink)
    {
        if (record.Row is { } row)
        {
            Read(FieldReading.Of(row), sink);
            return;
        }
        using var document = record.Parse();
        Read(FieldReading.Of(document.RootElement), sink);
    }

    /// <inheritdoc/>
    public void EndFile(IImportSink sink) { }

    /// <inheritdoc/>
    public void Complete(IImportSink sink) { }

    private static void Read(FieldReading fields, IImportSink sink)
    {
        if (!fields.Has("response_status", "status", "response_created_at", "total_tokens", "completion_tokens")) sink.Leave(LeftOut.Unfinished);
        else sink.Add(HeliconeCall.Read(fields));
    }
}
