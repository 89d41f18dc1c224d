using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Rung.Serving;

/// <summary>Replies to an OTLP export, in the encoding of the request: protocol buffers or their JSON.</summary>
internal static class TraceReply
{
    public const string JsonType = "application/json";
    public const string ProtobufType = "application/x-protobuf";

    /// <summary>All spans or log records were taken, or all but some that say why: <c>ExportTraceServiceResponse</c>, <c>ExportLogsServiceResponse</c>.</summary>
    public static Task TakenAsync(HttpContext http, bool isJson, long rejected, string? message, bool isLogs)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        if (rejected == 0) return WriteAsync(http, isJson, isJson ? "{}"u8.ToArray() : []); // Full success: partial_success must not be set.
        return WriteAsync(http, isJson, isJson
            ? JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                // 64-bit numbers are texts.
                ["partialSuccess"] = new Dictionary<string, string> { [isLogs ? "rejectedLogRecords" : "rejectedSpans"] = rejected.ToString(CultureInfo.InvariantCulture), ["errorMessage"] = message ?? "" },
            })
            : Field(1, [.. Varint(1, rejected), .. Field(2, Encoding.UTF8.GetBytes(message ?? ""))]));
    }

    /// <summary>Nothing was taken: <c>google.rpc.Status</c>. Senders try again after 429 and 503 only.</summary>
    /// <param name="http">The request.</param>
    /// <param name="isJson">Its encoding.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="retryAfter">When to try again; null for never.</param>
    public static Task RefusedAsync(HttpContext http, bool isJson, int status, string message, TimeSpan? retryAfter = null)
    {
        http.Response.StatusCode = status;
        if (retryAfter is { } wait) http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var code = Code(status);
        return WriteAsync(http, isJson, isJson
            ? JsonSerializer.SerializeToUtf8Bytes(new { code, message })
            : [.. Varint(1, code), .. Field(2, Encoding.UTF8.GetBytes(message))]);
    }

    // google.rpc.Code: invalid argument, deadline exceeded, permission denied, resource exhausted, unimplemented, unavailable, unauthenticated.
    private static int Code(int status) => status switch { 401 => 16, 403 => 7, 405 => 12, 408 => 4, 429 => 8, 503 => 14, _ => 3 };

    private static async Task WriteAsync(HttpContext http, bool isJson, byte[] body)
    {
        http.Response.ContentType = isJson ? JsonType : ProtobufType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static byte[] Field(int number, byte[] bytes) => [.. Number(((ulong)number << 3) | 2), .. Number((ulong)bytes.Length), .. bytes];

    private static byte[] Varint(int number, long value) => [.. Number((ulong)number << 3), .. Number((ulong)value)];

    private static List<byte> Number(ulong value)
    {
        var bytes = new List<byte>(10);
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return bytes;
    }
}
