using Microsoft.AspNetCore.Http;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;

namespace Rung.Gateway.Reply;

/// <summary>Hands a reply to the client: whole, held, or live.</summary>
internal sealed class ReplyWriter(Dispatcher dispatcher)
{
    /// <summary>A reply that is all there: plain, or a stream that was held. Its bytes are the upstream's own.</summary>
    public static async Task WholeAsync(Call call, AttemptReply reply, bool verified)
    {
        var response = call.Http.Response;
        Head(call, reply, response);
        RungHeaders.WriteMoney(call.Record, response.Headers);
        if (!verified) RungHeaders.MarkUnverified(response.Headers);
        var (start, end) = reply.Unasked;
        response.ContentLength = reply.Length - (end - start);
        call.Record.FirstByteMicros = call.ElapsedMicros;
        if (start > 0 || end == 0) await response.Body.WriteAsync(end == 0 ? reply.Bytes : reply.Bytes[..start], call.Http.RequestAborted);
        if (end > 0 && end < reply.Length) await response.Body.WriteAsync(reply.Bytes[end..], call.Http.RequestAborted);
    }

    /// <summary>
    /// A live stream: whole events are passed on as they come, from one model only. When it breaks off, the client is told in the stream
    /// itself, and no <c>[DONE]</c> follows.
    /// </summary>
    public async Task LiveAsync(Call call, AttemptReply reply)
    {
        var response = call.Http.Response;
        Head(call, reply, response);
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        call.Record.FirstByteMicros = call.ElapsedMicros;
        try
        {
            var more = true;
            while (more)
            {
                await PassOnAsync(call, reply);
                more = reply.Events is { HasError: false } && await dispatcher.ReadMoreAsync(call, reply);
            }
            await PassOnAsync(call, reply);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            dispatcher.BrokenWhileLive(call, reply, e);
        }
        Judge(call, reply);
        if (reply.Record.Outcome is AttemptOutcome.Completed or AttemptOutcome.ClientGone || call.ClientGone) return;
        var error = new ErrorReply(502, "upstream_error", "stream_broke_off", $"The answer of {reply.Record.Model} broke off: {reply.Record.Error}. Call {call.Record.Id}.");
        await response.Body.WriteAsync(error.ToEvent(), call.Http.RequestAborted);
    }

    private static void Judge(Call call, AttemptReply reply)
    {
        var record = reply.Record;
        if (record.Outcome != AttemptOutcome.Completed) return;
        if (call.ClientGone && !reply.Events!.IsWhole) (record.Outcome, record.Error) = (AttemptOutcome.ClientGone, "the client went away");
        else if (reply.Events!.HasError) (record.Outcome, record.Error) = (AttemptOutcome.UpstreamError, "an error inside the stream");
        else if (!reply.Events.IsWhole) (record.Outcome, record.Error) = (AttemptOutcome.CutShort, "the stream ended early");
    }

    private static async ValueTask PassOnAsync(Call call, AttemptReply reply)
    {
        var whole = reply.Scanned;
        // An error event is not passed on: the gateway's own says which call and model it was.
        if (whole == 0 || reply.Events!.HasError) return;
        var (start, end) = reply.Unasked;
        var body = call.Http.Response.Body;
        if (end == 0) await body.WriteAsync(reply.Bytes[..whole], call.Http.RequestAborted);
        else
        {
            if (start > 0) await body.WriteAsync(reply.Bytes[..start], call.Http.RequestAborted);
            if (end < whole) await body.WriteAsync(reply.Bytes[end..whole], call.Http.RequestAborted);
        }
        reply.Consume(whole);
    }

    private static void Head(Call call, AttemptReply reply, HttpResponse response)
    {
        response.StatusCode = reply.Record.HttpStatus;
        RungHeaders.CopyUpstream(reply.Response!, reply.Upstream, response.Headers);
        if (reply.Response!.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type)) response.ContentType = type.ToString();
        RungHeaders.WriteStart(call, response.Headers, reply.Record.Model, reply.Record.Tier);
    }
}
