using System.Globalization;
using Rung.Control.Policies;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Dashboard.Parts;

namespace Rung.Dashboard.Policy;

/// <summary>Models, routes and lints in the words of pages.</summary>
internal static class ModelWords
{
    /// <summary>What a model costs: <c>$3 in, $15 out for a million tokens</c>; null when nobody knows.</summary>
    public static string? PriceOf(ChartModel model)
    {
        if (model.Model.Hourly is { } hourly) return $"{Words.Usd(hourly.NanoUsdPerHour)} an hour, used or not ({Words.Count(hourly.Slots, "call")} at once)";
        return model.Price is { } price ? $"${Rate(price.Rates.Input)} in, ${Rate(price.Rates.Output)} out for a million tokens" : null;
    }

    /// <summary>The tone of a lint.</summary>
    public static string ToneOf(LintSeverity severity) => severity switch { LintSeverity.Error => "bad", LintSeverity.Warning => "warn", _ => "none" };

    /// <summary>The word of a lint's severity.</summary>
    public static string Of(LintSeverity severity) => severity switch { LintSeverity.Error => "error", LintSeverity.Warning => "warning", _ => "info" };

    private static string Rate(long pico) => PriceUnits.ToUsdPerMillion(pico).ToString("0.######", CultureInfo.InvariantCulture);
}
