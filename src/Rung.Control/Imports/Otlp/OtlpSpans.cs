using Rung.Control.Imports.Otlp.Evaluations;

namespace Rung.Control.Imports.Otlp;

/// <summary>Collects what one record holds: its spans, its calls told by log records, and what cannot be used. Nothing of it counts before the record has been read to its end.</summary>
internal sealed class OtlpSpans : ISpanTarget
{
    private readonly SpanReading _reading = new();
    private readonly Utf8Names _services = new(256);
    private string? _service;
    private bool _isSimulated;

    public SpanDraft Draft { get; } = new();
    public SpanDraft EventDraft { get; } = new();
    public SpanDraft ResourceDraft { get; } = new();

    /// <summary>Spans of the record.</summary>
    public List<HeldSpan> Spans { get; } = [];
    /// <summary>Calls that log records tell.</summary>
    public List<ImportedCall> Calls { get; } = [];
    /// <summary>One message for each span that cannot be used.</summary>
    public List<string> Faults { get; } = [];
    /// <summary>Log records that tell no call.</summary>
    public int OtherLogs { get; private set; }

    /// <summary>A new record begins.</summary>
    public void Begin()
    {
        Spans.Clear();
        Calls.Clear();
        Faults.Clear();
        OtherLogs = 0;
    }

    public void EndResource()
    {
        _service = _services.Name(ResourceDraft.Bytes(Slot.Service));
        _isSimulated = ResourceDraft.IsTrue(Slot.Simulated);
    }

    public void EndSpan()
    {
        if (Draft.TraceId == 0) Refuse("A span has no usable traceId.");
        else if (Draft.SpanId == 0) Refuse("A span has no usable spanId.");
        else if (Draft.Start <= 0) Refuse("A span has no usable startTimeUnixNano.");
        else Spans.Add(_reading.Read(Draft, _service, _isSimulated));
    }

    public void EndLog()
    {
        try
        {
            if (_reading.ReadLog(Draft, _isSimulated) is { } call) Calls.Add(call);
            else OtherLogs++;
        }
        catch (LogRecordException e)
        {
            Refuse(e.Message);
        }
    }

    public void Refuse(string message) => Faults.Add(message);

    public void EndEvent(int ordinal)
    {
        var name = EventDraft.Name;
        if (name.SequenceEqual("gen_ai.evaluation.result"u8)) AddVerdict();
        else if (name.SequenceEqual("gen_ai.content.prompt"u8) || name.SequenceEqual("gen_ai.content.completion"u8) || name.SequenceEqual("gen_ai.client.inference.operation.details"u8) || name.SequenceEqual("exception"u8)) Draft.TakeFrom(EventDraft);
        else if (name.SequenceEqual("gen_ai.system.message"u8)) AddMessage("system"u8, ordinal, isOutput: false);
        else if (name.SequenceEqual("gen_ai.user.message"u8)) AddMessage("user"u8, ordinal, isOutput: false);
        else if (name.SequenceEqual("gen_ai.assistant.message"u8)) AddMessage("assistant"u8, ordinal, isOutput: false);
        else if (name.SequenceEqual("gen_ai.tool.message"u8)) AddMessage("tool"u8, ordinal, isOutput: false);
        else if (name.SequenceEqual("gen_ai.choice"u8)) AddMessage("assistant"u8, ordinal, isOutput: true);
        else if (name.SequenceEqual("ai.stream.firstChunk"u8) || name.SequenceEqual("First Token Stream Event"u8) || name.SequenceEqual("llm.content.completion.chunk"u8)
            || name.SequenceEqual("gen_ai.first_token"u8) || name.SequenceEqual("first_token"u8))
        {
            if (EventDraft.Start > 0 && (Draft.FirstContent == 0 || EventDraft.Start < Draft.FirstContent)) Draft.FirstContent = EventDraft.Start;
            Draft.TakeFrom(EventDraft);
        }
    }

    private void AddMessage(ReadOnlySpan<byte> role, int ordinal, bool isOutput)
    {
        var body = EventDraft.Bytes(Slot.EventContent);
        if (body.IsEmpty) body = EventDraft.Bytes(Slot.EventMessage);
        var text = EventDraft.Bytes(Slot.EventText);
        if (body.IsEmpty && text.IsEmpty && !isOutput) return;
        Add(MessagePart.Role, role, ordinal, isOutput);
        if (!body.IsEmpty) Add(MessagePart.Body, body, ordinal, isOutput);
        else Add(MessagePart.Text, text, ordinal, isOutput);
        if (isOutput && EventDraft.Bytes(Slot.FinishReasons) is { IsEmpty: false } reason) Add(MessagePart.FinishReason, reason, ordinal, isOutput);
    }

    private void Add(MessagePart part, ReadOnlySpan<byte> bytes, int ordinal, bool isOutput)
    {
        var (offset, length) = Draft.Keep(bytes);
        Draft.AddPart(new IndexedPart(part, isOutput, ordinal, 0, offset, length));
    }

    private void AddVerdict()
    {
        const int Most = 64;
        if (Draft.Verdicts.Count == Most) return;
        var name = _services.Name(EventDraft.Bytes(Slot.EvaluationName)) ?? "evaluation";
        if (EvaluationScore.Of(EventDraft.Real(Slot.EvaluationScore), EventDraft.Bytes(Slot.EvaluationLabel)) is not { } score) return;
        var byPerson = name.Contains("human", StringComparison.OrdinalIgnoreCase) || name.Contains("user", StringComparison.OrdinalIgnoreCase)
            || name.Contains("thumb", StringComparison.OrdinalIgnoreCase) || name.Contains("feedback", StringComparison.OrdinalIgnoreCase);
        Draft.Verdicts.Add(new ImportedVerdict(name, score, byPerson));
    }
}
