using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rung.Commands;

namespace Rung.Serving;

/// <summary>Replies of the feedback paths, in the JSON of the gateway's other pages.</summary>
internal static class FeedbackReply
{
    private static readonly JsonSerializerOptions s_json = new(Output.Json) { WriteIndented = false };

    /// <summary>A whole reply.</summary>
    public static async Task WriteAsync<T>(HttpContext http, int status, T value)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, s_json);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>An error in the form of the gateway's other errors.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">Stable code.</param>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="param">The field at fault; null when none is.</param>
    /// <param name="retryAfter">When to try again; null for never.</param>
    public static Task RefuseAsync(HttpContext http, int status, string code, string message, string? param = null, TimeSpan? retryAfter = null)
    {
        if (retryAfter is { } wait) http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        var type = status switch { 429 => "rate_limit_error", >= 500 => "server_error", _ => "invalid_request_error" };
        return WriteAsync(http, status, new { Error = new { Message = message, Type = type, Param = param, Code = code } });
    }
}
