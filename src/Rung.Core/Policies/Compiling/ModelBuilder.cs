using Rung.Core.Policies.Documents;
using Rung.Core.Prices;
using Rung.Core.Requests;

namespace Rung.Core.Policies.Compiling;

/// <summary>Resolves a model: the provider's defaults, then the price book, then what the policy says.</summary>
internal static class ModelBuilder
{
    /// <summary>Builds a model of a document without faults.</summary>
    public static Model Build(ModelEntry entry, int index, PriceBook prices)
    {
        var provider = Providers.Find(entry.Provider!)!;
        var known = Known(provider, entry.Id!, prices);
        return new Model
        {
            Index = index,
            Name = entry.Name,
            Provider = provider.Name,
            UpstreamId = entry.Id!,
            BaseUrl = UpstreamUrl.Read(entry.Url ?? provider.Url!, out _, out _)!,
            Key = entry.Key ?? (provider.KeyVariable is { } variable ? new SecretReference(variable, null) : null),
            KeyHeader = entry.KeyHeader switch { "bearer" => KeyHeader.Bearer, "api-key" => KeyHeader.ApiKey, _ => provider.KeyHeader },
            ApiVersion = entry.ApiVersion,
            Price = entry.Cost is not null ? null : entry.Price is { } price ? Schedule(provider.Name, entry.Id!, price) : known,
            Hourly = entry.Cost is { } cost ? new HourlyPrice(Amounts.NanoUsd(cost.UsdPerHour), cost.Slots) : null,
            Region = entry.Region,
            Can = entry.Can is { } can ? Capabilities.Of(can) : CanOf(known),
            Context = entry.Context ?? known?.Context ?? 0,
            MaxOutput = entry.MaxOutput ?? known?.MaxOutput ?? 0,
            CapField = CapFieldOf(entry.CapField) ?? Providers.CapFieldOf(provider, entry.Id!),
            AcceptsTemperature = entry.Temperature ?? (known is null || known.Temperature == "yes"),
            AcceptsStreamOptions = entry.StreamOptions ?? provider.AcceptsStreamOptions,
            Priority = entry.Priority ?? 1,
            Weight = entry.Weight ?? 1,
        };
    }

    private static PriceSchedule? Known(Provider provider, string id, PriceBook prices)
    {
        foreach (var key in provider.PriceKeys)
        {
            if (prices.Find(key, id) is { } schedule) return schedule;
        }
        return null;
    }

    // A list without any word that a need knows is ignorance, not inability; and no list in the book is complete about log-probabilities, so
    // it never rules them out.
    private static ModelNeeds CanOf(PriceSchedule? known)
    {
        var needs = known is null || known.Capabilities.IsDefault ? ModelNeeds.None : Capabilities.Of(known.Capabilities);
        return needs == ModelNeeds.None ? Capabilities.All : needs | ModelNeeds.Logprobs;
    }

    private static CapField? CapFieldOf(string? word) => word switch
    {
        "as_given" => CapField.AsGiven,
        "max_tokens" => CapField.MaxTokens,
        "max_completion_tokens" => CapField.MaxCompletionTokens,
        _ => null,
    };

    private static PriceSchedule Schedule(string provider, string id, PriceEntry price) => new()
    {
        Provider = provider,
        Model = id,
        Periods =
        [
            new PricePeriod
            {
                Source = "policy",
                Rates = new PriceRates
                {
                    Input = Amounts.PicoPerToken(price.Input),
                    Output = Amounts.PicoPerToken(price.Output),
                    CacheRead = Pico(price.CachedInput),
                    CacheWrite = Pico(price.CacheWrite),
                    CacheWriteLong = Pico(price.CacheWriteLong),
                    AudioInput = Pico(price.AudioInput),
                    AudioOutput = Pico(price.AudioOutput),
                },
                Tiers = [.. price.Tiers.Select(Tier)],
            },
        ],
    };

    private static PriceTier Tier(PriceTierEntry row) => new(row.AboveInput, new PriceRates
    {
        Input = Amounts.PicoPerToken(row.Input),
        Output = Amounts.PicoPerToken(row.Output),
        CacheRead = Pico(row.CachedInput),
        CacheWrite = Pico(row.CacheWrite),
    });

    private static long? Pico(decimal? usdPerMillion) => usdPerMillion is { } value ? Amounts.PicoPerToken(value) : null;
}
