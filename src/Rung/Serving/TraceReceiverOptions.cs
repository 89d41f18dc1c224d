namespace Rung.Serving;

/// <summary>Limits of <c>POST /v1/traces</c>. They bound its memory: what does not fit is refused with a wait that exporters keep to.</summary>
internal sealed record TraceReceiverOptions
{
    /// <summary>Largest body in bytes, packed and unpacked.</summary>
    public int BodyBytes { get; init; } = 32 * 1024 * 1024;
    /// <summary>Bodies read and decoded at a time.</summary>
    public int Bodies { get; init; } = 4;
    /// <summary>How long a body may take to come.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(30);
    /// <summary>Spans that wait for the rest of their traces at most; beyond, the oldest trace is taken as it is.</summary>
    public int HeldSpans { get; init; } = 20_000;
    /// <summary>Spans taken between two sweeps at most.</summary>
    public int SpansPerSweep { get; init; } = 40_000;
    /// <summary>Bytes taken between two sweeps at most.</summary>
    public long BytesPerSweep { get; init; } = 128 * 1024 * 1024;
    /// <summary>How often traces that have ended are rated and written.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>Calls in one transaction of the ledger: a few thousand keep served calls from waiting.</summary>
    public int BatchSize { get; init; } = 2048;
}
