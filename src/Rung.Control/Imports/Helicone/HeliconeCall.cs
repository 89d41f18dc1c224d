using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Helicone;

/// <summary>One call from a request of Helicone.</summary>
internal static class HeliconeCall
{
    // What Helicone writes when no stored answer was used.
    private const string NoReference = "00000000-0000-0000-0000-000000000000";

    /// <summary>Reads the call.</summary>
    /// <exception cref="LogRecordException">A field is missing or of a wrong kind.</exception>
    public static ImportedCall Read(FieldReading fields)
    {
        var start = fields.RequiredTime("request_created_at", "created_at");
        var provider = fields.Name("provider");
        var model = fields.Name("response_model", "model", "model_override", "request_model");
        var (status, error) = StatusOf(fields);
        var call = new ImportedCall
        {
            Source = "helicone",
            Key = fields.RequiredName("request_id"),
            StartedAt = start,
            LatencyMicros = TimeReading.Micros(fields.Number("delay_ms", "latency"), TimeUnit.Milliseconds) ?? TimeReading.Micros(start, fields.Time("response_created_at")),
            FirstByteMicros = fields.Number("time_to_first_token") is > 0 and var first ? TimeReading.Micros(first, TimeUnit.Milliseconds) : null,
            Provider = ProviderNames.Of(provider, model),
            Model = model ?? "",
            Usage = UsageRules.Reconcile(Figures(fields), CacheRule(provider), PartRule.Inside, out var rule),
            UsageRule = rule,
            ReportedCostNanoUsd = ReportedCost(fields),
            Status = status,
            Error = error,
            Verdicts = Verdicts(fields),
        };
        return ReadContent(fields).ApplyTo(ReadNames(fields).ApplyTo(call));
    }

    private static UsageFigures Figures(FieldReading fields) => new()
    {
        Input = fields.Count("prompt_tokens"),
        CacheRead = fields.Count("prompt_cache_read_tokens"),
        CacheWrite = fields.Count("prompt_cache_write_tokens"),
        AudioInput = fields.Count("prompt_audio_tokens"),
        Output = fields.Count("completion_tokens"),
        Reasoning = fields.Count("reasoning_tokens"),
        AudioOutput = fields.Count("completion_audio_tokens"),
        Total = fields.Count("total_tokens"),
    };

    // Helicone keeps the provider's own count: Anthropic and Bedrock leave cached input out of it, the others put it in.
    private static PartRule CacheRule(string? provider) => provider?.ToUpperInvariant() switch
    {
        "ANTHROPIC" or "AWS" or "BEDROCK" or "AMAZON" => PartRule.Beside,
        _ => PartRule.Inside,
    };

    // costUSD is in dollars. The ClickHouse column "cost" is an integer of billionths; with a fraction it can only be dollars.
    private static long? ReportedCost(FieldReading fields)
    {
        if (fields.NanoUsd("costUSD", "cost_usd") is { } dollars) return dollars;
        if (fields.Number("cost") is not { } cost) return null;
        if (decimal.Truncate(cost) != cost) return fields.NanoUsd("cost");
        return NumberReading.TryCount(cost, out var nano) ? nano : throw fields.Wrong("cost", "no amount that can be true");
    }

    private static (ImportedStatus Status, string? Error) StatusOf(FieldReading fields)
    {
        if (fields.NameIfText("cache_reference_id") is { } reference && reference != NoReference) return (ImportedStatus.ServedFromCache, null);
        if (fields.Number("response_status", "status") is not { } code) return (ImportedStatus.Unknown, null);
        return code switch
        {
            >= 200 and < 300 => (ImportedStatus.Answered, null),
            // Helicone's own endings (a timeout, a threat that was stopped, a client that left); which number is which has changed.
            < 0 => (ImportedStatus.Failed, $"Helicone {code.ToString(CultureInfo.InvariantCulture)}"),
            0 => (ImportedStatus.Unknown, null),
            _ => (ImportedStatus.Failed, $"HTTP {code.ToString(CultureInfo.InvariantCulture)}"),
        };
    }

    private static JobNames ReadNames(FieldReading fields)
    {
        var names = new JobNames();
        var properties = fields.Map("request_properties", "properties");
        names.Read(properties);
        names.GiveSession(properties.NameIfText("Helicone-Session-Id"));
        names.GiveStep(properties.NameIfText("Helicone-Session-Path"));
        names.Infer(properties.NameIfText("Prompt") ?? properties.NameIfText("prompt"));
        names.Infer(properties.NameIfText("Helicone-Prompt-Id") ?? fields.NameIfText("prompt_id"));
        names.GiveStep(properties.NameIfText("Helicone-Session-Name"));
        names.GiveUser(fields.NameIfText("request_user_id") ?? fields.NameIfText("user_id") ?? fields.NameIfText("helicone_user"));
        return names;
    }

    // The thumb of a user, and scores that have a place between 0 and 1; other scales are nowhere stated.
    private static ImmutableArray<ImportedVerdict> Verdicts(FieldReading fields)
    {
        var verdicts = ImmutableArray.CreateBuilder<ImportedVerdict>();
        if (fields.Flag("feedback_rating") is { } thumb) verdicts.Add(new ImportedVerdict("feedback", thumb ? 1 : 0, ByPerson: true));
        if (fields.Map("scores") is { IsMissing: false } scores)
        {
            foreach (var score in scores.Element.EnumerateObject())
            {
                var isBoolean = score.Value.ValueKind == JsonValueKind.Object && MessageText.Word(score.Value, "valueType") == "boolean";
                var value = score.Value.ValueKind == JsonValueKind.Object && score.Value.TryGetProperty("value", out var inner) ? inner : score.Value;
                decimal? number = value.ValueKind switch
                {
                    JsonValueKind.True => 1,
                    JsonValueKind.False => 0,
                    JsonValueKind.Number when value.TryGetDecimal(out var plain) && (isBoolean || decimal.Truncate(plain) != plain) => plain, // 1 of what? Only a fraction, or a truth value, tells.
                    _ => null,
                };
                if (number is >= 0 and <= 1 and var place) verdicts.Add(new ImportedVerdict(TagName.Cut(score.Name) ?? "score", (double)place, ByPerson: false));
            }
        }
        return verdicts.ToImmutable();
    }

    private static ChatReading ReadContent(FieldReading fields)
    {
        var chat = new ChatReading();
        if (fields.Json("request_body") is { ValueKind: JsonValueKind.Object } request) chat.AddRequest(request);
        if (fields.Json("response_body") is { ValueKind: JsonValueKind.Object } response && IsReply(response)) chat.AddReply(response);
        return chat;
    }

    // Where the body lies elsewhere, or there was an error, an object of Helicone's own stands in its place.
    private static bool IsReply(JsonElement response) =>
        response.TryGetProperty("choices", out _) || response.TryGetProperty("content", out _) || response.TryGetProperty("output", out _) || response.TryGetProperty("candidates", out _);
}
