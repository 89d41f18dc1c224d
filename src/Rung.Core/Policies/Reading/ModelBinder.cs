using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Reading;

/// <summary>Makes a <see cref="ModelEntry"/> of a YAML map.</summary>
internal static class ModelBinder
{
    public static ModelEntry Bind(string name, YamlValue? value) => new()
    {
        Name = name,
        Provider = value.Text("provider"),
        Id = value.Text("id"),
        Url = value.Text("url"),
        Key = value.Child("key") is YamlMap key ? new SecretReference(key.Text("env"), key.Text("file")) : null,
        KeyHeader = value.Text("key_header"),
        ApiVersion = value.Text("api_version"),
        Price = Price(value.Child("price")),
        Cost = value.Child("cost") is YamlMap cost ? new HourlyEntry(cost.Number("usd_per_hour") ?? 0, cost.Integer("slots") ?? 1) : null,
        Region = value.Text("region"),
        Context = value.Integer("context"),
        MaxOutput = value.Integer("max_output"),
        Can = value.Texts("can"),
        Temperature = value.Flag("temperature"),
        StreamOptions = value.Flag("stream_options"),
        CapField = value.Text("cap_field"),
        Priority = value.Integer("priority"),
        Weight = value.Integer("weight"),
    };

    private static PriceEntry? Price(YamlValue? value) => value is not YamlMap ? null : new PriceEntry
    {
        Input = value.Number("input") ?? 0,
        Output = value.Number("output") ?? 0,
        CachedInput = value.Number("cached_input"),
        CacheWrite = value.Number("cache_write"),
        CacheWriteLong = value.Number("cache_write_long"),
        AudioInput = value.Number("audio_input"),
        AudioOutput = value.Number("audio_output"),
        Tiers = [.. value.Items("tiers").Select(PriceTier)],
    };

    private static PriceTierEntry PriceTier(YamlValue value) => new(
        value.Integer("above_input") ?? 0, value.Number("input") ?? 0, value.Number("output") ?? 0, value.Number("cached_input"), value.Number("cache_write"));
}
