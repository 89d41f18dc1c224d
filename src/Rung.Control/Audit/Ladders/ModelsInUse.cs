using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>The models of a log, each once however the log writes it, with its price.</summary>
internal sealed class ModelsInUse
{
    private readonly PriceBook _book;
    private readonly Dictionary<(string Provider, string Model), PriceSchedule?> _found = [];

    public ModelsInUse(PriceBook book) => _book = book;

    /// <summary>The price of a model; null when it is unknown. A deployment at Azure is priced as the model at OpenAI, as policies do it.</summary>
    public PriceSchedule? Find(string provider, string model)
    {
        if (_found.TryGetValue((provider, model), out var known)) return known;
        var schedule = model.Length == 0 || provider.Length == 0 ? null : _book.Find(provider, model) ?? (provider == "azure" ? _book.Find("openai", model) : null);
        if (_found.Count < 4096) _found[(provider, model)] = schedule;
        return schedule;
    }

    /// <summary>Chat models with a price on that day, with their spend and calls, the largest spend first.</summary>
    public List<ModelInUse> Of(IEnumerable<CallSite> sites, DateTimeOffset priceDate) =>
    [
        .. sites.SelectMany(site => site.Statistics.Models)
            .Select(use => (Use: use, Price: Find(use.Provider, use.Model)))
            .Where(pair => pair.Price is { Kind: "chat" } price && price.At(priceDate) is not null)
            .GroupBy(pair => (pair.Use.Provider, pair.Price!.Model))
            .Select(group => new ModelInUse(group.Key.Provider, group.First().Price!, group.Sum(pair => pair.Use.CostNanoUsd), group.Sum(pair => pair.Use.Calls), [.. group.Select(pair => pair.Use)]))
            .OrderByDescending(model => model.CostNanoUsd).ThenBy(model => model.Provider, StringComparer.Ordinal).ThenBy(model => model.Price.Model, StringComparer.Ordinal),
    ];
}

/// <summary>A model of a log.</summary>
internal sealed record ModelInUse(string Provider, PriceSchedule Price, long CostNanoUsd, long Calls, IReadOnlyList<ModelUse> Uses);
