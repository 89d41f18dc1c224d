using System.Buffers;
using System.Text.Json;
using Rung.Gateway.Intake;

namespace Rung.Gateway.Dispatch;

/// <summary>Makes the request of a question one that a client could have sent: with a model's name, and not as a stream.</summary>
internal static class OwnBody
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = RequestScanner.MaxDepth };

    /// <summary>Writes it. The values of the fields that stay keep their bytes.</summary>
    /// <returns>Null when it is no JSON object.</returns>
    public static ReadOnlyMemory<byte>? Of(ReadOnlyMemory<byte> request) => Of(request, []);

    /// <inheritdoc cref="Of(ReadOnlyMemory{byte})"/>
    /// <param name="request">What was asked.</param>
    /// <param name="without">Further fields that are left out.</param>
    public static ReadOnlyMemory<byte>? Of(ReadOnlyMemory<byte> request, ReadOnlySpan<string> without)
    {
        try
        {
            using var document = JsonDocument.Parse(request, Deep);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            var buffer = new ArrayBufferWriter<byte>(request.Length + 32);
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("model"u8, "rung"u8);
                foreach (var field in document.RootElement.EnumerateObject())
                {
                    if (field.NameEquals("model"u8) || field.NameEquals("stream"u8) || field.NameEquals("stream_options"u8) || without.Contains(field.Name)) continue;
                    json.WritePropertyName(field.Name);
                    json.WriteRawValue(JsonElementBytes(field.Value), skipInputValidation: true);
                }
                json.WriteEndObject();
            }
            return buffer.WrittenMemory;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The message of the first choice of a reply; empty when it has none.</summary>
    public static ReadOnlyMemory<byte> FirstMessage(ReadOnlyMemory<byte> reply)
    {
        try
        {
            using var document = JsonDocument.Parse(reply, new JsonDocumentOptions { MaxDepth = 256 });
            foreach (var choice in document.RootElement.GetProperty("choices").EnumerateArray())
            {
                return choice.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object ? JsonElementBytes(message).ToArray() : default;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // No message, then.
        }
        return default;
    }

    private static ReadOnlySpan<byte> JsonElementBytes(JsonElement value) => System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value);
}
