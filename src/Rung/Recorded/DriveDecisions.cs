using System.Text.Json;
using System.Text.Json.Serialization;
using Rung.Commands;

namespace Rung.Recorded;

/// <summary>Writes what was decided for every call, one JSON object a line: from a gateway and without one in the same form, so that two files can be compared.</summary>
internal static class DriveDecisions
{
    private static readonly JsonSerializerOptions s_oneLine = new(Output.Json) { WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Writes the calls of a drive.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="options">The drive's options.</param>
    /// <param name="calls">The calls; with what was decided offline where it was.</param>
    public static void Write(string path, DriveOptions options, IEnumerable<(DriveCall Call, OfflineCall? Decided)> calls)
    {
        using var file = new StreamWriter(path);
        foreach (var (call, decided) in calls) file.WriteLine(JsonSerializer.Serialize(Line(options, call, decided), s_oneLine));
    }

    private static DecisionLine Line(DriveOptions options, DriveCall call, OfflineCall? decided) => new(
        call.Row.Id, options.TagOf(call.Row), call.Model, call.Tier, call.AttemptCount, call.Escalations, call.Grade?.Score, call.CostNanoUsd / 1_000_000_000m, call.Error,
        decided is null
            ? call.Attempts?.Select(attempt => new AttemptLine(attempt.Model, attempt.Kind?.ToLowerInvariant(), null, null)).ToArray()
            : [.. decided.Attempts.Select(attempt => new AttemptLine(
                attempt.Model, attempt.Kind, attempt.Failed,
                attempt.Checks.IsEmpty ? null : [.. attempt.Checks.Select(check => new CheckLine(check.Check, check.Passed, check.Score, check.Detail))]))]);

    private sealed record DecisionLine(
        string Id, string? Tag, string? Model, string? Tier, int? Attempts, int? Escalations, double? Score, decimal? CostUsd, string? Error, IReadOnlyList<AttemptLine>? Made);

    private sealed record AttemptLine(string Model, string? Kind, string? Failed, IReadOnlyList<CheckLine>? Checks);

    private sealed record CheckLine(string Check, bool Passed, double? Score, string? Detail);
}
