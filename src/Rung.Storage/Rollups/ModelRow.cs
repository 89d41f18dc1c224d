using System.Collections.Immutable;
using Rung.Core.Spans;
using Rung.Core.Statistics;

namespace Rung.Storage.Rollups;

/// <summary>How the attempts at one model on one rung went; verifiers, further samples and copies among them.</summary>
public sealed class ModelRow
{
    private readonly ImmutableArray<long> _outcomes;

    internal ModelRow(DateTimeOffset? at, string tier, string model, ImmutableArray<long> outcomes, QuantileSketch latency, QuantileSketch firstByte) =>
        (At, Tier, Model, _outcomes, Latency, FirstByte) = (at, tier, model, outcomes, latency, firstByte);

    /// <summary>Begin of the minute, hour or day in which the calls began, UTC; null for the whole window.</summary>
    public DateTimeOffset? At { get; }
    /// <summary>The rung.</summary>
    public string Tier { get; }
    /// <summary>The model.</summary>
    public string Model { get; }
    /// <summary>From start to end of an attempt, microseconds.</summary>
    public QuantileSketch Latency { get; }
    /// <summary>From start to the first byte of content, microseconds.</summary>
    public QuantileSketch FirstByte { get; }
    /// <summary>Attempts.</summary>
    public long Attempts => _outcomes.Sum();
    /// <summary>Attempts that brought no whole answer, for another reason than that the client left or the gateway gave them up as doomed.</summary>
    public long Errors => Attempts - Count(AttemptOutcome.Completed) - Count(AttemptOutcome.CheckFailed) - Count(AttemptOutcome.Doomed) - Count(AttemptOutcome.ClientGone);

    /// <summary>Attempts that ended like this.</summary>
    public long Count(AttemptOutcome outcome) => (int)outcome < _outcomes.Length ? _outcomes[(int)outcome] : 0;
}
