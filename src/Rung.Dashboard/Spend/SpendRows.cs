using Rung.Control.Spend;
using Rung.Core.Policies;
using Rung.Dashboard.Parts;
using Rung.Storage.Rollups;

namespace Rung.Dashboard.Spend;

/// <summary>Spending as a table for files. Amounts are exact: US dollars with nine decimals, and whole nano-dollars.</summary>
internal static class SpendRows
{
    private static readonly string[] s_amounts =
    [
        "calls", "answered", "errors", "attempts", "escalated_calls", "failed_over_calls", "tokens_in", "tokens_cached", "tokens_out", "cost_usd", "cost_nano_usd", "unknown_price_attempts",
        "baseline_nano_usd", "calls_with_baseline", "saving_nano_usd", "calls_in_saving",
    ];

    public static TableData Of(SpendSlice slice, PolicySnapshot policy) => new(
        [
            ("from", slice.Period.From), ("to", slice.Period.To), ("by", slice.By.Select(SpendKeys.Word)), .. slice.Filter.Stated.Select(condition => ($"where_{SpendKeys.Word(condition.Key)}", (object?)condition.Value)),
            ("whole_cost_nano_usd", slice.Whole.CostNanoUsd), ("baseline_model", policy.BaselineModel.Name), ("reference_tier", policy.ReferenceTier.Name), ("pending_calls", slice.Pending),
            ("missing_before", slice.MissingBefore),
        ],
        [.. slice.By.Select(SpendKeys.Word), .. s_amounts],
        [.. slice.Rows.Select(row => (IReadOnlyList<object?>)[.. slice.By.Select(by => SpendKeys.ValueOf(row, by)), .. Amounts(row.Sums)])])
    {
        Totals = [.. slice.By.Select(_ => (object?)null), .. Amounts(slice.Totals)],
    };

    private static object?[] Amounts(SpendSums sums) =>
    [
        sums.Calls, sums.Answered, sums.Errors, sums.Attempts, sums.EscalatedCalls, sums.FailedOverCalls, sums.TokensIn, sums.TokensCached, sums.TokensOut, Words.UsdNumber(sums.CostNanoUsd), sums.CostNanoUsd,
        sums.UnknownPriceAttempts, sums.CallsWithBaseline > 0 ? sums.BaselineNanoUsd : null, sums.CallsWithBaseline, sums.SavingNanoUsd, sums.CallsInSaving,
    ];
}
