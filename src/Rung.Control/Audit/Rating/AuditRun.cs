using System.Collections.Immutable;
using Rung.Control.Imports;

namespace Rung.Control.Audit;

/// <summary>Takes the calls of an audit: those of its time are rated, added up and handed on to be grouped into sites. One thread.</summary>
public sealed class AuditRun
{
    private readonly CallRater _rater;
    private readonly (DateTimeOffset? Since, DateTimeOffset? Until) _window;
    private readonly Action<ImportedCall, CallRating> _toSites;
    private readonly HeldSums _held = new();
    private readonly List<SourceSum> _sums = [];

    /// <summary>A run.</summary>
    /// <param name="rater">Rates every call.</param>
    /// <param name="window">Calls that began from then on and before then; null for no bound.</param>
    /// <param name="toSites">Gets every call, and every sum of calls, that belongs into a row.</param>
    public AuditRun(CallRater rater, (DateTimeOffset? Since, DateTimeOffset? Until) window, Action<ImportedCall, CallRating> toSites)
    {
        ArgumentNullException.ThrowIfNull(rater);
        ArgumentNullException.ThrowIfNull(toSites);
        _rater = rater;
        _window = window;
        _toSites = toSites;
        Tally = new AuditTally(rater);
    }

    /// <summary>What was added up.</summary>
    public AuditTally Tally { get; }
    /// <summary>Calls outside the time that was asked for.</summary>
    public long OutsideWindow { get; private set; }
    /// <summary>What usage reports and bills say, and whether their sums are in the rows; complete after <see cref="Complete"/>.</summary>
    public ImmutableArray<SourceSum> Sums => [.. _sums];

    /// <summary>A call, or a sum of calls.</summary>
    public void Take(ImportedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.StartedAt < _window.Since || call.StartedAt >= _window.Until)
        {
            OutsideWindow += call.Requests;
            return;
        }
        var rating = _rater.Rate(call);
        if (call.Granularity == ImportGranularity.Bucket) _held.Add(call, rating);
        else Count(call, rating);
    }

    /// <summary>
    /// No more calls will come: sums of calls are counted where there are no single calls of their provider. Of several reports of one provider the one
    /// that tells most counts; the others only compare. So nothing is counted twice.
    /// </summary>
    public void Complete()
    {
        if (_held.IsEmpty) return;
        foreach (var provider in _held.ByProvider().Select(group => (group.Key, HasCalls: Tally.HasCallsOf(group.Key), Groups: group.ToList())).ToList())
        {
            for (var i = 0; i < provider.Groups.Count; i++)
            {
                var isCounted = !provider.HasCalls && i == 0;
                _sums.Add(SourceSum.Of(provider.Groups[i], isCounted));
                if (!isCounted) continue;
                foreach (var (sum, rating) in provider.Groups[i].Sums) Count(sum, rating);
            }
        }
    }

    private void Count(ImportedCall call, CallRating rating)
    {
        Tally.Add(call, rating);
        _toSites(call, rating);
    }
}

/// <summary>What the usage report, or the bill, of one provider says in all.</summary>
public sealed record SourceSum
{
    /// <summary>The provider; empty when the log tells none.</summary>
    public required string Provider { get; init; }
    /// <summary>The format.</summary>
    public required string Source { get; init; }
    /// <summary>Requests that it sums.</summary>
    public required long Requests { get; init; }
    /// <summary>Input tokens.</summary>
    public required long InputTokens { get; init; }
    /// <summary>Output tokens.</summary>
    public required long OutputTokens { get; init; }
    /// <summary>Tokens × price, in nano-USD; null when it has no tokens, or none with a price.</summary>
    public required long? CostNanoUsd { get; init; }
    /// <summary>What it states itself, in nano-USD; null when it states no money.</summary>
    public required long? ReportedNanoUsd { get; init; }
    /// <summary>First and last begin of its sums, UTC.</summary>
    public required (DateTimeOffset First, DateTimeOffset Last) Period { get; init; }
    /// <summary>Whether its sums are in the rows; else they are there to compare.</summary>
    public required bool IsCounted { get; init; }

    internal static SourceSum Of(HeldGroup group, bool isCounted) => new()
    {
        Provider = group.Provider,
        Source = group.Source,
        Requests = group.Requests,
        InputTokens = group.Sums.Sum(held => held.Sum.Usage.Input),
        OutputTokens = group.Sums.Sum(held => held.Sum.Usage.Output),
        CostNanoUsd = SumOrNull(group.Sums.Select(held => held.Rating.CostNanoUsd)),
        ReportedNanoUsd = SumOrNull(group.Sums.Select(held => held.Sum.ReportedCostNanoUsd)),
        Period = (group.Sums[0].Sum.StartedAt, group.Sums[^1].Sum.StartedAt),
        IsCounted = isCounted,
    };

    private static long? SumOrNull(IEnumerable<long?> amounts) => amounts.Aggregate((long?)null, (sum, amount) => amount is null ? sum : (sum ?? 0) + amount);
}
