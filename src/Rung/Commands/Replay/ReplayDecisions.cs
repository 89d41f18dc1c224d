using System.Text.Json;
using System.Text.Json.Serialization;
using Rung.Replay;

namespace Rung.Commands.Replay;

/// <summary>Writes what becomes of every call, one JSON object a line.</summary>
internal static class ReplayDecisions
{
    private static readonly JsonSerializerOptions s_oneLine = new(Output.Json) { WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Writes the calls.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="rows">The calls.</param>
    public static void Write(string path, IEnumerable<ReplayRow> rows)
    {
        using var file = new StreamWriter(path);
        foreach (var row in rows) file.WriteLine(JsonSerializer.Serialize(new RowLine(row.Id, row.Tag, Side(row.A), Side(row.B)), s_oneLine));
    }

    private static SideLine Side(ReplayedCall call) => new(
        call.Model, call.Tier, call.Made.Count, call.Climbs, call.Score, call.Cost / 1_000_000_000m, call.CostSource, call.BaselineNanoUsd / 1_000_000_000m, call.Error, call.Made);

    private sealed record RowLine(string Id, string? Tag, SideLine Policy, SideLine Against);

    private sealed record SideLine(
        string? Model, string? Tier, int Attempts, int? Escalations, double? Score, decimal? CostUsd, CostSource CostSource, decimal? BaselineUsd, string? Error, IReadOnlyList<string> Made);
}
