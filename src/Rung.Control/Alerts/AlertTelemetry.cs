using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Rung.Control.Alerts.Delivery;
using Rung.Core.Alerts;

namespace Rung.Control.Alerts;

/// <summary>Alerts as metrics. Without a listener it costs a test of a flag.</summary>
public sealed class AlertTelemetry : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Rung.Control";

    // A process that no longer keeps the book says nothing: another one does.
    private static readonly TimeSpan s_fresh = TimeSpan.FromMinutes(15);

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> notifications;
    private readonly TimeProvider clock;
    private volatile Sight? seen;

    /// <summary>Makes the instruments.</summary>
    public AlertTelemetry(TimeProvider clock)
    {
        this.clock = clock;
        notifications = meter.CreateCounter<long>("rung.alerts.notifications", "{message}", "Messages about alerts, by target and how they ended.");
        meter.CreateObservableGauge("rung.alerts.firing", Firing, "{alert}", "Alerts that fire now, silenced ones too.");
    }

    /// <summary>Counts a message that ended.</summary>
    public void Ended(DeliveryReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.IsFinal) notifications.Add(1, new("rung.alert.target", report.Target), new("rung.alert.outcome", DeliveryOutcome.Word(report.Outcome.Result)));
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal void See(IEnumerable<Alert> open) => seen = new Sight(clock.GetTimestamp(), [.. open.Where(alert => alert.State == AlertState.Firing)]);

    private IEnumerable<Measurement<long>> Firing()
    {
        if (seen is not { } sight || clock.GetElapsedTime(sight.At) > s_fresh) return [];
        return sight.Firing.GroupBy(alert => (alert.Kind, alert.Severity, alert.Tag)).Select(group => new Measurement<long>(group.Count(),
        [
            new("rung.alert.kind", AlertWords.Of(group.Key.Kind)), new("rung.alert.severity", AlertWords.Of(group.Key.Severity)),
            .. group.Key.Tag is { } tag ? [new KeyValuePair<string, object?>("rung.tag", tag)] : Array.Empty<KeyValuePair<string, object?>>(),
        ]));
    }

    private sealed record Sight(long At, ImmutableArray<Alert> Firing);
}
