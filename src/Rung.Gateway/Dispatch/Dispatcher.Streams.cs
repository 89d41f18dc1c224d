using Rung.Core.Spans;
using Rung.Gateway.Judging;
using Rung.Gateway.Recording;
using Rung.Gateway.Streaming;

namespace Rung.Gateway.Dispatch;

/// <content>Streams: read up to their first event or to their end, watched on the way, given up when nothing can save them.</content>
internal sealed partial class Dispatcher
{
    /// <summary>
    /// Reads more of a stream. Until content has come the first-byte limit runs on (keep-alive comments do not extend it), then each read
    /// has the limit between chunks.
    /// </summary>
    /// <returns>False at its end.</returns>
    public async ValueTask<bool> ReadMoreAsync(Call call, AttemptReply reply)
    {
        // Nothing follows [DONE]: an upstream that clings to the connection afterwards, or breaks it, takes nothing back.
        if (reply.Events!.IsDone) return false;
        if (reply.Events.HasContent) reply.Deadline.Move(call.Within(call.Limits.BetweenChunks));
        var read = await reply.Stream!.ReadAsync(reply.Room(ChunkBytes), reply.Deadline.Token);
        if (read == 0)
        {
            if (!EventScanner.IsWholeEvent(reply.Bytes.Span[reply.Scanned..])) return false;
            "\n\n"u8.CopyTo(reply.Room(2).Span);
            read = 2;
        }
        reply.Length += read;
        var whole = reply.Events.Scan(reply.Bytes.Span[reply.Scanned..]);
        if (reply.Events.UsageOnly is { End: > 0 } usage && !call.Scan.WantsUsage) reply.Unasked = (reply.Scanned + usage.Start, reply.Scanned + usage.End);
        var events = reply.Bytes.Slice(reply.Scanned, whole);
        reply.Scanned += whole;
        reply.Watch?.Append(events);
        reply.Collected?.Append(events);
        reply.Tape?.Append(events.Span);
        return true;
    }

    private async Task ReadStreamAsync(Call call, AttemptReply reply)
    {
        var events = reply.Events!;
        var watching = StreamWatching.Of(call.Route);
        var hold = watching.Holds;
        reply.Watch = watching.Watch;
        var limit = hold ? (int)Math.Min(call.Limits.ReplyBytes, int.MaxValue / 2) : EventBytes;
        var more = true;
        while (more && !events.HasError && (hold || !events.HasContent))
        {
            more = await ReadMoreAsync(call, reply);
            if (events.HasContent) reply.Record.FirstByteMicros ??= Micros(reply);
            if (reply.Watch is { } watch)
            {
                if (watch.IsDoomed)
                {
                    // Once it has said that it has finished there is nothing to give up: it is judged, and kept in case that nothing better comes.
                    if (more && !events.HasError && !events.IsWhole && await GaveUpAsync(call, reply, watch)) return;
                    reply.Watch = null; // It will be served all the same: nothing is won by leaving.
                }
                else if (watching.Releases && watch.HasValidPrefix) hold = false;
            }
            if (reply.Length > limit)
            {
                Fail(reply, AttemptOutcome.Malformed, $"the stream's events are larger than {limit:N0} bytes", mayFailOver: true);
                reply.Record.Usage = Estimate(call, reply, reply.Length, UsageSource.EstimatedPartial);
                return;
            }
        }
        if (events.HasError) Fail(reply, AttemptOutcome.UpstreamError, "an error inside the stream", mayFailOver: true);
        else if (!events.HasContent) Fail(reply, AttemptOutcome.Malformed, "the stream ended without an answer", mayFailOver: true);
        else if ((hold || !more && call.Route.Holds) && !events.IsWhole) Fail(reply, AttemptOutcome.CutShort, "the stream broke off", mayFailOver: true);
        else reply.Record.Outcome = AttemptOutcome.Completed;
        reply.IsLive = reply.Record.Outcome == AttemptOutcome.Completed && more && !hold;
        reply.Watch = null;
        reply.WasHeld = !reply.IsLive && call.Route.Holds && reply.Record.Outcome == AttemptOutcome.Completed;
        if (reply.IsLive && call.Route.Holds) Collect(call, reply);
        if (reply.IsLive && call.Heard is { } heard) reply.Tape = heard.Tape(reply.Bytes.Span[..reply.Scanned]);
    }

    /// <summary>The rest goes out as it comes, and the verdict is given at the end: the answer is put together beside.</summary>
    private static void Collect(Call call, AttemptReply reply)
    {
        reply.Collected = new StreamedAnswer(call.Limits.ReplyBytes);
        reply.Collected.Append(reply.Bytes[..reply.Scanned]);
    }

    /// <summary>A doomed stream is left at once, and what it would have taken is estimated against those that were read to their end.</summary>
    /// <returns>False where it would be served all the same.</returns>
    private async ValueTask<bool> GaveUpAsync(Call call, AttemptReply reply, StreamWatch watch)
    {
        // What it cost so far counts against a climb. Should the stream go on, its end books it anew.
        var record = reply.Record;
        record.LatencyMicros = Micros(reply);
        TakeEvents(call, reply, reply.Events!);
        Bookkeeper.Book(record, reply.Upstream.Model);
        if (!Climbing.MayGiveUp(call, out var to)) return false;
        reply.GivenUpFor = to;
        record.Outcome = AttemptOutcome.Doomed;
        record.Error = "given up: nothing that could still come would have passed";
        record.Checks = [watch.Verdict!];
        (record.SavedTokens, record.SavedMicros) = lengths.Saved(call.Route.Name, record);
        await reply.HangUpAsync(ChunkBytes);
        return true;
    }
}
