using System.Text.Json;
using System.Text.Json.Serialization;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Policy;

/// <summary>Data of a page as JSON, with names and words as the command line has them.</summary>
internal static class PageJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>A value.</summary>
    public static DataReply Of<T>(T value) => new("application/json; charset=utf-8", (stream, cancellationToken) => JsonSerializer.SerializeAsync(stream, value, s_options, cancellationToken));
}
