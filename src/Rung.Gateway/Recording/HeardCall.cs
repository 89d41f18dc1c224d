using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Shadows;

namespace Rung.Gateway.Recording;

/// <summary>
/// A sampled call while it is served: copies of its answers' bytes, as they came. Sampled for its content to be kept, or to be put to the candidate of a rollout,
/// or both. Used by one thread at a time.
/// </summary>
internal sealed class HeardCall(CallRecord call, PolicySnapshot policy, Capture? capture, string? dataClass)
{
    // Events of a stream repeat names and ids around every word; text is a small part of them.
    private const int EventsPerText = 32;
    private const int MostEvents = 16 * 1024 * 1024;

    public CallRecord Call { get; } = call;

    public PolicySnapshot Policy { get; } = policy;

    /// <summary>What the policy says of keeping its content; null when it is not kept.</summary>
    public Capture? Capture { get; } = capture;

    /// <summary>What the candidate of a rollout is to be asked; null when it is not copied.</summary>
    public ShadowOrder? Shadow { get; set; }

    public string? DataClass { get; } = dataClass;

    /// <summary>Copy of the request's bytes, once the call has ended.</summary>
    public byte[] Request { get; set; } = [];

    /// <summary>The attempt that the client got; null while there is none.</summary>
    public AttemptRecord? Served { get; set; }

    public List<HeardAnswer> Answers { get; } = [];

    /// <summary>Something of it is larger than is kept: then nothing of it is.</summary>
    public bool IsTooLarge { get; set; }

    /// <summary>Bytes that it holds.</summary>
    public long Bytes => Request.Length + Answers.Sum(answer => (long)answer.Bytes.Length);

    /// <summary>A tape for a stream that goes out as it comes.</summary>
    /// <param name="begun">Events that have come already.</param>
    public StreamTape Tape(ReadOnlySpan<byte> begun)
    {
        var tape = new StreamTape(MostRaw(isStream: true));
        tape.Append(begun);
        return tape;
    }

    /// <summary>Takes a whole answer; any other is passed over.</summary>
    public void Hear(AttemptReply reply)
    {
        if (IsTooLarge || reply.Record.Outcome is not (AttemptOutcome.Completed or AttemptOutcome.CheckFailed)) return;
        var isStream = reply.Events is not null;
        ReadOnlyMemory<byte>? bytes = reply.Tape is { } tape ? tape.Bytes : reply.Length <= MostRaw(isStream) ? reply.Bytes.ToArray() : null;
        if (bytes is { } heard) Answers.Add(new HeardAnswer(reply.Record, heard, isStream));
        else IsTooLarge = true;
    }

    private int MostRaw(bool isStream) => (int)Math.Min((long)Math.Max(Capture?.MaxBytes ?? 0, Shadow?.MostBytes ?? 0) * (isStream ? EventsPerText : 4), MostEvents);
}

/// <summary>An answer as it came.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Bytes">The reply, or the events of the stream.</param>
/// <param name="IsStream">Which of the two.</param>
internal sealed record HeardAnswer(AttemptRecord Attempt, ReadOnlyMemory<byte> Bytes, bool IsStream);
