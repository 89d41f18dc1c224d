using System.Globalization;
using System.Text.Json;
using Rung.Core.Spans;
using Rung.Dashboard.Frame;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Calls;

/// <summary>Calls as a file, amounts exact to the nano-dollar.</summary>
internal static class CallFiles
{
    private static readonly string[] s_columns =
    [
        "id", "started_at", "status", "http_status", "tag", "role", "session", "route", "arm", "policy_revision", "tier", "model", "attempts", "escalated", "cost_usd",
        "unknown_price_attempts", "baseline_usd", "saving_usd", "latency_ms", "first_byte_ms",
    ];

    /// <summary>Calls as a CSV file.</summary>
    public static DataReply CallsCsv(IEnumerable<CallRecord> calls) => TableFile.Csv(new TableData([], s_columns, [.. calls.Select(CallView.Of).Select(call => (IReadOnlyList<object?>)
    [
        call.Id, call.StartedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), JsonNamingPolicy.SnakeCaseLower.ConvertName(call.Status.ToString()), call.HttpStatus, call.Tag, call.Role, call.Session, call.Route, call.Arm, call.PolicyRevision, call.Tier, call.Model,
        call.Attempts.Count, call.Attempts.Any(attempt => attempt.Kind == AttemptKind.Escalation), call.CostUsd, call.UnknownPriceAttempts, call.BaselineUsd, call.SavingUsd,
        call.LatencyMs, call.FirstByteMs,
    ])]), "calls.csv");
}
