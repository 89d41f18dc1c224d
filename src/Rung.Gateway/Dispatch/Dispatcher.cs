using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Rung.Core.Spans;
using Rung.Gateway.Recording;
using Rung.Gateway.Streaming;

namespace Rung.Gateway.Dispatch;

/// <summary>Makes one attempt: sends the request to one model, and reads the reply as far as must be known before anyone sees it.</summary>
internal sealed partial class Dispatcher(
    IUpstreamClient client, DeadlineWatch deadlines, StreamLengths lengths, GatewayTelemetry telemetry, TimeProvider clock,
    ILogger<Dispatcher> logger)
{
    private const int ErrorBytes = 1024 * 1024;
    private const int ChunkBytes = 16 * 1024;
    private const int EventBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Makes one attempt. 1. The pins are asserted once more. 2. The governed fields are rewritten. 3. Headers come, or the model is
    /// unavailable. 4. A plain reply, or a stream that must be judged, is read whole; any other stream up to its first event.
    /// A failed attempt is booked before this returns; one that answered is booked when its fate is known.
    /// </summary>
    public Task<AttemptReply> TryAsync(Call call, Upstream upstream, string tier, AttemptKind kind, double propensity, Passage passage) =>
        TryAsync(call, upstream, tier, kind, propensity, passage, own: null);

    /// <summary>Makes one attempt with a request of the gateway's own, for a check that asks for more than the answer: the same, but never a stream.</summary>
    public Task<AttemptReply> AskAsync(Call call, Upstream upstream, string tier, AttemptKind kind, Passage passage, OwnRequest own) =>
        TryAsync(call, upstream, tier, kind, propensity: 1, passage, own);

    private async Task<AttemptReply> TryAsync(Call call, Upstream upstream, string tier, AttemptKind kind, double propensity, Passage passage, OwnRequest? own)
    {
        if (!call.Decision.Allowed.Contains(upstream.Model.Index))
            throw new InvalidOperationException($"Model {upstream.Model.Name} is outside the pins of this call: it must never be tried.");

        var record = new AttemptRecord
        {
            Ordinal = call.Record.Attempts.Count, Kind = kind, Model = upstream.Model.Name, Provider = upstream.Model.Provider,
            Tier = tier, Propensity = propensity, StartedAt = clock.GetUtcNow(),
        };
        call.Record.Attempts.Add(record);
        var span = telemetry.StartAttempt(call.Span, upstream.Model, record, own is null && call.Scan.IsStream);
        var deadline = deadlines.Start(Within(call, call.Limits.FirstByte, own?.Limit), call.Http.RequestAborted);
        var reply = new AttemptReply(record, upstream, passage, deadline, span, clock.GetTimestamp(), own);
        try
        {
            await ExchangeAsync(call, reply);
        }
        catch (OperationCanceledException e)
        {
            Interrupted(call, reply, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Broken(call, reply, e);
        }
        catch
        {
            // A fault of the gateway, not of the model; but the attempt has ended, and may not hold its place for ever.
            Fail(reply, AttemptOutcome.Malformed, "the gateway failed on it", mayFailOver: false);
            Bookkeeper.Book(record, upstream.Model);
            upstream.Health.Abandoned(passage);
            telemetry.AttemptEnded(span, record, upstream.Model);
            reply.Dispose();
            throw;
        }
        if (!reply.IsLive) record.LatencyMicros = Micros(reply);
        if (record.Outcome != AttemptOutcome.Completed) Close(call, reply);
        return reply;
    }

    /// <summary>A live stream broke: says how, in the record.</summary>
    public void BrokenWhileLive(Call call, AttemptReply reply, Exception exception)
    {
        if (exception is OperationCanceledException cancelled) Interrupted(call, reply, cancelled);
        else Broken(call, reply, exception);
    }

    /// <summary>
    /// Books what an attempt used, and notes how its model did. The exchange is over; the verdict may still be to come, and what is asked for it
    /// neither holds the model's place nor counts as its time. Does nothing the second time.
    /// </summary>
    public void Settle(Call call, AttemptReply reply)
    {
        if (reply.IsSettled) return;
        reply.IsSettled = true;
        var record = reply.Record;
        if (record.LatencyMicros == 0) record.LatencyMicros = Micros(reply);
        if (reply.Events is { } events) TakeEvents(call, reply, events);
        Bookkeeper.Book(record, reply.Upstream.Model);
        if (reply.WasHeld) lengths.Note(call.Route.Name, record);
        var health = reply.Upstream.Health;
        switch (record.Outcome)
        {
            case AttemptOutcome.Completed or AttemptOutcome.CheckFailed or AttemptOutcome.Doomed or AttemptOutcome.RequestRejected:
                health.Succeeded(reply.Passage);
                break;
            case AttemptOutcome.ClientGone:
                health.Abandoned(reply.Passage);
                break;
            case AttemptOutcome.RateLimited:
                health.AskedToRest(reply.RetryAfter ?? TimeSpan.FromSeconds(1));
                health.Abandoned(reply.Passage);
                break;
            default:
                if (reply.RetryAfter is { } rest) health.AskedToRest(rest);
                if (health.Failed(reply.Passage)) Log.CircuitOpened(logger, record.Model, ModelHealth.FailuresToOpen);
                break;
        }
    }

    /// <summary>Ends an attempt: what <see cref="Settle"/> does, and its span with the verdict.</summary>
    public void Close(Call call, AttemptReply reply)
    {
        Settle(call, reply);
        var record = reply.Record;
        if (record.Outcome is not (AttemptOutcome.Completed or AttemptOutcome.CheckFailed or AttemptOutcome.Doomed or AttemptOutcome.ClientGone))
            Log.AttemptFailed(logger, call.Record.Id, record.Model, record.Outcome, record.HttpStatus, record.Error);
        telemetry.AttemptEnded(reply.Span, record, reply.Upstream.Model);
    }

    private async Task ExchangeAsync(Call call, AttemptReply reply)
    {
        using var request = Request(call, reply);
        var response = await client.SendAsync(request, call.Limits.Connect, reply.Deadline.Token);
        reply.Response = response;
        reply.Record.HttpStatus = (int)response.StatusCode;
        reply.Stream = await response.Content.ReadAsStreamAsync(reply.Deadline.Token);
        if ((int)response.StatusCode is < 200 or > 299)
        {
            await ReadErrorAsync(call, reply, response);
            return;
        }
        if (reply.Own is not null || !call.Scan.IsStream)
        {
            await ReadReplyAsync(call, reply, response);
            return;
        }
        if (!IsEventStream(response))
        {
            await ReadReplyAsync(call, reply, response);
            if (reply.Record.Outcome == AttemptOutcome.Completed) Fail(reply, AttemptOutcome.Malformed, "a stream was asked for, and no stream came", mayFailOver: true);
            return;
        }
        reply.Events = new EventScanner(reply.Upstream.Model.UpstreamId);
        await ReadStreamAsync(call, reply);
    }

    private static HttpRequestMessage Request(Call call, AttemptReply reply)
    {
        var upstream = reply.Upstream;
        var content = reply.Own?.Content
            ?? new EditedContent(call.Body.Memory, BodyEdits.For(call.Body.Span, call.Scan, call.Route, upstream.Model, upstream.UpstreamIdJson));
        var request = new HttpRequestMessage(HttpMethod.Post, upstream.Address) { Content = content, Version = HttpVersion.Version11 };
        if (upstream.KeyName is not null) request.Headers.TryAddWithoutValidation(upstream.KeyName, upstream.KeyValue);
        Trace(call, reply.Span, request);
        return request;
    }

    /// <summary>Hands the trace on.</summary>
    public static void Trace(Call call, Activity? attempt, HttpRequestMessage request)
    {
        if ((attempt ?? call.Span) is { } span)
        {
            request.Headers.TryAddWithoutValidation("traceparent", span.Id);
            if (span.TraceStateString is { Length: > 0 } state && Ascii.IsValid(state)) request.Headers.TryAddWithoutValidation("tracestate", state);
        }
        else if (call.Http.Request.Headers.TraceParent is [{ } carried] && ActivityContext.TryParse(carried, null, out _))
        {
            request.Headers.TryAddWithoutValidation("traceparent", carried);
        }
    }

    private async Task ReadErrorAsync(Call call, AttemptReply reply, HttpResponseMessage response)
    {
        await ReadBytesAsync(call, reply, ErrorBytes);
        var status = (int)response.StatusCode;
        reply.RetryAfter = RetryAfterReader.Read(response.Headers, clock.GetUtcNow());
        switch (status)
        {
            case 429:
                var quota = reply.Bytes.Span.IndexOf("insufficient_quota"u8) >= 0 || reply.Bytes.Span.IndexOf("credit_balance"u8) >= 0;
                if (quota) reply.RetryAfter = ModelHealth.LongestRest; // Waiting does not refill an account.
                Fail(reply, AttemptOutcome.RateLimited, quota ? "429: the account has no quota left" : "429: rate limited", mayFailOver: true);
                break;
            case 401 or 402 or 403:
                Fail(reply, AttemptOutcome.UpstreamError, $"{status}: the upstream refused the gateway's key or account", mayFailOver: true);
                break;
            case 404:
                Fail(reply, AttemptOutcome.RequestRejected, "404: not found", mayFailOver: true);
                break;
            case 408 or 409 or 425 or 498 or >= 500:
                Fail(reply, AttemptOutcome.UpstreamError, $"{status}", mayFailOver: true);
                break;
            case >= 400:
                Fail(reply, AttemptOutcome.RequestRejected, $"{status}", mayFailOver: false);
                break;
            default:
                Fail(reply, AttemptOutcome.Malformed, $"{status} is no answer", mayFailOver: true);
                break;
        }
    }

    private async Task ReadReplyAsync(Call call, AttemptReply reply, HttpResponseMessage response)
    {
        reply.Deadline.Move(Left(call, reply));
        var limit = (int)Math.Min(call.Limits.ReplyBytes, int.MaxValue / 2);
        if (!await ReadBytesAsync(call, reply, limit))
        {
            Fail(reply, AttemptOutcome.Malformed, $"the reply is larger than {limit:N0} bytes", mayFailOver: false);
            reply.Record.Usage = Estimate(call, reply, reply.Length, UsageSource.EstimatedPartial); // It was made, and will be billed.
            return;
        }
        var record = reply.Record;
        var scan = ReplyScan.Of(reply.Bytes.Span, reply.Upstream.Model.UpstreamId);
        record.UpstreamModel = scan.UpstreamModel;
        record.FinishReason = scan.FinishReason;
        record.Usage = scan.HasUsage ? scan.Usage with { Source = UsageSource.Provider } : default;
        if (!scan.IsObject) Fail(reply, AttemptOutcome.Malformed, "the reply is not a JSON object", mayFailOver: true);
        else if (scan.HasError && !scan.HasChoices) Fail(reply, AttemptOutcome.UpstreamError, "an error inside a 200", mayFailOver: true);
        else if (!scan.HasChoices) Fail(reply, AttemptOutcome.Malformed, "the reply has no choices", mayFailOver: true);
        else if (FinishReasons.IsFailure(scan.FinishReason)) Fail(reply, AttemptOutcome.UpstreamError, $"finish reason {scan.FinishReason}", mayFailOver: true);
        else record.Outcome = AttemptOutcome.Completed;
        if (!scan.HasUsage && scan.HasChoices)
            record.Usage = new TokenUsage { Input = InputOf(call, reply), Output = scan.MessageBytes / 4, Source = UsageSource.Estimated };
    }

    /// <summary>Reads to the end, or to the limit.</summary>
    /// <returns>False when there was more than the limit.</returns>
    private async Task<bool> ReadBytesAsync(Call call, AttemptReply reply, int limit)
    {
        var wanted = (int)Math.Min(reply.Response!.Content.Headers.ContentLength ?? ChunkBytes, limit) + 1;
        while (true)
        {
            var read = await reply.Stream!.ReadAsync(reply.Room(Math.Max(wanted - reply.Length, 1)), reply.Deadline.Token);
            if (read == 0) return true;
            reply.Length += read;
            if (reply.Length > limit) return false;
            if (reply.Length == wanted - 1 && reply.Response.Content.Headers.ContentLength == reply.Length) return true;
            reply.Deadline.Move(Left(call, reply));
        }
    }

    private static void TakeEvents(Call call, AttemptReply reply, EventScanner events)
    {
        var record = reply.Record;
        record.UpstreamModel = events.UpstreamModel;
        record.FinishReason = events.FinishReason;
        if (events.HasUsage) record.Usage = events.Usage with { Source = UsageSource.Provider };
        else if (events.HasContent) record.Usage = Estimate(call, reply, events.ContentBytes, events.IsWhole ? UsageSource.Estimated : UsageSource.EstimatedPartial);
    }

    private static TokenUsage Estimate(Call call, AttemptReply reply, long contentBytes, UsageSource source) =>
        new() { Input = InputOf(call, reply), Output = (contentBytes + 3) / 4, Source = source };

    /// <summary>Time ran out, or the client left, or no connection came in time. What the model did meanwhile may be billed: it is estimated.</summary>
    private static void Interrupted(Call call, AttemptReply reply, OperationCanceledException exception)
    {
        // The client's own signal may be seen a moment before the deadline's, which hangs on it.
        if (!reply.Deadline.Token.IsCancellationRequested && !call.ClientGone)
        {
            Fail(reply, AttemptOutcome.Unreachable, exception.InnerException is TimeoutException ? "no connection within the connect timeout" : "the connection was given up", mayFailOver: true);
            return;
        }
        var late = reply.Deadline.Expired;
        Fail(reply, late ? AttemptOutcome.TimedOut : AttemptOutcome.ClientGone, late ? Silence(reply) : "the client went away", mayFailOver: late);
        if (reply.Record.Usage.Source == UsageSource.None) reply.Record.Usage = Estimate(call, reply, 0, UsageSource.EstimatedPartial);
    }

    private static string Silence(AttemptReply reply) => reply.Record.HttpStatus == 0 ? "no answer within the first-byte timeout" : "it fell silent in its answer";

    private static void Broken(Call call, AttemptReply reply, Exception exception)
    {
        if (call.ClientGone)
        {
            Fail(reply, AttemptOutcome.ClientGone, "the client went away", mayFailOver: false);
            if (reply.Record.Usage.Source == UsageSource.None) reply.Record.Usage = Estimate(call, reply, 0, UsageSource.EstimatedPartial);
            return;
        }
        var error = (exception as HttpRequestException)?.HttpRequestError;
        if (error is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError)
        {
            Fail(reply, AttemptOutcome.Unreachable, $"unreachable ({error})", mayFailOver: true);
            return;
        }
        var begun = reply.Record.HttpStatus > 0;
        Fail(reply, begun ? AttemptOutcome.CutShort : AttemptOutcome.Unreachable, begun ? "the reply broke off" : "the connection broke before a reply", mayFailOver: true);
        if (begun && reply.Record.Usage.Source == UsageSource.None && reply.Record.HttpStatus is >= 200 and <= 299)
            reply.Record.Usage = Estimate(call, reply, reply.Length, UsageSource.EstimatedPartial);
    }

    private static void Fail(AttemptReply reply, AttemptOutcome outcome, string error, bool mayFailOver)
    {
        reply.Record.Outcome = outcome;
        reply.Record.Error = error;
        reply.MayFailOver = mayFailOver;
        reply.IsLive = false;
    }

    private static long InputOf(Call call, AttemptReply reply) => reply.Own?.EstimatedInputTokens ?? call.Facts.EstimatedInputTokens;

    /// <summary>A limit, cut to what is left of the call's total time and of the attempt's own limit.</summary>
    private static TimeSpan Within(Call call, TimeSpan limit, TimeSpan? own) => call.Within(own is { } shorter && shorter < limit ? shorter : limit);

    /// <summary>How long a reply may pause between two reads.</summary>
    private TimeSpan Left(Call call, AttemptReply reply) =>
        Within(call, call.Limits.BetweenChunks, reply.Own?.Limit is { } own ? own - clock.GetElapsedTime(reply.Started) : null);

    private static bool IsEventStream(HttpResponseMessage response) =>
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type)
        && type.ToString().StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private long Micros(AttemptReply reply) => (long)clock.GetElapsedTime(reply.Started).TotalMicroseconds;

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Warning, "Call {CallId}: attempt at {Model} ended {Outcome} (status {Status}): {Error}")]
        public static partial void AttemptFailed(ILogger logger, string callId, string model, AttemptOutcome outcome, int status, string? error);

        [LoggerMessage(2102, LogLevel.Error, "Model {Model} failed {Failures} times in a row: its circuit is open, and calls go elsewhere until a probe succeeds")]
        public static partial void CircuitOpened(ILogger logger, string model, int failures);
    }
}
