using System.Collections.Immutable;
using System.Text.Json;

namespace Rung.Core.Prices;

/// <summary>Reads models.dev's <c>api.json</c>: an object keyed by provider, then by model, USD per million tokens.</summary>
public static class ModelsDevPrices
{
    private const string Source = "models.dev";

    /// <summary>Reads the list.</summary>
    /// <param name="json">The file, UTF-8.</param>
    /// <returns>Models with a price by token; every other row is among the skipped.</returns>
    /// <exception cref="PriceBookException">The file is not JSON, or not an object.</exception>
    public static PriceImport Read(ReadOnlyMemory<byte> json)
    {
        using var document = ImportBuilder.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new PriceBookException("", "models.dev's list is an object keyed by provider.");

        var import = new ImportBuilder(Source);
        foreach (var provider in document.RootElement.EnumerateObject())
        {
            if (provider.Value.ValueKind != JsonValueKind.Object
                || !provider.Value.TryGetProperty("models", out var models) || models.ValueKind != JsonValueKind.Object)
            {
                import.Skip(provider.Name, "no models");
                continue;
            }
            foreach (var model in models.EnumerateObject())
            {
                var row = $"{provider.Name}/{model.Name}";
                import.BeginRow(row);
                ReadRow(import, row, ProviderName(provider.Name), model.Name, model.Value);
            }
        }
        return import.Build();
    }

    private static string ProviderName(string listed) => listed.ToLowerInvariant() switch
    {
        "moonshotai" => "moonshot",
        "amazon-bedrock" => "aws",
        "google-vertex" or "google-vertex-anthropic" => "vertex",
        "togetherai" => "together",
        "fireworks-ai" => "fireworks",
        "azure-cognitive-services" => "azure",
        var name => name,
    };

    private static void ReadRow(ImportBuilder import, string row, string provider, string model, JsonElement listed)
    {
        if (!ImportBuilder.IsUsableId(model)) { import.Skip(row, "no usable model id"); return; }
        if (listed.ValueKind != JsonValueKind.Object || !listed.TryGetProperty("cost", out var cost)) { import.Skip(row, "no cost"); return; }

        var rates = ReadRates(cost, fallback: null);
        if (rates is null) { import.Skip(row, "no price by token"); return; }

        if (ImportBuilder.Number(cost, "reasoning") is { } reasoning && PriceUnits.Nearest(reasoning) != rates.Output)
        {
            import.Remark(row, "reasoning tokens have their own price; they are priced as output");
        }
        var limit = listed.TryGetProperty("limit", out var limits) ? limits : default;
        import.Take(row, new PriceSchedule
        {
            Provider = provider,
            Model = model,
            Context = ImportBuilder.Count(limit, "context"),
            MaxOutput = ImportBuilder.Count(limit, "output"),
            Capabilities = ReadCapabilities(listed),
            Temperature = ImportBuilder.Flag(listed, "temperature") == false ? "no" : "yes",
            Periods = [new PricePeriod { Rates = rates, Tiers = ReadTiers(import, row, cost, rates), Source = Source, Confidence = "medium" }],
        });
    }

    private static PriceRates? ReadRates(JsonElement cost, PriceRates? fallback)
    {
        var input = Rate(cost, "input") ?? fallback?.Input;
        var output = Rate(cost, "output") ?? fallback?.Output;
        if (input is null || output is null) return null;
        return new PriceRates
        {
            Input = input.Value,
            Output = output.Value,
            CacheRead = Rate(cost, "cache_read"),
            CacheWrite = Rate(cost, "cache_write"), // The list has one rate for writes: that of the short lifetime.
            AudioInput = Rate(cost, "input_audio"),
            AudioOutput = Rate(cost, "output_audio"),
        };
    }

    // Newer rows have tiers with their size; older ones one block above 200,000 tokens, which newer ones may repeat.
    private static ImmutableArray<PriceTier> ReadTiers(ImportBuilder import, string row, JsonElement cost, PriceRates rates)
    {
        var read = new SortedDictionary<long, PriceRates>();
        if (cost.TryGetProperty("tiers", out var tiers) && tiers.ValueKind == JsonValueKind.Array)
        {
            foreach (var tier in tiers.EnumerateArray())
            {
                var condition = tier.ValueKind == JsonValueKind.Object && tier.TryGetProperty("tier", out var stated) ? stated : default;
                if (ImportBuilder.Text(condition, "type") is null or "context" && ImportBuilder.Count(condition, "size") is { } size && ReadRates(tier, rates) is { } tierRates)
                {
                    read[size] = tierRates;
                }
                else
                {
                    import.Remark(row, "a price tier that is not by context size was left out");
                }
            }
        }
        else if (cost.TryGetProperty("context_over_200k", out var over) && ReadRates(over, rates) is { } overRates)
        {
            read[200_000] = overRates;
        }
        return [.. read.Where(tier => tier.Value != rates).Select(tier => new PriceTier(tier.Key, tier.Value))];
    }

    private static ImmutableArray<string> ReadCapabilities(JsonElement listed)
    {
        var capabilities = ImmutableArray.CreateBuilder<string>();
        if (ImportBuilder.Flag(listed, "tool_call") == true) capabilities.Add("tools");
        var inputs = listed.TryGetProperty("modalities", out var modalities) && modalities.ValueKind == JsonValueKind.Object
            && modalities.TryGetProperty("input", out var input) && input.ValueKind == JsonValueKind.Array
            ? input.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()).ToHashSet(StringComparer.Ordinal)
            : [];
        if (inputs.Contains("image")) capabilities.Add("vision");
        if (inputs.Contains("pdf")) capabilities.Add("files");
        if (ImportBuilder.Flag(listed, "structured_output") == true) capabilities.Add("json_schema");
        if (ImportBuilder.Flag(listed, "reasoning") == true) capabilities.Add("reasoning");
        if (inputs.Contains("audio")) capabilities.Add("audio");
        return capabilities.ToImmutable();
    }

    private static long? Rate(JsonElement cost, string name) => ImportBuilder.Number(cost, name) is { } usd ? PriceUnits.Nearest(usd) : null;
}
