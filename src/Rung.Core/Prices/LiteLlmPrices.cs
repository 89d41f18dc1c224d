using System.Collections.Immutable;
using System.Text.Json;

namespace Rung.Core.Prices;

/// <summary>
/// Reads LiteLLM's <c>model_prices_and_context_window.json</c>: an object keyed by model, USD per token.
/// </summary>
public static class LiteLlmPrices
{
    private const string Source = "litellm";

    private static readonly (string Flag, string Capability)[] CapabilityFlags =
    [
        ("supports_function_calling", "tools"), ("supports_vision", "vision"), ("supports_pdf_input", "files"),
        ("supports_response_schema", "json_schema"), ("supports_reasoning", "reasoning"), ("supports_audio_input", "audio"),
    ];

    /// <summary>Reads the list.</summary>
    /// <param name="json">The file, UTF-8.</param>
    /// <returns>Chat and embedding models that have a price by token; every other row is among the skipped.</returns>
    /// <exception cref="PriceBookException">The file is not JSON, or not an object.</exception>
    public static PriceImport Read(ReadOnlyMemory<byte> json)
    {
        using var document = ImportBuilder.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object) throw new PriceBookException("", "LiteLLM's price list is an object keyed by model.");

        var import = new ImportBuilder(Source);
        foreach (var row in document.RootElement.EnumerateObject())
        {
            import.BeginRow(row.Name);
            if (row.Name != "sample_spec") ReadRow(import, row.Name, row.Value);
        }
        return import.Build();
    }

    private static void ReadRow(ImportBuilder import, string key, JsonElement row)
    {
        var listedProvider = ImportBuilder.Text(row, "litellm_provider");
        if (listedProvider is null) { import.Skip(key, "no litellm_provider"); return; }

        var mode = ImportBuilder.Text(row, "mode");
        if (mode is not (null or "chat" or "responses" or "completion" or "embedding")) { import.Skip(key, $"mode {mode} is not priced by text tokens"); return; }

        var provider = LiteLlmNames.Provider(listedProvider);
        var model = LiteLlmNames.Model(key, listedProvider);
        if (!ImportBuilder.IsUsableId(model)) { import.Skip(key, "no usable model id"); return; }

        var rates = ReadRates(row, suffix: "", fallback: null);
        if (rates is null) { import.Skip(key, "no price by token"); return; }

        if (ImportBuilder.Number(row, "output_cost_per_reasoning_token") is { } reasoning && Pico(reasoning) != rates.Output)
        {
            import.Remark(key, "reasoning tokens have their own price; they are priced as output");
        }
        import.Take(key, new PriceSchedule
        {
            Provider = provider,
            Model = model,
            Kind = mode == "embedding" ? "embedding" : "chat",
            Context = ImportBuilder.Count(row, "max_input_tokens") ?? ImportBuilder.Count(row, "max_tokens"),
            MaxOutput = ImportBuilder.Count(row, "max_output_tokens") ?? ImportBuilder.Count(row, "max_tokens"),
            Capabilities = [.. CapabilityFlags.Where(flag => ImportBuilder.Flag(row, flag.Flag) == true).Select(flag => flag.Capability)],
            Temperature = ImportBuilder.Flag(row, "supports_sampling_params") == false ? "no" : "yes",
            Periods =
            [
                new PricePeriod
                {
                    Rates = rates,
                    Tiers = ReadTiers(row, rates),
                    FlexPermille = ReadMultiplier(import, key, row, rates, "flex"),
                    PriorityPermille = ReadMultiplier(import, key, row, rates, "priority"),
                    Source = Source,
                    Confidence = "medium",
                },
            ],
        });
    }

    /// <param name="row">The row.</param>
    /// <param name="suffix">What the names of the rates end with: empty, or <c>_above_200k_tokens</c>.</param>
    /// <param name="fallback">The base rates, for a tier that states only some; null for the base rates themselves, which must be stated.</param>
    private static PriceRates? ReadRates(JsonElement row, string suffix, PriceRates? fallback)
    {
        var input = Rate(row, "input_cost_per_token" + suffix) ?? fallback?.Input;
        // An embedding model has no output price.
        var output = Rate(row, "output_cost_per_token" + suffix) ?? fallback?.Output ?? (ImportBuilder.Text(row, "mode") == "embedding" ? 0 : null);
        if (input is null || output is null) return null;

        return new PriceRates
        {
            Input = input.Value,
            Output = output.Value,
            CacheRead = Rate(row, "cache_read_input_token_cost" + suffix),
            CacheWrite = Rate(row, "cache_creation_input_token_cost" + suffix),
            CacheWriteLong = Rate(row, "cache_creation_input_token_cost_above_1hr" + suffix),
            AudioInput = Rate(row, "input_cost_per_audio_token" + suffix),
            AudioOutput = Rate(row, "output_cost_per_audio_token" + suffix),
        };
    }

    private static ImmutableArray<PriceTier> ReadTiers(JsonElement row, PriceRates rates)
    {
        var thresholds = new SortedSet<int>();
        foreach (var member in row.EnumerateObject())
        {
            if (Threshold(member.Name) is { } thousands) thresholds.Add(thousands);
        }
        return
        [
            .. from thousands in thresholds
               let tier = ReadRates(row, $"_above_{thousands}k_tokens", rates)
               where tier != rates
               select new PriceTier(thousands * 1000L, tier),
        ];
    }

    // …_per_token_above_200k_tokens: 200. Not …_above_1hr, and not …_above_200k_tokens_priority.
    private static int? Threshold(string name)
    {
        const string Start = "_above_", End = "k_tokens";
        if (!name.Contains("_cost", StringComparison.Ordinal) || !name.EndsWith(End, StringComparison.Ordinal)) return null;
        var start = name.LastIndexOf(Start, StringComparison.Ordinal);
        if (start < 0) return null;
        var digits = name.AsSpan(start + Start.Length, name.Length - start - Start.Length - End.Length);
        return digits.Length is > 0 and <= 5 && int.TryParse(digits, System.Globalization.NumberStyles.None, null, out var thousands) && thousands > 0 ? thousands : null;
    }

    private static int? ReadMultiplier(ImportBuilder import, string key, JsonElement row, PriceRates rates, string tier)
    {
        var input = Ratio(Rate(row, $"input_cost_per_token_{tier}"), rates.Input);
        var output = Ratio(Rate(row, $"output_cost_per_token_{tier}"), rates.Output);
        if ((input ?? output) is not { } ratio) return null;
        if (input is { } left && output is { } right && Math.Abs(left - right) > 1)
        {
            // The list has slips of this kind (an input price 50 times the base price beside a sane output price).
            import.Remark(key, $"{tier}: input is {left / 1000m}× and output {right / 1000m}× the list price; the smaller deviation from 1× is taken");
            ratio = Math.Abs(left - 1000) <= Math.Abs(right - 1000) ? left : right;
        }
        if (ratio is >= 100 and <= 10_000) return ratio;
        import.Remark(key, $"{tier}: {ratio / 1000m}× the list price is not believable; left out");
        return null;
    }

    private static int? Ratio(long? rate, long baseRate)
    {
        if (rate is null || baseRate == 0) return null;
        var permille = decimal.Round(rate.Value * 1000m / baseRate, MidpointRounding.AwayFromZero);
        return permille > int.MaxValue ? int.MaxValue : (int)permille;
    }

    private static long? Rate(JsonElement row, string name) => ImportBuilder.Number(row, name) is { } perToken ? Pico(perToken) : null;

    private static long? Pico(decimal usdPerToken) => usdPerToken is >= 0 and <= 1 ? PriceUnits.Nearest(usdPerToken * 1_000_000m) : null;
}
