namespace Rung.Storage.Reports;

/// <summary>
/// The calls of a window of time, added up. Every sum is exact; one that exceeds 64 bits is shown as the largest number there is.
/// </summary>
public sealed record LedgerReport
{
    /// <summary>What the rows stand for.</summary>
    public required ReportGrouping By { get; init; }
    /// <summary>First instant of the window; null: open.</summary>
    public required DateTimeOffset? Since { get; init; }
    /// <summary>First instant after the window; null: open.</summary>
    public required DateTimeOffset? Until { get; init; }
    /// <summary>The rows, the costliest first; days in order of time.</summary>
    public required IReadOnlyList<ReportRow> Rows { get; init; }
    /// <summary>Rows that the limit of the query left out; they are in <see cref="Totals"/>.</summary>
    public required int RowsLeftOut { get; init; }
    /// <summary>
    /// All calls. Every count and amount is the sum of the rows', except, by model and tier, <see cref="ReportRow.Calls"/> and
    /// <see cref="ReportRow.EscalatedCalls"/>: a call that reached two models stands in two rows and once here.
    /// </summary>
    public required ReportRow Totals { get; init; }
    /// <summary>What the baselines assume: the models of the reference tier, the one with the most calls first.</summary>
    public required IReadOnlyList<BaselineAssumption> Baselines { get; init; }

    /// <summary>Whether the rows are about attempts (by model and tier) and not about calls.</summary>
    public bool IsByAttempt => By is ReportGrouping.Model or ReportGrouping.Tier;
}

/// <summary>What the baselines of some calls assume.</summary>
/// <param name="Model">The model at whose price they were computed.</param>
/// <param name="Tier">The rung on which that model was first seen within the window; null when no attempt reached it there.</param>
/// <param name="Calls">How many calls.</param>
public sealed record BaselineAssumption(string Model, string? Tier, long Calls);
