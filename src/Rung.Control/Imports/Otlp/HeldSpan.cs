namespace Rung.Control.Imports.Otlp;

/// <summary>What a span is to an import.</summary>
internal enum SpanPart : byte
{
    /// <summary>A step of somebody's program.</summary>
    Step,
    /// <summary>One request to one model.</summary>
    Call,
    /// <summary>An agent: its name is that of the agent of everything below it.</summary>
    Agent,
    /// <summary>A tool.</summary>
    Tool,
    /// <summary>HTTP, databases, queues: no step that anybody would name.</summary>
    Plumbing,
    /// <summary>Not in the log: only its id is known, from its children.</summary>
    Missing,
}

/// <summary>A span that waits for the rest of its trace. Slim: what is here is held in the thousands.</summary>
internal sealed class HeldSpan
{
    public UInt128 Trace { get; init; }
    public ulong Id { get; init; }
    public ulong ParentId { get; init; }
    /// <summary>Nanoseconds since 1970.</summary>
    public long Start { get; init; }
    /// <summary>Nanoseconds since 1970; the start when not told.</summary>
    public long End { get; init; }
    public SpanPart Part { get; init; }
    /// <summary>The span's own word for the agent; null when it has none.</summary>
    public string? Agent { get; set; }
    /// <summary>The span's own name where it means something; null when it is generic.</summary>
    public string? Meaning { get; init; }
    /// <summary>The step that it belongs to: <see cref="Meaning"/>, or that of the nearest span above it within the same agent.</summary>
    public string? Step { get; set; }
    public string? Tag { get; set; }
    public ImportedTagSource TagSource { get; set; }
    /// <summary>A tag out of a list of tags of the whole trace: it names the job only where the trace has one call.</summary>
    public string? TraceTag { get; set; }
    public string? Role { get; set; }
    public string? Session { get; set; }
    public string? User { get; set; }
    /// <summary>Whether the span itself tells tokens.</summary>
    public bool CarriesUsage { get; init; }
    public bool Simulated { get; set; }
    /// <summary>For a call, what the span itself says of it; what the trace says comes when it is complete.</summary>
    public ImportedCall? Call { get; init; }
    /// <summary>Characters of content that it holds.</summary>
    public int ContentChars { get; init; }

    // Links within the trace, made when it is complete.
    public HeldSpan? Parent { get; set; }
    public HeldSpan? FirstChild { get; set; }
    public HeldSpan? LastChild { get; set; }
    public HeldSpan? Next { get; set; }
    /// <summary>Whether a call below it tells tokens.</summary>
    public bool RepeatsChildren { get; set; }
    /// <summary>Whether it, or a span above it, is a call that counts.</summary>
    public bool IsCovered { get; set; }
    public bool Visited { get; set; }
}
