using System.Collections.Immutable;
using Rung.Core.Spans;

namespace Rung.Control.Health;

/// <summary>A quantile of times, microseconds, and how many they are of.</summary>
/// <param name="Count">Attempts.</param>
/// <param name="P50">Half of them took at most this.</param>
/// <param name="P95">Nineteen of twenty did.</param>
public readonly record struct ModelTimes(long Count, double P50, double P95);

/// <summary>One model: what the gateway does with it now, and how its attempts of a period went.</summary>
public sealed record ModelHealthRow
{
    /// <summary>Its name in the policy.</summary>
    public required string Name { get; init; }
    /// <summary>The rungs that its attempts of the period stood on, in the order of the ladder; without attempts those of the policy.</summary>
    public required ImmutableArray<string> Tiers { get; init; }
    /// <summary>What the gateway does with it; null: the policy in force does not know it any more.</summary>
    public ServedModel? Served { get; init; }
    /// <summary>Attempts of the period: retries, samples, verifiers and copies among them.</summary>
    public required long Attempts { get; init; }
    /// <summary>Those that brought no whole answer, for another reason than that the client left or the gateway gave them up.</summary>
    public required long Errors { get; init; }
    /// <summary>How many ended otherwise than complete, by how, the most frequent first.</summary>
    public required IReadOnlyList<(AttemptOutcome Outcome, long Count)> Endings { get; init; }
    /// <summary>Time of an attempt; null without attempts.</summary>
    public ModelTimes? Latency { get; init; }
    /// <summary>Time to the first byte of content; null where none came.</summary>
    public ModelTimes? FirstByte { get; init; }
    /// <summary>Begin of the last part of the period's series in which an attempt brought an answer, UTC; null: none of the period did.</summary>
    public DateTimeOffset? LastSuccess { get; init; }
}
