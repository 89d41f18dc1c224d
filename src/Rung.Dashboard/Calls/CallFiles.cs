using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rung.Core.Spans;
using Rung.Dashboard.Frame;
using Rung.Dashboard.Spend;

namespace Rung.Dashboard.Calls;

/// <summary>Calls as files: CSV and JSON, amounts exact to the nano-dollar.</summary>
internal static class CallFiles
{
    /// <summary>The JSON of files: snake_case, enums as words, what has no value left out.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Default,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static readonly string[] s_columns =
    [
        "id", "started_at", "status", "http_status", "tag", "role", "session", "route", "arm", "policy_revision", "tier", "model", "attempts", "escalated", "cost_usd",
        "unknown_price_attempts", "baseline_usd", "saving_usd", "latency_ms", "first_byte_ms",
    ];

    /// <summary>Any value as a JSON file.</summary>
    public static DataReply JsonReply(object value) => new("application/json; charset=utf-8", (stream, token) => JsonSerializer.SerializeAsync(stream, value, value.GetType(), Json, token));

    /// <summary>A table as a CSV file.</summary>
    /// <param name="name">How a browser calls it.</param>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">Its rows.</param>
    public static DataReply CsvReply(string name, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows) =>
        TableFile.Csv(new TableData([], columns, [.. rows]), name);

    /// <summary>Calls as a CSV file.</summary>
    public static DataReply CallsCsv(IEnumerable<CallRecord> calls) => CsvReply("calls.csv", s_columns, calls.Select(CallView.Of).Select(call => (IReadOnlyList<object?>)
    [
        call.Id, call.StartedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), JsonNamingPolicy.SnakeCaseLower.ConvertName(call.Status.ToString()), call.HttpStatus, call.Tag, call.Role, call.Session, call.Route, call.Arm, call.PolicyRevision, call.Tier, call.Model,
        call.Attempts.Count, call.Attempts.Any(attempt => attempt.Kind == AttemptKind.Escalation), call.CostUsd, call.UnknownPriceAttempts, call.BaselineUsd, call.SavingUsd,
        call.LatencyMs, call.FirstByteMs,
    ]));
}
