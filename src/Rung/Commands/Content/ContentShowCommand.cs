using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rung.Commands.Policy;
using Rung.Storage.Content;

namespace Rung.Commands.Content;

/// <summary><c>rung content show</c>: the redacted content of one call.</summary>
internal static class ContentShowCommand
{
    public static Command Create(TimeProvider clock)
    {
        var call = new Argument<string>("call") { Description = "Id of the call, as in the header x-rung-call-id." };
        var (data, json) = (ContentCommand.DataOption(), ContentCommand.JsonOption());
        var command = new Command("show", "Show what is kept of one call: its request and every whole answer, redacted.") { call, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                var id = parsed.GetRequiredValue(call);
                await using var store = ContentDirectory.Existing(parsed.GetRequiredValue(data), clock);
                var found = store is null ? null : await store.FindCaptureAsync(id, cancellationToken);
                if (found is null)
                    return Output.Fail(error, $"Nothing is kept of a call {Lines.Clean(id)}.", "It was not sampled, could not be redacted, was too large, has expired, or was deleted; see: rung content list --calls");
                if (parsed.GetValue(json)) Output.WriteJson(output, Json(found));
                else Write(output, found);
                error.WriteLine(found.Redactions == 0
                    ? "Redacted before it was stored; nothing was found to blot out."
                    : $"Redacted before it was stored: {Lines.Count(found.Redactions, "piece")} blotted out. Marks such as [email] stand in their places.");
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static object Json(CapturedCall call) => new
    {
        call.CallId, call.StartedAt, call.ExpiresAt, call.Tag, call.Route, call.DataClass, call.SampledAt, call.PolicyRevision, Redacted = true, call.Redactions, call.Session, call.User,
        Request = Element(call.Request),
        Answers = call.Answers.Select(answer => new { answer.Ordinal, answer.Model, answer.Tier, answer.Served, answer.Passed, answer.Score, answer.FinishReason, Message = Element(answer.Message) }),
    };

    private static void Write(TextWriter output, CapturedCall call)
    {
        output.WriteLine($"call      {call.CallId}");
        output.WriteLine($"began     {Lines.Time(call.StartedAt)}, expires {Lines.Time(call.ExpiresAt)}");
        output.WriteLine($"route     {Lines.Clean(call.Route)}, revision {call.PolicyRevision}{(call.DataClass is { } kind ? $", data class {Lines.Clean(kind)}" : "")}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sampled   with probability {call.SampledAt:0.####}"));
        var request = Element(call.Request);
        if (request.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array)
        {
            foreach (var message in messages.EnumerateArray()) WriteMessage(output, Role(message), message);
        }
        foreach (var answer in call.Answers)
        {
            var score = answer.Score is { } value ? string.Create(CultureInfo.InvariantCulture, $", score {value:0.###}") : "";
            WriteMessage(output, $"answer {answer.Ordinal + 1} of {Lines.Clean(answer.Model)} ({Lines.Clean(answer.Tier)}{(answer.Served ? ", served" : "")}{(answer.Passed ? "" : ", failed a check")}{score})", Element(answer.Message));
        }
    }

    private static void WriteMessage(TextWriter output, string who, JsonElement message)
    {
        output.WriteLine();
        output.WriteLine($"--- {who}");
        if (message.ValueKind != JsonValueKind.Object) return;
        if (message.TryGetProperty("content", out var content) && content.ValueKind != JsonValueKind.Null)
            output.WriteLine(Clean(content.ValueKind == JsonValueKind.String ? content.GetString()! : JsonSerializer.Serialize(content, Output.Json)));
        if (message.TryGetProperty("tool_calls", out var calls)) output.WriteLine(Clean(JsonSerializer.Serialize(calls, Output.Json)));
    }

    private static string Role(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String ? Lines.Clean(role.GetString()!) : "message";

    // What a client or a model wrote must not move the cursor; line breaks stay.
    private static string Clean(string text) => string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(Lines.Clean));

    private static JsonElement Element(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize<JsonElement>(json.Span);
}
