using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Rung.Recorded;

/// <summary>One attempt as the gateway tells it.</summary>
/// <param name="Model">The policy's name of the model.</param>
/// <param name="Kind">Why it was made: first, retry, failover, escalation.</param>
internal sealed record DriveAttempt(string Model, string? Kind);

/// <summary>One call of a drive and what came of it. Written by the worker that makes the call, read after all workers have ended.</summary>
/// <param name="row">The prompt.</param>
internal sealed class DriveCall(RecordedRow row)
{
    /// <summary>The prompt.</summary>
    public RecordedRow Row { get; } = row;
    /// <summary>Null when it was answered; else a word for what went wrong.</summary>
    public string? Error { get; set; }
    /// <summary>The grade of the answer; null when there was none.</summary>
    public RecordedGrade? Grade { get; set; }
    /// <summary>From the request sent to the last byte of the answer.</summary>
    public TimeSpan Latency { get; set; }
    /// <summary>The gateway's id of the call; null when it gave none.</summary>
    public string? Id { get; private set; }
    /// <summary>The model that answered: the policy's name, else the one in the body; null when unknown.</summary>
    public string? Model { get; set; }
    /// <summary>The rung that answered; null when unknown.</summary>
    public string? Tier { get; private set; }
    /// <summary>How many attempts it took; null when unknown.</summary>
    public int? AttemptCount { get; private set; }
    /// <summary>How many of them were escalations; null when unknown.</summary>
    public int? Escalations { get; private set; }
    /// <summary>What it cost, in nano-USD; null when unknown.</summary>
    public long? CostNanoUsd { get; private set; }
    /// <summary>What it would have cost at the reference tier, in nano-USD; null when unknown.</summary>
    public long? BaselineNanoUsd { get; private set; }
    /// <summary>Its attempts; null when they were not asked for or not told.</summary>
    public IReadOnlyList<DriveAttempt>? Attempts { get; private set; }

    /// <summary>Takes what the gateway says in its response headers.</summary>
    public void Take(HttpResponseHeaders headers)
    {
        Id = Header(headers, "x-rung-call-id");
        Model = Header(headers, "x-rung-model");
        Tier = Header(headers, "x-rung-tier");
        AttemptCount = Count(headers, "x-rung-attempts");
        Escalations = Count(headers, "x-rung-escalations");
        CostNanoUsd = Money(Header(headers, "x-rung-cost-usd"));
        BaselineNanoUsd = Money(Header(headers, "x-rung-baseline-usd"));
    }

    /// <summary>Takes what the gateway's record of the call says. It is written after the answer, so it is the better word where the two differ.</summary>
    public void Take(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object) return;
        Model = Text(record, "model") ?? Model;
        Tier = Text(record, "tier") ?? Tier;
        CostNanoUsd = Money(record, "cost_usd") ?? CostNanoUsd;
        BaselineNanoUsd = Money(record, "baseline_usd") ?? BaselineNanoUsd;
        if (!record.TryGetProperty("attempts", out var attempts) || attempts.ValueKind != JsonValueKind.Array) return;

        Attempts = [.. attempts.EnumerateArray().Where(attempt => attempt.ValueKind == JsonValueKind.Object)
            .Select(attempt => new DriveAttempt(Text(attempt, "model") ?? "unknown", Text(attempt, "kind")))];
        AttemptCount = Attempts.Count;
        Escalations = Attempts.Count(attempt => string.Equals(attempt.Kind, "escalation", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Takes what was worked out without a gateway.</summary>
    public void Take(OfflineCall call)
    {
        Error = call.Error;
        Model = call.Served?.Model;
        Tier = call.Served?.Tier;
        Attempts = [.. call.Attempts.Select(attempt => new DriveAttempt(attempt.Model, attempt.Kind))];
        AttemptCount = Attempts.Count;
        Escalations = Attempts.Count(attempt => attempt.Kind == "escalation");
        CostNanoUsd = call.CostNanoUsd;
        BaselineNanoUsd = call.BaselineNanoUsd;
    }

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    private static int? Count(HttpResponseHeaders headers, string name) =>
        int.TryParse(Header(headers, name), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static long? Money(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var usd) ? NanoUsd(usd) : null;

    private static long? Money(JsonElement record, string name)
    {
        if (!record.TryGetProperty(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String) return Money(value.GetString());
        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var usd) ? NanoUsd(usd) : null;
    }

    private static long? NanoUsd(decimal usd) =>
        usd is >= 0 and <= 1_000_000_000 ? (long)Math.Round(usd * 1_000_000_000m, MidpointRounding.AwayFromZero) : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
