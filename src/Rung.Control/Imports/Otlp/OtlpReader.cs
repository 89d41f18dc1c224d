namespace Rung.Control.Imports.Otlp;

/// <summary>Reads export requests of many files, and puts their traces together. One thread.</summary>
internal sealed class OtlpReader : ILogReader
{
    /// <summary>Spans that are held back, so that a trace's spans meet.</summary>
    public const int HeldSpans = 20_000;

    /// <summary>Characters of content that are held back: 64 MiB.</summary>
    public const long HeldChars = 32 * 1024 * 1024;

    private readonly OtlpSpans _spans = new();
    private readonly TraceWindow _window;
    private readonly OtlpJson _json;
    private readonly OtlpProtobuf _protobuf;
    private long _clock; // Counts records: it only has to grow.

    public OtlpReader()
        : this(HeldSpans)
    {
    }

    public OtlpReader(int heldSpans)
    {
        _window = new TraceWindow(heldSpans, HeldChars);
        _json = new OtlpJson(_spans);
        _protobuf = new OtlpProtobuf(_spans);
    }

    /// <summary>Traces that came in parts too far from each other to be put together.</summary>
    public long SplitTraces => _window.SplitTraces;

    /// <summary>Agents that tell tokens although no model call below them is in the log.</summary>
    public long UsageWithoutCalls => _window.UsageWithoutCalls;

    public void BeginFile(LogFile file)
    {
    }

    public void Read(in LogRecord record, IImportSink sink)
    {
        _spans.Begin();
        if (record.Shape == LogShape.Binary) _protobuf.Read(record.Bytes);
        else _json.Read(record.Bytes.Span);

        _clock++;
        foreach (var span in _spans.Spans) _window.Add(span, _clock, sink);
        foreach (var call in _spans.Calls) sink.Add(call);
        foreach (var fault in _spans.Faults) sink.Fault(fault);
        if (_spans.OtherLogs > 0) sink.Leave(LeftOut.NoModelCall, _spans.OtherLogs);
    }

    public void EndFile(IImportSink sink)
    {
        // A trace may go on in the next file.
    }

    public void Complete(IImportSink sink)
    {
        _window.FlushAll(sink, remember: false);
        if (SplitTraces > 0) sink.Note($"{SplitTraces} times a part of a trace came after the rest had gone: its calls count once, but their agents, steps and positions may be missing.");
        if (UsageWithoutCalls > 0) sink.Note($"{UsageWithoutCalls} spans of agents or steps tell tokens of model calls that are not in the log: they are not counted.");
    }
}
