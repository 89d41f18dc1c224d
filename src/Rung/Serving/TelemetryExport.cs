using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Rung.Commands;
using Rung.Control.Alerts;
using Rung.Gateway.Recording;

namespace Rung.Serving;

/// <summary>Exports spans, metrics and alerts by OTLP when the standard variables of OpenTelemetry ask for it; otherwise nothing listens and nothing is paid.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private readonly TracerProvider? traces;
    private readonly MeterProvider? metrics;

    private TelemetryExport(TracerProvider? traces, MeterProvider? metrics) => (this.traces, this.metrics) = (traces, metrics);

    /// <summary>What is exported, for people; null for nothing.</summary>
    public string? Description => (traces, metrics) switch
    {
        (null, null) => null,
        (not null, not null) => "traces and metrics",
        (not null, null) => "traces",
        _ => "metrics",
    };

    /// <summary>Starts what <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (or its form for one signal) asks for.</summary>
    public static TelemetryExport Start()
    {
        if (Is("OTEL_SDK_DISABLED", "true")) return new(null, null);
        var resource = Resource();
        return new(
            Wanted("TRACES") ? Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(GatewayTelemetry.SourceName).AddOtlpExporter().Build() : null,
            Wanted("METRICS") ? Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(GatewayTelemetry.SourceName, AlertTelemetry.MeterName).AddOtlpExporter().Build() : null);
    }

    /// <summary>Exports what is said about alerts as log records, when the variables ask for logs. Nothing else of the log leaves by this way.</summary>
    public static void AddAlertRecords(ILoggingBuilder logging)
    {
        if (Is("OTEL_SDK_DISABLED", "true") || !Wanted("LOGS")) return;
        logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(Resource()).AddOtlpExporter();
            options.IncludeFormattedMessage = true;
        });
        logging.AddFilter<OpenTelemetryLoggerProvider>(category: null, LogLevel.None);
        logging.AddFilter<OpenTelemetryLoggerProvider>(AlertLog.Category, LogLevel.Information);
    }

    /// <summary>Sends what waits, and stops.</summary>
    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
    }

    private static ResourceBuilder Resource() =>
        ResourceBuilder.CreateDefault().AddService("rung", serviceVersion: VersionCommand.Version).AddEnvironmentVariableDetector();

    private static bool Wanted(string signal) =>
        !Is($"OTEL_{signal}_EXPORTER", "none")
        && (Is($"OTEL_{signal}_EXPORTER", "otlp") || Set("OTEL_EXPORTER_OTLP_ENDPOINT") || Set($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"));

    private static bool Set(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));

    private static bool Is(string name, string value) => string.Equals(Environment.GetEnvironmentVariable(name), value, StringComparison.OrdinalIgnoreCase);
}
