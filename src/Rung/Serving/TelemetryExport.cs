using System.Collections;
using Microsoft.Extensions.Configuration;
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

    private readonly bool alerts;

    private TelemetryExport(TracerProvider? traces, MeterProvider? metrics, bool alerts) => (this.traces, this.metrics, this.alerts) = (traces, metrics, alerts);

    /// <summary>What is exported, for people; null for nothing.</summary>
    public string? Description
    {
        get
        {
            string[] parts = [.. new[] { traces is null ? null : "traces", metrics is null ? null : "metrics", alerts ? "log records of alerts" : null }.OfType<string>()];
            return parts.Length == 0 ? null : string.Join(", ", parts);
        }
    }

    /// <summary>Starts what <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (or its form for one signal) asks for.</summary>
    public static TelemetryExport Start()
    {
        var variables = OfProcess();
        if (Is(variables, "OTEL_SDK_DISABLED", "true")) return new(null, null, alerts: false);
        var resource = Resource();
        return new(
            Wanted(variables, "TRACES") ? Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(GatewayTelemetry.SourceName).AddOtlpExporter().Build() : null,
            Wanted(variables, "METRICS") ? Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(GatewayTelemetry.SourceName, AlertTelemetry.MeterName).AddOtlpExporter().Build() : null,
            ExportsAlerts(variables));
    }

    /// <summary>Exports what is said about alerts as log records, when the variables ask for logs. Nothing else of the log leaves by this way.</summary>
    /// <param name="logging">The log.</param>
    /// <param name="configuration">Where the exporter of a log looks for the variables, unlike those of spans and metrics: it gets them here.</param>
    /// <param name="variables">The variables whose names begin with <c>OTEL_</c>; null: those of the process.</param>
    public static void AddAlertRecords(ILoggingBuilder logging, IConfigurationBuilder configuration, IReadOnlyDictionary<string, string?>? variables = null)
    {
        variables ??= OfProcess();
        if (!ExportsAlerts(variables)) return;
        configuration.AddInMemoryCollection(variables);
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

    private static bool ExportsAlerts(IReadOnlyDictionary<string, string?> variables) => !Is(variables, "OTEL_SDK_DISABLED", "true") && Wanted(variables, "LOGS");

    private static bool Wanted(IReadOnlyDictionary<string, string?> variables, string signal) =>
        !Is(variables, $"OTEL_{signal}_EXPORTER", "none")
        && (Is(variables, $"OTEL_{signal}_EXPORTER", "otlp") || Set(variables, "OTEL_EXPORTER_OTLP_ENDPOINT") || Set(variables, $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"));

    private static bool Set(IReadOnlyDictionary<string, string?> variables, string name) => !string.IsNullOrEmpty(variables.GetValueOrDefault(name));

    private static bool Is(IReadOnlyDictionary<string, string?> variables, string name, string value) => string.Equals(variables.GetValueOrDefault(name), value, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string?> OfProcess() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(variable => ((string)variable.Key).StartsWith("OTEL_", StringComparison.Ordinal))
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value, StringComparer.Ordinal);
}
