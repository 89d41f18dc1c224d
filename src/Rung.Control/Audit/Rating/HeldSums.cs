using System.Collections.Immutable;
using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Audit;

/// <summary>Keeps the sums of calls (usage reports, bills) until it is known whether the single calls of the same provider are there, too.</summary>
/// <remarks>
/// Sums of one day and one group become one: a report by the minute has a thousand rows a day. They are rated first, so that each keeps the tier of its own
/// average request.
/// </remarks>
internal sealed class HeldSums
{
    private const int MostByDay = 100_000;

    private readonly Dictionary<Key, (ImportedCall Sum, long CostNanoUsd)> _held = [];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _held.Count == 0;

    /// <summary>Keeps one.</summary>
    public void Add(ImportedCall sum, CallRating rating)
    {
        // A report with more groups than that loses its days, not its money.
        var day = _held.Count < MostByDay ? DateOnly.FromDateTime(sum.StartedAt.UtcDateTime) : default;
        var key = new Key(
            sum.Source, sum.Provider, sum.Model, sum.Tag, sum.TagSource, sum.Role, sum.Agent, sum.Step, sum.Team, day, sum.PricePermille, sum.Usage.Tier,
            rating.CostNanoUsd is not null, sum.Usage.Input + sum.Usage.Output > 0, sum.Simulated);
        _held[key] = _held.TryGetValue(key, out var held)
            ? (Together(held.Sum, sum), held.CostNanoUsd + (rating.CostNanoUsd ?? 0))
            : (sum with { Content = null }, rating.CostNanoUsd ?? 0);
    }

    /// <summary>What is kept, by provider, format and whether it has tokens; per provider the group first that tells most.</summary>
    public IEnumerable<IGrouping<string, HeldGroup>> ByProvider() =>
        _held
            .GroupBy(pair => (pair.Key.Provider, pair.Key.Source, pair.Key.HasTokens))
            .Select(group => new HeldGroup(group.Key.Provider, group.Key.Source, group.Key.HasTokens,
                [.. group.OrderBy(pair => pair.Value.Sum.StartedAt).Select(pair => (pair.Value.Sum, new CallRating(pair.Key.IsKnown ? pair.Value.CostNanoUsd : null)))]))
            .OrderByDescending(group => group.HasTokens).ThenByDescending(group => group.Requests).ThenBy(group => group.Source, StringComparer.Ordinal)
            .GroupBy(group => group.Provider)
            .OrderBy(group => group.Key, StringComparer.Ordinal);

    private static ImportedCall Together(ImportedCall one, ImportedCall other) => one with
    {
        Requests = one.Requests + other.Requests,
        StartedAt = one.StartedAt < other.StartedAt ? one.StartedAt : other.StartedAt,
        ReportedCostNanoUsd = one.ReportedCostNanoUsd is null && other.ReportedCostNanoUsd is null ? null : (one.ReportedCostNanoUsd ?? 0) + (other.ReportedCostNanoUsd ?? 0),
        Usage = Together(one.Usage, other.Usage),
    };

    private static TokenUsage Together(in TokenUsage one, in TokenUsage other) => one with
    {
        Input = one.Input + other.Input,
        CacheRead = one.CacheRead + other.CacheRead,
        CacheWrite = one.CacheWrite + other.CacheWrite,
        CacheWriteLong = one.CacheWriteLong + other.CacheWriteLong,
        AudioInput = one.AudioInput + other.AudioInput,
        Output = one.Output + other.Output,
        Reasoning = one.Reasoning + other.Reasoning,
        AudioOutput = one.AudioOutput + other.AudioOutput,
    };

    private readonly record struct Key(
        string Source, string Provider, string Model, string? Tag, ImportedTagSource TagSource, string? Role, string? Agent, string? Step, string? Team, DateOnly Day,
        int Permille, ServiceTier Tier, bool IsKnown, bool HasTokens, bool Simulated);
}

/// <summary>The sums of one provider in one format.</summary>
/// <param name="Provider">The provider; empty when the log tells none.</param>
/// <param name="Source">The format.</param>
/// <param name="HasTokens">Whether they have tokens; else they are amounts of money.</param>
/// <param name="Sums">They, rated.</param>
internal sealed record HeldGroup(string Provider, string Source, bool HasTokens, ImmutableArray<(ImportedCall Sum, CallRating Rating)> Sums)
{
    /// <summary>How many requests they stand for.</summary>
    public long Requests { get; } = Sums.Sum(held => held.Sum.Requests);
}
