namespace Rung.Control.Imports.Otlp;

/// <summary>
/// Holds spans back until their trace is likely complete: children come before their parents, and a trace comes in pieces. Bounded by spans and by the text they
/// hold; when it is full, the trace that was quiet for longest goes. One thread.
/// </summary>
internal sealed class TraceWindow(int maxSpans, long maxChars)
{
    private readonly Dictionary<UInt128, Trace> _traces = [];
    private readonly TraceAssembly _assembly = new();
    private Trace? _quietest;
    private Trace? _latest;
    private long _chars;

    /// <summary>Spans held.</summary>
    public int Spans { get; private set; }

    /// <summary>Traces of which a part came after the rest had gone: their calls are complete, their positions and agents may not be.</summary>
    public long SplitTraces => _assembly.SplitTraces;

    /// <summary>Agents that tell tokens although no model call below them is in the log. Their tokens are not counted.</summary>
    public long UsageWithoutCalls => _assembly.UsageWithoutCalls;

    /// <summary>Takes a span; when that is one too many, hands over the calls of other traces.</summary>
    /// <param name="span">The span.</param>
    /// <param name="now">When it came, in any unit that grows; for <see cref="FlushQuiet"/>.</param>
    /// <param name="sink">Gets the calls.</param>
    public void Add(HeldSpan span, long now, IImportSink sink)
    {
        if (!_traces.TryGetValue(span.Trace, out var trace)) _traces[span.Trace] = trace = new Trace { Id = span.Trace };
        else Unlink(trace);
        LinkAsLatest(trace);
        trace.LastSeen = now;
        trace.Count++;
        trace.Chars += span.ContentChars;
        span.Next = trace.First;
        trace.First = span;
        Spans++;
        _chars += span.ContentChars;
        while (Spans > maxSpans || (_chars > maxChars && Spans > 1)) Flush(_quietest!, sink, remember: true);
    }

    /// <summary>Hands over the calls of every trace that has been quiet since a time.</summary>
    public void FlushQuiet(long since, IImportSink sink)
    {
        while (_quietest is { } trace && trace.LastSeen <= since) Flush(trace, sink, remember: true);
    }

    /// <summary>Hands over everything.</summary>
    /// <param name="sink">Gets the calls.</param>
    /// <param name="remember">Whether more may come afterwards.</param>
    public void FlushAll(IImportSink sink, bool remember)
    {
        while (_quietest is { } trace) Flush(trace, sink, remember);
    }

    private void Flush(Trace trace, IImportSink sink, bool remember)
    {
        Unlink(trace);
        _traces.Remove(trace.Id);
        Spans -= trace.Count;
        _chars -= trace.Chars;
        _assembly.Emit(trace.Id, trace.First!, sink, remember);
    }

    private void LinkAsLatest(Trace trace)
    {
        trace.Before = _latest;
        trace.After = null;
        if (_latest is not null) _latest.After = trace;
        _latest = trace;
        _quietest ??= trace;
    }

    private void Unlink(Trace trace)
    {
        if (trace.Before is not null) trace.Before.After = trace.After;
        else _quietest = trace.After;
        if (trace.After is not null) trace.After.Before = trace.Before;
        else _latest = trace.Before;
    }

    private sealed class Trace
    {
        public UInt128 Id { get; init; }
        public HeldSpan? First { get; set; }
        public int Count { get; set; }
        public long Chars { get; set; }
        public long LastSeen { get; set; }
        public Trace? Before { get; set; }
        public Trace? After { get; set; }
    }
}
