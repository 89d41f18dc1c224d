using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Rung.Recorded;

/// <summary>An error as OpenAI's clients understand it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Type">OpenAI's type of error.</param>
/// <param name="Param">The request field at fault; null when none.</param>
/// <param name="Code">A word for programs.</param>
internal sealed record RecordedError(int Status, string Message, string Type, string? Param, string Code)
{
    /// <summary>Sends it.</summary>
    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(response.BodyWriter, RecordedReply.JsonWriting);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", Message);
        json.WriteString("type", Type);
        json.WriteString("param", Param);
        json.WriteString("code", Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
