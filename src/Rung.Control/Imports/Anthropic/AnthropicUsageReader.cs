using System.Text.Json;
using Rung.Control.Imports.Reading;
using Rung.Core.Spans;

namespace Rung.Control.Imports.Anthropic;

/// <summary>
/// Reads usage and cost reports of Anthropic into sums. All classes of input stand beside each other. A line of a cost report becomes a sum of no requests and
/// no tokens that carries the billed amount: it reconciles, it is never rated.
/// </summary>
internal sealed class AnthropicUsageReader : ILogReader
{
    private const decimal CentsPerUsd = 100;

    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private DateTimeOffset _groupsOf;

    public void BeginFile(LogFile file) => _groups.Clear();

    public void Read(in LogRecord record, IImportSink sink)
    {
        if (record.Row is { } row)
        {
            var fields = FieldReading.Of(row);
            Result(fields, fields.RequiredTime("usage_date_utc"), sink);
            return;
        }
        using var document = record.Parse();
        var bucket = FieldReading.Of(document.RootElement);
        var from = bucket.RequiredTime("starting_at");
        if (bucket.Json("results") is not { ValueKind: JsonValueKind.Array } results) throw new LogRecordException("results is missing.");
        foreach (var result in results.EnumerateArray()) Result(FieldReading.Of(result, "results."), from, sink);
    }

    public void EndFile(IImportSink sink)
    {
        // Every record stands for itself.
    }

    public void Complete(IImportSink sink)
    {
        // Nothing is held back.
    }

    private void Result(FieldReading fields, DateTimeOffset from, IImportSink sink)
    {
        var isCost = fields.Has("amount", "cost_usd");
        var call = Sum(fields, from, KeyOf(fields, from, isCost));
        sink.Add(isCost ? Billed(fields, call) : Used(fields, call));
    }

    // Reports do not say how many requests they sum up: at least one.
    private static ImportedCall Used(FieldReading fields, ImportedCall call) => call with
    {
        Requests = fields.Count("num_requests", "request_count") ?? 1,
        Usage = UsageOf(fields),
        PricePermille = AnthropicPricing.Permille(call.Model, fields.NameIfText("speed"), fields.NameIfText("inference_geo"), TierOf(fields)),
    };

    private static ImportedCall Billed(FieldReading fields, ImportedCall call)
    {
        var currency = fields.Text("currency") ?? "USD";
        if (!currency.Equals("usd", StringComparison.OrdinalIgnoreCase)) throw new LogRecordException($"The amount is in {currency}; only USD can be reconciled.");
        if ((fields.Number("amount") / CentsPerUsd ?? fields.Number("cost_usd")) is not { } usd || !NumberReading.TryNanoUsd(usd, out var nano))
        {
            throw new LogRecordException("amount is no amount in cents that can be true.");
        }
        return call with { Requests = 0, Step = fields.Name("description", "token_type", "cost_type"), ReportedCostNanoUsd = nano };
    }

    private static ImportedCall Sum(FieldReading fields, DateTimeOffset from, string key)
    {
        var keyName = fields.Name("api_key");
        return new ImportedCall
        {
            Source = AnthropicUsageFormat.FormatName,
            Key = key,
            Granularity = ImportGranularity.Bucket,
            StartedAt = from,
            Provider = "anthropic",
            Model = ModelId(fields.Name("model", "model_version")),
            Tag = TagName.Of(keyName),
            TagSource = TagName.Of(keyName) is null ? ImportedTagSource.None : ImportedTagSource.Inferred,
            Team = fields.Name("workspace", "api_key_id", "workspace_id"),
            User = fields.Name("account_id", "service_account_id"),
        };
    }

    private static TokenUsage UsageOf(FieldReading fields)
    {
        var written = fields.Map("cache_creation");
        return UsageRules.Reconcile(
            new UsageFigures
            {
                Input = fields.Count("uncached_input_tokens", "usage_input_tokens_no_cache"),
                CacheRead = fields.Count("cache_read_input_tokens", "usage_input_tokens_cache_read"),
                CacheWrite = fields.IsRow ? fields.Count("usage_input_tokens_cache_write_5m") : written.Count("ephemeral_5m_input_tokens"),
                CacheWriteLong = fields.IsRow ? fields.Count("usage_input_tokens_cache_write_1h") : written.Count("ephemeral_1h_input_tokens"),
                Output = fields.Count("output_tokens", "usage_output_tokens"),
            },
            PartRule.Beside, PartRule.SurelyInside, out _);
    }

    private static string? TierOf(FieldReading fields) =>
        fields.NameIfText("service_tier", "usage_type")?.Contains("batch", StringComparison.OrdinalIgnoreCase) == true ? "batch" : null;

    // Every group key that a report may have; those that it lacks are empty. Equal groups in one bucket add up, so each has its number.
    private string KeyOf(FieldReading fields, DateTimeOffset from, bool isCost)
    {
        if (from != _groupsOf) _groups.Clear();
        _groupsOf = from;
        var group = string.Join('|', isCost ? "cost" : "usage", from.ToUnixTimeSeconds(), fields.Text("api_key_id", "api_key"), fields.Text("workspace_id", "workspace"),
            fields.Text("model", "model_version"), fields.Text("service_tier", "usage_type"), fields.Text("context_window"), fields.Text("inference_geo"), fields.Text("speed"),
            fields.Text("account_id"), fields.Text("service_account_id"), fields.Text("description"), fields.Text("token_type"), fields.Text("cost_type"));
        var number = _groups[group] = _groups.GetValueOrDefault(group) + 1;
        return number == 1 ? group : $"{group}#{number}";
    }

    /// <summary>The id of a model of which some reports write the name for people: <c>Claude Opus 5.5</c> is <c>claude-opus-5-5</c>.</summary>
    internal static string ModelId(string? name)
    {
        if (name is null) return "";
        return name.Contains(' ') && name.StartsWith("claude", StringComparison.OrdinalIgnoreCase) ? name.ToLowerInvariant().Replace(' ', '-').Replace('.', '-') : name;
    }
}
