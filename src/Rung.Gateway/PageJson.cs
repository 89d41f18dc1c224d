using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Rung.Gateway;

/// <summary>The JSON of the small pages: snake_case, enums as words.</summary>
internal static class PageJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static IResult Unavailable(string message) => Results.Json(
        new { Error = new { Message = message, Type = "server_error", Param = (string?)null, Code = "ledger_unavailable" } }, Options, statusCode: 503);

    public static IResult NotFound(string message) => Results.Json(
        new { Error = new { Message = message, Type = "invalid_request_error", Param = (string?)null, Code = "not_found" } }, Options, statusCode: 404);
}
