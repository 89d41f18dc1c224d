using System.Text.Json;

namespace Rung.Control.Imports.Otlp;

/// <summary>Trace exports in OTLP's JSON: export requests as documents, lines or arrays (the OpenTelemetry Collector's file exporter), and Claude Code's log events.</summary>
internal sealed class OtlpFormat : ILogFormat
{
    /// <summary>The source of every call that came as OTLP: the same span is the same call, whether it came as JSON or as protocol buffers.</summary>
    public const string SourceName = "otlp";

    public string Name => SourceName;

    public string Title => "OpenTelemetry traces (OTLP JSON)";

    public bool Recognises(in LogSample sample)
    {
        if (sample.Shape != LogShape.Json) return false;
        foreach (var record in sample.Records)
        {
            if (record.ValueKind != JsonValueKind.Object) continue;
            if (record.TryGetProperty("resourceSpans", out _) || record.TryGetProperty("resourceLogs", out _) || record.TryGetProperty("scopeSpans", out _)) return true;
            if (record.TryGetProperty("spanId", out _) && record.TryGetProperty("startTimeUnixNano", out _)) return true;
        }
        return false;
    }

    public ILogReader CreateReader(ImportContext context) => new OtlpReader();
}
