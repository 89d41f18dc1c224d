using System.Collections.Immutable;
using Rung.Core.Spans;
using Rung.Core.Statistics;

namespace Rung.Storage.Rollups;

/// <summary>How attempts at a model went. Not thread-safe.</summary>
internal sealed class ModelSums
{
    /// <summary>Outcomes, whose codes count from 1.</summary>
    public const int Outcomes = 11;

    /// <summary>The columns of <c>rollup_model</c>, in the order of the codes.</summary>
    public static readonly string[] Columns =
    [
        "completed", "check_failed", "unreachable", "timed_out", "rate_limited", "upstream_error", "request_rejected", "malformed", "cut_short", "client_gone", "doomed",
    ];

    private readonly long[] _outcomes = new long[Outcomes + 1];

    public QuantileSketch Latency { get; } = new();
    public QuantileSketch FirstByte { get; } = new();

    public long this[int outcome] => _outcomes[outcome];

    public void Add(AttemptRecord attempt)
    {
        if ((int)attempt.Outcome <= Outcomes) _outcomes[(int)attempt.Outcome]++;
        Latency.Add(attempt.LatencyMicros);
        if (attempt.FirstByteMicros is { } first) FirstByte.Add(first);
    }

    public void Add(int outcome, long count) => _outcomes[outcome] += count;

    public void Merge(ModelSums other)
    {
        for (var i = 0; i < _outcomes.Length; i++) _outcomes[i] += other._outcomes[i];
        Latency.Merge(other.Latency);
        FirstByte.Merge(other.FirstByte);
    }

    public ImmutableArray<long> ToOutcomes() => [.. _outcomes];
}
