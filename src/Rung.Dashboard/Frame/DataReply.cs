using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rung.Dashboard.Frame;

/// <summary>What a page of data answers.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Write">Writes it, in UTF-8.</param>
/// <param name="FileName">How a browser should call it; null: shown.</param>
/// <param name="Status">HTTP status.</param>
public sealed record DataReply(string ContentType, Func<Stream, CancellationToken, Task> Write, string? FileName = null, int Status = 200)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Default,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>A value as JSON with the names of <c>/rung/calls</c>: snake_case, enums as words, what has no value left out.</summary>
    /// <param name="value">An anonymous object or a record.</param>
    public static DataReply Json<T>(T value) => new("application/json; charset=utf-8", (stream, cancellationToken) => JsonSerializer.SerializeAsync(stream, value, s_json, cancellationToken));

    /// <summary>There is nothing of that name: JSON with <c>error</c>.</summary>
    /// <param name="words">What is missing.</param>
    public static DataReply NotFound(string words) => Json(new { Error = words }) with { Status = 404 };
}
