using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Rung.Recorded;

/// <summary>Answers <c>POST /v1/chat/completions</c> from the recording.</summary>
/// <param name="outcomes">What was recorded.</param>
/// <param name="options">How to serve it.</param>
/// <param name="stopping">Ends the waits of a server that stops.</param>
internal sealed class RecordedChat(RecordedOutcomes outcomes, RecordedUpstreamOptions options, CancellationToken stopping)
{
    /// <summary>Request header that makes one request fail.</summary>
    public const string FaultHeader = "x-rung-recorded-fault";
    /// <summary>Response header that says that token counts are estimates.</summary>
    public const string UsageHeader = "x-rung-recorded-usage";

    /// <summary>Response header that says that the answer is a stand-in: the recording kept only its grade.</summary>
    public const string AnswerHeader = "x-rung-recorded-answer";

    private const string Garbage = "<html><head><title>502 Bad Gateway</title></head><body>upstream said nothing useful</body></html>";

    /// <summary>1. Read the request. 2. Fail on demand. 3. Find the answer. 4. Wait. 5. Reply.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            if (await ReadAsync(context, ends.Token) is not { } request) return;

            var last = request.UserTexts.Count > 0 ? request.UserTexts[^1] : "";
            var key = PromptKey.Of(last);
            if (FaultOf(context.Request, request.Model, key, out var unknownFault) is not { } fault)
            {
                await unknownFault!.WriteAsync(context.Response);
                return;
            }
            if (await FailAsync(context.Response, fault, request, ends.Token)) return;

            if (Find(request, key, out var error) is not { } found)
            {
                await error!.WriteAsync(context.Response);
                return;
            }
            var (row, outcome, answer) = found;
            var wait = options.Latency.Before(outcome, row.Key, options.Seed);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, options.Clock, ends.Token);

            var reply = new RecordedReply(row, outcome, answer, request.MaxTokens, options.Clock.GetUtcNow().ToUnixTimeSeconds());
            if (answer.IsStandIn) context.Response.Headers[AnswerHeader] = "stand-in";
            if (reply.UsageIsEstimated) context.Response.Headers[UsageHeader] = "estimated";
            if (request.Stream) await StreamAsync(context, reply, request.IncludeUsage, cut: fault == RecordedFaultKind.Cut, ends.Token);
            else
            {
                // Piece by piece, as its stream would: one long wait would be shorter than many short ones, which are rounded up.
                for (var left = options.Pace > TimeSpan.Zero ? reply.ToEvents(options.ChunkChars, includeUsage: false).Count() : 0; left > 0; left--)
                    await Task.Delay(options.Pace, options.Clock, ends.Token);
                await SendAsync(context, reply, cut: fault == RecordedFaultKind.Cut, ends.Token);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The client left, or the server stops: nobody is owed an answer, and a connection that just ends says so.
            context.Abort();
        }
    }

    private static async Task<RecordedChatRequest?> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        RecordedError? fault;
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: cancellationToken);
            if (RecordedChatRequest.Read(body.RootElement, out fault) is { } request) return request;
        }
        // InvalidOperationException is how JsonElement says that a string is not valid Unicode.
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            fault = new RecordedError(400, $"The body is not JSON: {broken.Message}", "invalid_request_error", null, "invalid_json");
        }
        await fault!.WriteAsync(context.Response);
        return null;
    }

    private RecordedFaultKind? FaultOf(HttpRequest request, string model, UInt128 key, out RecordedError? unknown)
    {
        unknown = null;
        if (request.Headers[FaultHeader] is [{ Length: > 0 } asked, ..])
        {
            if (RecordedFault.TryParseKind(asked, out var kind)) return kind;
            unknown = new RecordedError(400, $"{FaultHeader} knows {RecordedFault.Kinds}.", "invalid_request_error", FaultHeader, "invalid_value");
            return null;
        }
        foreach (var fault in options.Faults)
        {
            if (fault.Strikes(model, key, options.Seed)) return fault.Kind;
        }
        return RecordedFaultKind.None;
    }

    /// <summary>Fails before any answer. False for the faults that need one first, and for none.</summary>
    private static async Task<bool> FailAsync(HttpResponse response, RecordedFaultKind fault, RecordedChatRequest request, CancellationToken cancellationToken)
    {
        switch (fault)
        {
            case RecordedFaultKind.ServerError:
                await new RecordedError(500, "Recorded fault: server error.", "server_error", null, "recorded_fault").WriteAsync(response);
                return true;
            case RecordedFaultKind.RateLimited:
                response.Headers.RetryAfter = "1";
                await new RecordedError(429, "Recorded fault: rate limit reached.", "requests", null, "rate_limit_exceeded").WriteAsync(response);
                return true;
            case RecordedFaultKind.Hang:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return true;
            case RecordedFaultKind.Garbage:
                response.ContentType = request.Stream ? "text/event-stream" : "text/html";
                await response.WriteAsync(request.Stream ? $"data: {Garbage}\n\n" : Garbage, cancellationToken);
                return true;
            default:
                return false;
        }
    }

    private (RecordedRow Row, RecordedOutcome Outcome, RecordedAnswer Answer)? Find(RecordedChatRequest request, UInt128 lastKey, out RecordedError? error)
    {
        error = null;
        if (!outcomes.Knows(request.Model))
        {
            error = NotFound($"No recorded outcome is by '{request.Model}'. Recorded are: {SomeModels()}.", "model", "model_not_found");
            return null;
        }
        var row = outcomes.Find(lastKey);
        if (row is null && request.UserTexts.Count > 1) row = outcomes.Find(string.Join('\n', request.UserTexts));
        if (row is null)
        {
            error = NotFound(
                "No recorded outcome has this prompt. The text of the last user message, or of all of them, must be a recorded prompt (blanks at its ends aside): "
                + "send one, or start the server with an outcomes file that has it.", "messages", "prompt_not_recorded");
            return null;
        }
        if (row.Of(request.Model) is { Answer: { } answer } outcome) return (row, outcome, answer);
        error = NotFound(
            $"Of prompt {row.Id} the recording kept no answer by '{request.Model}', at most its grade. "
            + "Add the answers (responses*.jsonl.gz beside the outcomes, or --responses), take labelled stand-ins for graded answers (--stand-ins), or ask another model.", "model", "no_recorded_answer");
        return null;
    }

    private string SomeModels()
    {
        const int Shown = 8;
        var names = string.Join(", ", outcomes.Models.Take(Shown));
        return outcomes.Models.Count > Shown ? $"{names} and {outcomes.Models.Count - Shown} more (GET /v1/models)" : names;
    }

    private static RecordedError NotFound(string message, string param, string code) => new(404, message, "invalid_request_error", param, code);

    private static async Task SendAsync(HttpContext context, RecordedReply reply, bool cut, CancellationToken cancellationToken)
    {
        var body = reply.ToJson();
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(cut ? body.AsMemory(0, body.Length / 2) : body, cancellationToken);
        if (!cut) return;

        await context.Response.Body.FlushAsync(cancellationToken);
        context.Abort();
    }

    private async Task StreamAsync(HttpContext context, RecordedReply reply, bool includeUsage, bool cut, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        var events = reply.ToEvents(options.ChunkChars, includeUsage);
        if (cut)
        {
            var all = events.ToArray();
            events = all.Take(all.Length / 2);
        }
        foreach (var one in events)
        {
            if (options.Pace > TimeSpan.Zero) await Task.Delay(options.Pace, options.Clock, cancellationToken);
            await context.Response.Body.WriteAsync(one, cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken);
        }
        if (cut) context.Abort();
    }
}
