using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Rung.Core.Alerts;

namespace Rung.Control.Alerts.Delivery;

/// <summary>
/// What Prometheus Alertmanager takes at <c>POST /api/v2/alerts</c>. An alert is told apart by its labels, so they hold only what does not
/// change while it fires, and its severity. It forgets what is not sent again: a firing alert carries an end that lies ahead, and is sent again before it.
/// </summary>
internal static class AlertmanagerPayload
{
    /// <summary>How long Alertmanager takes a firing alert for granted.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(5);

    public static byte[] Write(AlertMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, RungPayload.Options))
        {
            json.WriteStartArray();
            foreach (var transition in message.Transitions) Write(json, message, transition.Alert);
            json.WriteEndArray();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, AlertMessage message, Alert alert)
    {
        json.WriteStartObject();
        json.WriteStartObject("labels");
        json.WriteString("alertname", message.IsTest ? "RungTest" : $"Rung{alert.Kind}");
        json.WriteString("severity", AlertWords.Of(alert.Severity));
        json.WriteString("kind", AlertWords.Of(alert.Kind));
        json.WriteString("key", alert.Key);
        if (alert.Tag is { } tag) json.WriteString("tag", tag);
        json.WriteEndObject();
        json.WriteStartObject("annotations");
        json.WriteString("summary", alert.Summary);
        if (alert.Cause is { } cause) json.WriteString("description", $"Likely cause: {cause}");
        if (alert.Next is { } next) json.WriteString("next", next);
        json.WriteEndObject();
        json.WriteString("startsAt", Instant(alert.FiringAt ?? alert.PendingAt));
        json.WriteString("endsAt", Instant(alert.EndedAt ?? message.At + Holds));
        if (message.Link is { } link) json.WriteString("generatorURL", link.AbsoluteUri);
        json.WriteEndObject();
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
