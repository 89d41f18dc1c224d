using System.Text.Json;
using Rung.Control.Imports.Reading;
using Rung.Core.Spans;

namespace Rung.Control.Imports.OpenAi;

/// <summary>
/// Reads usage and cost reports of OpenAI into sums. <c>input_tokens</c> holds what was read from and written to the cache. A line of a cost report becomes a
/// sum of no requests and no tokens that carries the billed amount: it reconciles, it is never rated.
/// </summary>
internal sealed class OpenAiUsageReader : ILogReader
{
    private const int BatchPermille = 500;

    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private DateTimeOffset _groupsOf;

    public void BeginFile(LogFile file) => _groups.Clear();

    public void Read(in LogRecord record, IImportSink sink)
    {
        if (record.Row is { } row)
        {
            var fields = FieldReading.Of(row);
            Result(fields, fields.RequiredTime("start_time", "start_time_iso"), fields.Text("end_time", "end_time_iso"), sink);
            return;
        }
        using var document = record.Parse();
        var bucket = FieldReading.Of(document.RootElement);
        var from = bucket.RequiredTime("start_time");
        if (bucket.Json("results") is not { ValueKind: JsonValueKind.Array } results) throw new LogRecordException("results is missing.");
        foreach (var result in results.EnumerateArray()) Result(FieldReading.Of(result, "results."), from, bucket.Text("end_time"), sink);
    }

    public void EndFile(IImportSink sink)
    {
        // Every record stands for itself.
    }

    public void Complete(IImportSink sink)
    {
        // Nothing is held back.
    }

    private void Result(FieldReading fields, DateTimeOffset from, string? to, IImportSink sink)
    {
        var isCost = fields.Has("amount_value") || !fields.Map("amount").IsMissing;
        if (!isCost && fields.Count("input_tokens", "input_uncached_tokens") is null && fields.Count("output_tokens") is null)
        {
            sink.Leave(LeftOut.NoModelCall); // Times only, or images, seconds of audio, storage.
            return;
        }
        var call = Sum(fields, from, KeyOf(fields, from, to));
        sink.Add(isCost ? Billed(fields, call) : Used(fields, call));
    }

    private static ImportedCall Used(FieldReading fields, ImportedCall call) => call with
    {
        Requests = fields.Count("num_model_requests") ?? 1,
        Usage = UsageOf(fields),
        PricePermille = fields.Flag("batch") == true || fields.NameIfText("service_tier") == "batch" ? BatchPermille : call.PricePermille,
    };

    private static ImportedCall Billed(FieldReading fields, ImportedCall call)
    {
        var amount = fields.Map("amount");
        var currency = fields.Text("amount_currency") ?? amount.Text("currency") ?? "usd";
        if (!currency.Equals("usd", StringComparison.OrdinalIgnoreCase)) throw new LogRecordException($"The amount is in {currency.ToUpperInvariant()}; only USD can be reconciled.");
        // gpt-6-sol, input: what was billed, behind the model.
        var item = fields.Name("line_item");
        var model = item?.Split(',')[0].Trim() ?? "";
        return call with
        {
            Requests = 0,
            Model = ProviderNames.Of(null, model) == "openai" ? model : "",
            Step = item,
            ReportedCostNanoUsd = fields.NanoUsd("amount_value") ?? amount.NanoUsd("value") ?? throw new LogRecordException("amount.value is missing."),
        };
    }

    private static ImportedCall Sum(FieldReading fields, DateTimeOffset from, string key) => new()
    {
        Source = OpenAiUsageFormat.FormatName,
        Key = key,
        Granularity = ImportGranularity.Bucket,
        StartedAt = from,
        Provider = "openai",
        Model = fields.Name("model") ?? "",
        Tag = TagName.Of(fields.Name("api_key_name")),
        TagSource = fields.Has("api_key_name") ? ImportedTagSource.Inferred : ImportedTagSource.None,
        Team = fields.Name("project_name", "api_key_id", "project_id"),
        User = fields.Name("user_email", "user_id"),
    };

    // Results without a group key of their own stand side by side in one bucket: they add up, so each has its number.
    private string KeyOf(FieldReading fields, DateTimeOffset from, string? to)
    {
        if (from != _groupsOf) _groups.Clear();
        _groupsOf = from;
        var kind = fields.Text("object") is { } word ? word.Replace("organization.", "", StringComparison.Ordinal).Replace("usage.", "", StringComparison.Ordinal) : fields.Has("amount_value") ? "costs.result" : "completions.result";
        var group = string.Join('|', kind, from.ToUnixTimeSeconds(), to, fields.Text("project_id", "project_name"), fields.Text("user_id"), fields.Text("api_key_id", "api_key_name"),
            fields.Text("model"), fields.Text("batch"), fields.Text("service_tier"), fields.Text("line_item"));
        var number = _groups[group] = _groups.GetValueOrDefault(group) + 1;
        return number == 1 ? group : $"{group}#{number}";
    }

    private static TokenUsage UsageOf(FieldReading fields)
    {
        var read = fields.Count("input_cached_tokens") ?? 0;
        var written = fields.Count("input_cache_write_tokens") ?? 0;
        var input = fields.Count("input_tokens") ?? (fields.Count("input_uncached_tokens") ?? 0) + read + written;
        var audioIn = fields.Count("input_audio_tokens") ?? 0;
        var output = fields.Count("output_tokens") ?? 0;
        var audioOut = fields.Count("output_audio_tokens") ?? 0;
        // In older reports the counts are those of text alone, and audio stands beside them.
        if (audioIn > input || (fields.Count("input_text_tokens") is { } textIn && textIn == input)) input += audioIn;
        if (audioOut > output || (fields.Count("output_text_tokens") is { } textOut && textOut == output)) output += audioOut;
        var usage = UsageRules.Reconcile(
            new UsageFigures { Input = input, CacheRead = read, CacheWrite = written, AudioInput = audioIn, Output = output, AudioOutput = audioOut },
            PartRule.SurelyInside, PartRule.SurelyInside, out _);
        return usage with { Tier = TierOf(fields.NameIfText("service_tier")) };
    }

    private static ServiceTier TierOf(string? tier) => tier?.ToLowerInvariant() switch
    {
        "flex" => ServiceTier.Flex,
        "priority" or "fast" => ServiceTier.Priority,
        _ => ServiceTier.Standard,
    };
}
