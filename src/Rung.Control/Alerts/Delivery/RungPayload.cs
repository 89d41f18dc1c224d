using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rung.Core.Alerts;

namespace Rung.Control.Alerts.Delivery;

/// <summary>Rung's own form: docs/alerts.md. Names are only ever added.</summary>
internal static class RungPayload
{
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(AlertMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteString("id", message.Id);
            json.WriteString("at", message.At.UtcDateTime);
            json.WriteBoolean("test", message.IsTest);
            json.WriteString("text", message.Headline);
            if (message.Link is { } link) json.WriteString("link", link.AbsoluteUri);
            json.WriteStartArray("groups");
            foreach (var group in AlertGroup.Of(message.Transitions)) WriteGroup(json, group, message.TitleOf(group));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteGroup(Utf8JsonWriter json, AlertGroup group, string title)
    {
        json.WriteStartObject();
        json.WriteString("tag", group.Tag);
        json.WriteString("kind", AlertWords.Of(group.Kind));
        json.WriteString("title", title);
        json.WriteStartArray("alerts");
        foreach (var transition in group.Transitions)
        {
            var alert = transition.Alert;
            json.WriteStartObject();
            json.WriteString("key", alert.Key);
            json.WriteString("change", AlertWords.Of(transition.Change));
            json.WriteString("state", AlertWords.Of(alert.State));
            json.WriteString("severity", AlertWords.Of(alert.Severity));
            json.WriteString("summary", alert.Summary);
            json.WriteString("cause", alert.Cause);
            json.WriteString("next", alert.Next);
            json.WriteString("since", alert.Since.UtcDateTime);
            WriteInstant(json, "firing_at", alert.FiringAt);
            WriteInstant(json, "ended_at", alert.EndedAt);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteInstant(Utf8JsonWriter json, string name, DateTimeOffset? instant)
    {
        if (instant is { } at) json.WriteString(name, at.UtcDateTime);
        else json.WriteNull(name);
    }
}
