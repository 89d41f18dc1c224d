using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Audit;

/// <summary>Adds up an audit beside the sites: days, sources, models without a price, and what an invoice may see differently. One thread.</summary>
/// <remarks>What it keeps is bounded by days, sources and models, whatever the number of calls.</remarks>
public sealed class AuditTally
{
    // Logs with dates all over the calendar, or with a new model in every line, are counted on, without a line of their own.
    private const int MostDays = 20_000;
    private const int MostModels = 2_000;

    private readonly CallRater _rater;
    private readonly Dictionary<int, DaySpend> _days = [];
    private readonly Dictionary<(string Provider, string Model, UnknownCost Why), UnknownPrice> _unknown = [];
    private readonly Dictionary<(string Source, string Provider), SourceSpend> _sources = [];
    private AuditTotals _totals;
    private ReportedCosts _reported;
    private BilledApart _apart;

    /// <summary>An empty tally.</summary>
    /// <param name="rater">Rates what is counted apart.</param>
    public AuditTally(CallRater rater)
    {
        ArgumentNullException.ThrowIfNull(rater);
        _rater = rater;
    }

    /// <summary>All of it.</summary>
    public AuditTotals Totals => _totals;
    /// <summary>What the logs say themselves.</summary>
    public ReportedCosts Reported => _reported;
    /// <summary>What an invoice may count differently.</summary>
    public BilledApart Apart => _apart;
    /// <summary>When the first and the last call began, UTC; null without calls.</summary>
    public (DateTimeOffset First, DateTimeOffset Last)? Period { get; private set; }
    /// <summary>Calls whose log says that they are made up.</summary>
    public long Simulated { get; private set; }
    /// <summary>Calls of days that are not in <see cref="Days"/>, because there are too many days.</summary>
    public long CallsOfOtherDays { get; private set; }
    /// <summary>Spend by day (UTC), the first day first; days without calls are left out.</summary>
    public ImmutableArray<DaySpend> Days => [.. _days.Values.OrderBy(day => day.Day)];
    /// <summary>What has no known cost, by model and reason, the most calls first.</summary>
    public ImmutableArray<UnknownPrice> Unknown => [.. _unknown.Values.OrderByDescending(price => price.Calls).ThenBy(price => price.Model, StringComparer.Ordinal)];
    /// <summary>Spend by format and provider, the dearest first.</summary>
    public ImmutableArray<SourceSpend> Sources => [.. _sources.Values.OrderByDescending(source => source.CostNanoUsd).ThenBy(source => source.Source, StringComparer.Ordinal)];

    /// <summary>Whether calls, not sums of calls, of this provider were added; an empty name stands for calls at any provider.</summary>
    public bool HasCallsOf(string provider) => _sources.Values.Any(source => source.HasCalls && (source.Provider == provider || provider.Length == 0));

    /// <summary>Adds a call, or a sum of calls, that is in a row of the audit.</summary>
    public void Add(ImportedCall call, CallRating rating)
    {
        ArgumentNullException.ThrowIfNull(call);
        _totals = _totals.Plus(call, rating);
        if (call.Simulated) Simulated += call.Requests;
        var at = call.StartedAt;
        Period = Period is not { } period ? (at, at) : (at < period.First ? at : period.First, at > period.Last ? at : period.Last);

        AddDay(call, rating);
        var key = (call.Source, call.Provider);
        if (_sources.Count >= MostModels && !_sources.ContainsKey(key)) key.Provider = "(others)";
        ref var source = ref CollectionsMarshal.GetValueRefOrAddDefault(_sources, key, out var isKnown);
        source = (isKnown ? source : new SourceSpend { Source = key.Source, Provider = key.Provider, First = at, Last = at }).Plus(call, rating);
        if (rating.CostNanoUsd is not { } cost) AddUnknown(call);
        else AddReported(call, cost);
        AddApart(call, rating);
    }

    private void AddDay(ImportedCall call, CallRating rating)
    {
        var day = DateOnly.FromDateTime(call.StartedAt.UtcDateTime);
        if (_days.Count >= MostDays && !_days.ContainsKey(day.DayNumber))
        {
            CallsOfOtherDays += call.Requests;
            return;
        }
        ref var spend = ref CollectionsMarshal.GetValueRefOrAddDefault(_days, day.DayNumber, out _);
        spend = new DaySpend(day, spend.Calls + call.Requests, spend.CostNanoUsd + (rating.CostNanoUsd ?? 0));
    }

    private void AddUnknown(ImportedCall call)
    {
        if (call.ReportedCostNanoUsd is { } reported)
            _reported = _reported with { UnpricedCalls = _reported.UnpricedCalls + call.Requests, UnpricedNanoUsd = _reported.UnpricedNanoUsd + reported };
        var why = _rater.WhyUnknown(call) ?? UnknownCost.NoPrice;
        var key = (call.Provider, call.Model, why);
        if (_unknown.Count >= MostModels && !_unknown.ContainsKey(key)) key = ("", "(others)", why);
        ref var price = ref CollectionsMarshal.GetValueRefOrAddDefault(_unknown, key, out _);
        price = new UnknownPrice
        {
            Provider = key.Item1, Model = key.Item2, Why = why, Calls = (price?.Calls ?? 0) + call.Requests,
            InputTokens = (price?.InputTokens ?? 0) + call.Usage.Input, OutputTokens = (price?.OutputTokens ?? 0) + call.Usage.Output,
            ReportedCalls = (price?.ReportedCalls ?? 0) + (call.ReportedCostNanoUsd is null ? 0 : call.Requests),
            ReportedNanoUsd = (price?.ReportedNanoUsd ?? 0) + (call.ReportedCostNanoUsd ?? 0),
        };
    }

    private void AddReported(ImportedCall call, long cost)
    {
        if (call.ReportedCostNanoUsd is not { } reported) return;
        _reported = _reported with
        {
            Calls = _reported.Calls + call.Requests, ReportedNanoUsd = _reported.ReportedNanoUsd + reported, ComputedNanoUsd = _reported.ComputedNanoUsd + cost,
        };
    }

    private void AddApart(ImportedCall call, CallRating rating)
    {
        if (call.Status == ImportedStatus.ServedFromCache)
        {
            _apart = _apart with { FromCache = _apart.FromCache.Plus(call.Requests, _rater.AtList(call) ?? 0) };
            return;
        }
        if (rating.CostNanoUsd is not { } cost) return;
        if (call.Status == ImportedStatus.Failed && cost > 0) _apart = _apart with { FailedWithTokens = _apart.FailedWithTokens.Plus(call.Requests, cost) };
        if (call.PricePermille == 1000 && call.Usage.Tier == ServiceTier.Standard) return;
        if (_rater.AtStandard(call) is not { } standard || standard == cost) return;
        _apart = standard > cost
            ? _apart with { Discounted = _apart.Discounted.Plus(call.Requests, standard - cost) }
            : _apart with { Surcharged = _apart.Surcharged.Plus(call.Requests, cost - standard) };
    }
}
