using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Rung.Serving;

/// <summary>Replies of the pages of reviews: snake_case, errors in the form of the other pages.</summary>
internal static class ReviewReply
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Writes a value.</summary>
    public static async Task WriteAsync<T>(HttpContext http, int status, T value)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store"; // What was said is not kept on the way.
        var body = JsonSerializer.SerializeToUtf8Bytes(value, s_json);
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Nothing is left.</summary>
    public static void Nothing(HttpContext http) => http.Response.StatusCode = StatusCodes.Status204NoContent;

    /// <summary>Refuses.</summary>
    public static Task RefuseAsync(HttpContext http, int status, string code, string message) => WriteAsync(http, status, new
    {
        Error = new { Message = message, Type = status >= 500 ? "server_error" : status == 429 ? "rate_limit_error" : "invalid_request_error", Code = code },
    });
}
