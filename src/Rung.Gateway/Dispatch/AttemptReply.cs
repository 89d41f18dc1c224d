using System.Buffers;
using System.Diagnostics;
using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Gateway.Judging;
using Rung.Gateway.Recording;
using Rung.Gateway.Streaming;

namespace Rung.Gateway.Dispatch;

/// <summary>One attempt and what came back. A live reply still streams; any other is whole, or failed. Owns its buffer and its connection.</summary>
internal sealed class AttemptReply(AttemptRecord record, Upstream upstream, Passage passage, Deadline deadline, Activity? span, long started, OwnRequest? own) : IDisposable
{
    private byte[] buffer = [];
    private bool disposed;

    public AttemptRecord Record { get; } = record;

    public Upstream Upstream { get; } = upstream;

    /// <summary>How the model's health let it through: to be handed back once.</summary>
    public Passage Passage { get; } = passage;

    public Deadline Deadline { get; } = deadline;

    public Activity? Span { get; } = span;

    /// <summary>What was sent when it is not the client's own request; null for the client's.</summary>
    public OwnRequest? Own { get; } = own;

    /// <summary>Timestamp of its start.</summary>
    public long Started { get; } = started;

    public HttpResponseMessage? Response { get; set; }

    /// <summary>The upstream's stream, open while the reply is live.</summary>
    public Stream? Stream { get; set; }

    /// <summary>Follows a streamed reply; null for a plain one.</summary>
    public EventScanner? Events { get; set; }

    /// <summary>Follows the text of a held stream; null when nobody watches.</summary>
    public StreamWatch? Watch { get; set; }

    /// <summary>Puts a live stream together for a verdict at its end; null when none is wanted.</summary>
    public StreamedAnswer? Collected { get; set; }

    /// <summary>The events of a live stream whose content is kept; null when it is not.</summary>
    public StreamTape? Tape { get; set; }

    /// <summary>For a stream that was given up, where the call climbs to; null for nowhere.</summary>
    public (Tier Tier, ModelSet Candidates)? GivenUpFor { get; set; }

    /// <summary>A whole stream that was read to its end before anyone saw it.</summary>
    public bool WasHeld { get; set; }

    /// <summary>Its usage is booked, and its model's place given back.</summary>
    public bool IsSettled { get; set; }

    /// <summary>The stream has begun, and its end is still to come.</summary>
    public bool IsLive { get; set; }

    /// <summary>Bytes received and held.</summary>
    public int Length { get; set; }

    /// <summary>Of these, whole events that were scanned.</summary>
    public int Scanned { get; set; }

    /// <summary>The usage chunk that the client did not ask for; empty when there is none.</summary>
    public (int Start, int End) Unasked { get; set; }

    /// <summary>What the upstream asked to wait before the next try; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>Another model of the rung could still answer.</summary>
    public bool MayFailOver { get; set; }

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, Length);

    /// <summary>Room behind the received bytes: grown when it is short of the wanted size.</summary>
    public Memory<byte> Room(int wanted)
    {
        if (buffer.Length - Length < wanted)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + wanted, buffer.Length * 2));
            buffer.AsSpan(0, Length).CopyTo(larger);
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        return buffer.AsMemory(Length);
    }

    /// <summary>Forgets the first bytes: they have been handed on.</summary>
    public void Consume(int count)
    {
        buffer.AsSpan(count, Length - count).CopyTo(buffer);
        Length -= count;
        Scanned = 0;
        Unasked = default;
    }

    /// <summary>
    /// Closes the connection of a stream that is not wanted any more. Disposing the response alone would go on reading for a while, so that the
    /// connection can be used again, and the model would go on writing; a read under way that is cancelled closes it at once.
    /// </summary>
    /// <param name="room">Bytes of one read; those that have arrived already are read away first, a bounded number of times.</param>
    public async Task HangUpAsync(int room)
    {
        Length = 0; // What came is judged and booked: its room serves for the rest.
        try
        {
            for (var reads = 0; reads < 64; reads++)
            {
                var read = Stream!.ReadAsync(Room(room), Deadline.Token);
                if (!read.IsCompleted) Deadline.Cancel();
                if (await read == 0) break;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            // Closed.
        }
        Response?.Dispose();
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        Response?.Dispose();
        Deadline.Dispose();
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        Length = 0;
    }
}
