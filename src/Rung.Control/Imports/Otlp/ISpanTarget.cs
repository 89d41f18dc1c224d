namespace Rung.Control.Imports.Otlp;

/// <summary>What a decoder hands its spans to: the same for JSON and for protocol buffers.</summary>
internal interface ISpanTarget
{
    /// <summary>The draft that the decoder fills.</summary>
    SpanDraft Draft { get; }

    /// <summary>A second draft, for events.</summary>
    SpanDraft EventDraft { get; }

    /// <summary>A third, for the resource that the following spans belong to.</summary>
    SpanDraft ResourceDraft { get; }

    /// <summary>The resource draft is complete.</summary>
    void EndResource();

    /// <summary>The event draft is complete.</summary>
    /// <param name="ordinal">Its place among the events of its span, from 0.</param>
    void EndEvent(int ordinal);

    /// <summary>The span draft is complete.</summary>
    void EndSpan();

    /// <summary>A log record is complete in the span draft.</summary>
    void EndLog();

    /// <summary>A span or a log record that cannot be used.</summary>
    void Refuse(string message);
}
