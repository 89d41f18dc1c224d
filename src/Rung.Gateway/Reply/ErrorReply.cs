using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Rung.Gateway.Reply;

/// <summary>An error in OpenAI's form, as every client of that dialect understands it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">OpenAI's type: <c>invalid_request_error</c>, <c>upstream_error</c>…</param>
/// <param name="Code">Stable code.</param>
/// <param name="Message">What is wrong and what to do, for a person.</param>
/// <param name="Param">The field at fault; null when none is.</param>
internal sealed record ErrorReply(int Status, string Type, string Code, string Message, string? Param = null)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>When to try again; null when the gateway does not know.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Writes it as the whole reply.</summary>
    public async Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = "application/json";
        // The gateway has spent its own tries: a client that tries again at once only multiplies them.
        if (RetryAfter is { } wait) http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        else if (Status >= 500) http.Response.Headers["x-should-retry"] = "false";
        var body = ToJson();
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>As one event of a stream that has begun: the only in-band error that OpenAI's clients understand.</summary>
    public byte[] ToEvent() => [.. "data: "u8, .. ToJson().Span, .. "\n\n"u8];

    private ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", Message);
        json.WriteString("type", Type);
        json.WriteString("param", Param);
        json.WriteString("code", Code);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
