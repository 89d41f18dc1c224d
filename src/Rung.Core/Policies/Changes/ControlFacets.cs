using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Policies.Compiling;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Changes;

/// <summary>What the terms of the control loop say, as comparable text; see <see cref="Facets"/>.</summary>
internal static class ControlFacets
{
    public static ImmutableArray<Facet> Of(ControlTerms terms) =>
    [
        new("steering", ControlShape.SteeringWords[(int)terms.Steering]),
        new("cool_down_hours", Amounts.Plain((decimal)terms.CoolDown.TotalSeconds / 3600)),
        new("demotions_per_day", terms.DemotionsPerDay.ToString(CultureInfo.InvariantCulture)),
    ];

    public static ImmutableArray<Facet> Of(Budget budget) =>
    [
        new("usd", Amounts.Usd(budget.NanoUsd)),
        new("per", ControlShape.PeriodWords[(int)budget.Period]),
        new("tags", budget.Tags.IsEmpty ? "all traffic" : string.Join(", ", budget.Tags)),
    ];

    public static ImmutableArray<Facet> Of(AlertTarget target) =>
    [
        new("url", Facets.Secret(target.Url)),
        new("format", ControlShape.FormatWords[(int)target.Format]),
        new("secret", Facets.Secret(target.Secret)),
        new("at_least", ControlShape.SeverityWords[(int)target.AtLeast]),
    ];

    public static string Brief(Budget budget) => $"{Amounts.Usd(budget.NanoUsd)} USD a {ControlShape.PeriodWords[(int)budget.Period]}";

    public static string Brief(AlertTarget target) => ControlShape.FormatWords[(int)target.Format];
}
