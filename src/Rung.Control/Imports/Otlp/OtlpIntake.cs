using System.Text.Json;

namespace Rung.Control.Imports.Otlp;

/// <summary>What became of one export request.</summary>
/// <param name="Accepted">Spans and log records that were taken, whether they are model calls or not.</param>
/// <param name="Rejected">Spans that cannot be used; the others were taken.</param>
/// <param name="Message">What is wrong with the first of the rejected; null when none was.</param>
/// <param name="IsFull">Whether nothing was taken because nobody fetches the calls: the sender should try again later.</param>
public sealed record OtlpIntakeResult(int Accepted, int Rejected, string? Message, bool IsFull = false);

/// <summary>
/// Takes export requests as they come over the network, and gives the calls of traces that seem complete. Bounded: spans that are held back, and calls that
/// wait to be fetched. Safe to be called by many threads.
/// </summary>
public sealed class OtlpIntake
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly int _maxSpans;
    private readonly OtlpSpans _spans = new();
    private readonly TraceWindow _window;
    private readonly OtlpJson _json;
    private readonly OtlpProtobuf _protobuf;
    private readonly Waiting _waiting = new();

    /// <summary>An intake that holds nothing yet.</summary>
    /// <param name="clock">Tells when a trace was last heard of.</param>
    /// <param name="maxSpans">Spans held back at most, and calls waiting to be fetched at most; at least 1. When there are more spans, the trace that was quiet for longest is taken for complete.</param>
    public OtlpIntake(TimeProvider clock, int maxSpans)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSpans, 1);
        _clock = clock;
        _maxSpans = maxSpans;
        _window = new TraceWindow(maxSpans, OtlpReader.HeldChars);
        _json = new OtlpJson(_spans);
        _protobuf = new OtlpProtobuf(_spans);
    }

    /// <summary>Spans that are held back now.</summary>
    public int Held
    {
        get
        {
            lock (_gate) return _window.Spans;
        }
    }

    /// <summary>Takes one export request, unpacked.</summary>
    /// <param name="body">An <c>ExportTraceServiceRequest</c>.</param>
    /// <param name="isJson">Whether it is JSON, rather than protocol buffers.</param>
    /// <exception cref="FormatException">It cannot be decoded; nothing of it was taken.</exception>
    public OtlpIntakeResult Take(ReadOnlyMemory<byte> body, bool isJson)
    {
        lock (_gate)
        {
            if (_waiting.Calls.Count >= _maxSpans) return new OtlpIntakeResult(0, 0, "Too many calls wait to be stored.", IsFull: true);
            _spans.Begin();
            Decode(body, isJson);
            var now = _clock.GetTimestamp();
            foreach (var span in _spans.Spans) _window.Add(span, now, _waiting);
            _waiting.Calls.AddRange(_spans.Calls);
            var accepted = _spans.Spans.Count + _spans.Calls.Count + _spans.OtherLogs;
            return new OtlpIntakeResult(accepted, _spans.Faults.Count, _spans.Faults.Count > 0 ? _spans.Faults[0] : null);
        }
    }

    /// <summary>Gives the calls of traces that have been quiet for 30 seconds, and those that had to go because the intake was full. Each is given once.</summary>
    /// <param name="all">Whether the other traces are taken for complete, too: before the program ends.</param>
    public IReadOnlyList<ImportedCall> Sweep(bool all)
    {
        lock (_gate)
        {
            if (all) _window.FlushAll(_waiting, remember: true);
            else _window.FlushQuiet(_clock.GetTimestamp() - (long)(Quiet.TotalSeconds * _clock.TimestampFrequency), _waiting);
            if (_waiting.Calls.Count == 0) return [];
            ImportedCall[] calls = [.. _waiting.Calls];
            _waiting.Calls.Clear();
            return calls;
        }
    }

    private void Decode(ReadOnlyMemory<byte> body, bool isJson)
    {
        // An empty request is a good one: senders use it to try the address.
        if (body.IsEmpty) return;
        try
        {
            if (isJson) _json.Read(body.Span);
            else _protobuf.Read(body);
        }
        catch (Exception e) when (e is JsonException or LogRecordException or InvalidOperationException)
        {
            throw new FormatException(e is LogRecordException ? e.Message : "The body is no JSON of OTLP.", e);
        }
    }

    private sealed class Waiting : IImportSink
    {
        public List<ImportedCall> Calls { get; } = [];

        public void Add(ImportedCall call) => Calls.Add(call);

        public void Leave(LeftOut reason, int count = 1)
        {
            // The receiver answers for spans, and those were taken.
        }

        public void Fault(string message)
        {
            // Told with the request that held the span.
        }

        public void Note(string message)
        {
            // Of a log as a whole; a stream of requests has no end at which it would be known.
        }
    }
}
