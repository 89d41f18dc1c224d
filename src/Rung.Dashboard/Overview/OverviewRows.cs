using Rung.Control.Overview;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Overview;

/// <summary>The first page as a table for files: one row a tag.</summary>
internal static class OverviewRows
{
    private static readonly string[] s_columns =
    [
        "tag", "tier", "owner", "user_visible", "calls", "sessions", "cost_usd", "unknown_price_calls",
        .. Figure("cost_per_unit_usd"), "cost_unit", .. Figure("quality"), "floor", "floor_state", .. Figure("escalation_rate"), .. Figure("fallback_rate"), .. Figure("check_failure_rate"), .. Figure("override_rate"),
    ];

    public static TableData Of(OverviewReading reading) => new(
        [
            ("from", reading.Period.From), ("to", reading.Period.To), ("compared_from", reading.Period.Compared?.From), ("compared_to", reading.Period.Compared?.To),
            ("calls", reading.Spend.Totals.Calls), ("cost_usd", Words.UsdNumber(reading.Spend.Totals.CostNanoUsd)), ("cost_nano_usd", reading.Spend.Totals.CostNanoUsd),
            ("unknown_price_attempts", reading.Spend.Totals.UnknownPriceAttempts), ("saving_usd", reading.Saving is { } saving ? Words.UsdNumber(saving.NanoUsd) : null), ("saved_share", reading.Saving?.Share),
            ("saved_share_low", reading.Saving?.Interval?.Low), ("saved_share_high", reading.Saving?.Interval?.High), ("baseline_model", reading.BaselineModel), ("reference_tier", reading.ReferenceTier),
            ("pending_calls", reading.Pending),
        ],
        s_columns, [.. reading.Tags.Select(Row)]);

    private static IReadOnlyList<object?> Row(TagOverview tag) =>
    [
        tag.Tag, tag.Route.Tier.Name, tag.Route.Owner, tag.IsUserVisible, tag.Reading.Calls, tag.Reading.Sessions, Words.UsdNumber(tag.Reading.CostNanoUsd), tag.Reading.UnknownPriceCalls,
        .. Values(tag.Cost, 1e-9), tag.HasSessions ? "session" : "call", .. Values(tag.Quality), tag.Floor?.AtLeast, tag.Floor is { } floor ? Word(floor.State) : null,
        .. Values(tag.Escalation), .. Values(tag.Failover), .. Values(tag.CheckFailure), .. Values(tag.Override),
    ];

    private static string[] Figure(string name) =>
        [name, $"{name}_low", $"{name}_high", $"{name}_n", $"{name}_before", $"{name}_before_n", $"{name}_difference_low", $"{name}_difference_high", $"{name}_more_than_chance"];

    private static object?[] Values(ComparedFigure figure, double unit = 1) =>
    [
        figure.Now?.Estimate * unit, figure.Now?.Low * unit, figure.Now?.High * unit, figure.Count, figure.Before?.Estimate * unit, figure.BeforeCount, figure.Difference?.Low * unit, figure.Difference?.High * unit,
        figure.Difference is null ? null : figure.IsMoreThanChance,
    ];

    private static string Word(Control.Measurement.FloorState state) => state switch
    {
        Control.Measurement.FloorState.Met => "met", Control.Measurement.FloorState.Broken => "broken", _ => "cannot_be_said",
    };
}
