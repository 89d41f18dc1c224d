using System.Collections.Immutable;
using Rung.Control.Imports;

namespace Rung.Control.Audit.Sites;

/// <summary>Sums by provider and model. Exact whatever the number of models: beyond 64 of one site, the rest is summed under a model without a name.</summary>
internal sealed class ModelTally
{
    private const int MostModels = 64;
    private readonly Dictionary<(string Provider, string Model), Sums> models = [];

    /// <summary>Calls, or the requests that buckets stand for.</summary>
    public long Calls { get; private set; }

    /// <summary>Adds a call.</summary>
    public void Add(ImportedCall call, CallRating rating)
    {
        Calls += call.Requests;
        Of(call.Provider, call.Model).Add(call, rating);
    }

    /// <summary>Adds all sums of another tally.</summary>
    public void Add(ModelTally other)
    {
        Calls += other.Calls;
        foreach (var ((provider, model), sums) in other.models) Of(provider, model).Add(sums);
    }

    /// <summary>By model, the dearest first, then the most called, then by name.</summary>
    public ImmutableArray<ModelUse> Read() =>
    [
        .. models.Select(pair => pair.Value.Read(pair.Key.Provider, pair.Key.Model))
            .OrderByDescending(use => use.CostNanoUsd).ThenByDescending(use => use.Calls)
            .ThenBy(use => use.Provider, StringComparer.Ordinal).ThenBy(use => use.Model, StringComparer.Ordinal),
    ];

    private Sums Of(string provider, string model)
    {
        if (models.TryGetValue((provider, model), out var sums)) return sums;
        var key = models.Count < MostModels ? (provider, model) : ("", "");
        if (models.TryGetValue(key, out sums)) return sums;
        return models[key] = new Sums();
    }

    private sealed class Sums
    {
        private long calls, unknown, cost, reportedCost, reported, input, cacheRead, cacheWrite, output, reasoning;

        public void Add(ImportedCall call, CallRating rating)
        {
            calls += call.Requests;
            if (rating.CostNanoUsd is { } nano) cost += nano;
            else unknown += call.Requests;
            if (call.ReportedCostNanoUsd is { } said)
            {
                reportedCost += said;
                reported += call.Requests;
            }
            input += call.Usage.Input;
            cacheRead += call.Usage.CacheRead;
            cacheWrite += call.Usage.CacheWrite + call.Usage.CacheWriteLong;
            output += call.Usage.Output;
            reasoning += call.Usage.Reasoning;
        }

        public void Add(Sums other)
        {
            calls += other.calls;
            unknown += other.unknown;
            cost += other.cost;
            reportedCost += other.reportedCost;
            reported += other.reported;
            input += other.input;
            cacheRead += other.cacheRead;
            cacheWrite += other.cacheWrite;
            output += other.output;
            reasoning += other.reasoning;
        }

        public ModelUse Read(string provider, string model) => new()
        {
            Provider = provider,
            Model = model,
            Calls = calls,
            UnknownPriceCalls = unknown,
            CostNanoUsd = cost,
            ReportedCostNanoUsd = reportedCost,
            ReportedCalls = reported,
            InputTokens = input,
            CacheReadTokens = cacheRead,
            CacheWriteTokens = cacheWrite,
            OutputTokens = output,
            ReasoningTokens = reasoning,
        };
    }
}
