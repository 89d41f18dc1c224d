using System.Globalization;

namespace Rung.Core.Rollouts;

/// <summary>Readings in words: <c>judge: 0.941 (312 units) against 0.948 (30,112): worse by 0.007 (-0.012 to 0.026), margin 0.03: open</c>.</summary>
internal static class GuardSentence
{
    /// <summary>What the observations of a metric are called.</summary>
    public static string Noun(GuardMetric metric) => GuardDefaults.IsTime(metric) ? "calls" : metric == GuardMetric.CostPerSession ? "sessions" : "units";

    /// <summary>The word of a state.</summary>
    public static string Word(GuardState state) => state switch { GuardState.Held => "held", GuardState.Broken => "broken", _ => "open" };

    /// <summary>A reading in one line, without a full stop.</summary>
    public static string Of(GuardReading reading)
    {
        var metric = reading.Guard.Metric;
        var (name, noun, state) = (GuardWords.Of(metric), Noun(metric), Word(reading.State));
        if (reading is not { Candidate: { } candidate, Current: { } current })
            return Text($"{name}: {reading.CandidateCount:N0} {noun} of the candidate and {reading.CurrentCount:N0} of the current policy, none to compare yet: {state}");
        var values = Text($"{name}: {Value(metric, candidate)} ({reading.CandidateCount:N0} {noun}) against {Value(metric, current)} ({reading.CurrentCount:N0})");
        var margin = Text($"margin {Difference(metric, reading.Margin)}: {state}");
        if (reading.Worse is not { } worse || double.IsNaN(worse.Estimate)) return $"{values}, {margin}";
        var by = worse.Estimate < 0 ? $"better by {Difference(metric, -worse.Estimate)}" : $"worse by {Difference(metric, worse.Estimate)}";
        return $"{values}: {by} ({Bound(metric, worse.Low)} to {Bound(metric, worse.High)}), {margin}";
    }

    private static string Value(GuardMetric metric, double value) =>
        GuardDefaults.IsTime(metric) ? Text($"{value:0.000} s")
        : GuardDefaults.IsCost(metric) ? Text($"${value:0.00####}")
        : GuardDefaults.HigherIsBetter(metric) ? Text($"{value:0.000}")
        : Text($"{value * 100:0.00} %");

    private static string Difference(GuardMetric metric, double value) =>
        GuardDefaults.IsRelative(metric) ? Text($"{value * 100:0.#} %")
        : GuardDefaults.HigherIsBetter(metric) ? Text($"{value:0.0##}")
        : Text($"{value * 100:0.##} points");

    /// <summary>A bound with its sign, and in words where there is none.</summary>
    private static string Bound(GuardMetric metric, double value)
    {
        if (double.IsPositiveInfinity(value)) return "no bound yet";
        var text = GuardDefaults.IsRelative(metric) ? Text($"{Math.Abs(value) * 100:0.#} %") : GuardDefaults.HigherIsBetter(metric) ? Text($"{Math.Abs(value):0.000}") : Text($"{Math.Abs(value) * 100:0.##}");
        return value < 0 ? "-" + text : text;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
