using Rung.Core.Policies;

namespace Rung.Control.Alerts.Delivery;

/// <summary>The body of a message in the form of its target. Always UTF-8 JSON.</summary>
public static class AlertPayload
{
    /// <summary>Writes it.</summary>
    public static byte[] Write(AlertFormat format, AlertMessage message) => format switch
    {
        AlertFormat.Rung => RungPayload.Write(message),
        AlertFormat.Slack => SlackPayload.Write(message),
        AlertFormat.Alertmanager => AlertmanagerPayload.Write(message),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Unknown form of alerts."),
    };
}
