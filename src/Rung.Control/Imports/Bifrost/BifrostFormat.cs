using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Bifrost;

/// <summary>Logs of the Bifrost gateway: from its search API or from its table.</summary>
internal sealed class BifrostFormat : ILogFormat
{
    /// <inheritdoc/>
    public string Name => "bifrost";

    /// <inheritdoc/>
    public string Title => "Bifrost gateway logs";

    /// <inheritdoc/>
    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape == LogShape.Csv) return IsLog(new CsvRow(sample.Columns).Has);
        foreach (var record in sample.Records)
        {
            if (record.ValueKind == JsonValueKind.Object && IsLog(name => record.TryGetProperty(name, out _))) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public ILogReader CreateReader(ImportContext context) => new BifrostReader();

    private static bool IsLog(Predicate<string> has) =>
        has("fallback_index") && has("provider") && has("model") && (has("selected_key_id") || has("object_type") || has("object") || has("token_usage"));
}

/// <summary>Reads Bifrost's logs; each attempt is a row of its own.</summary>
internal sealed class BifrostReader : ILogReader
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
        if (fields.NameIfText("status") == "processing") sink.Leave(LeftOut.Unfinished);
        else if (fields.NameIfText("object", "object_type") is "list_models" or "mcp_tool_execution" or "mcp_tool") sink.Leave(LeftOut.NoModelCall);
        else sink.Add(BifrostCall.Read(fields));
    }
}
