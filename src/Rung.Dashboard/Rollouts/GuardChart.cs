using Rung.Control.Rollouts;
using Rung.Core.Rollouts;
using Rung.Dashboard.Parts;
using Rung.Storage.Rollouts;

namespace Rung.Dashboard.Rollouts;

/// <summary>A guard's confidence sequence as a chart: the difference with its bounds, and the margin that the stage asks for.</summary>
/// <param name="Guard">The guard.</param>
/// <param name="Caption">What is drawn, with its unit.</param>
/// <param name="Unit">The unit.</param>
/// <param name="At">Instants of the readings.</param>
/// <param name="Series">The difference, and the margin.</param>
/// <param name="Marks">What happened to the rollout.</param>
/// <param name="ClippedAt">Bounds beyond this, in the chart's unit, are drawn at it; null: all are drawn where they are.</param>
public sealed record GuardChart(GuardStory Guard, string Caption, ChartUnit Unit, IReadOnlyList<DateTimeOffset> At, IReadOnlyList<ChartSeries> Series, IReadOnlyList<ChartMark> Marks, double? ClippedAt)
{
    // The first intervals are as wide as anything; at this many margins they would leave the rest of the chart flat.
    private const double MostMargins = 4;

    /// <summary>Lays it out.</summary>
    public static GuardChart Of(GuardStory guard, Rollout rollout)
    {
        var relative = GuardDefaults.IsRelative(guard.Guard.Metric);
        var scale = relative ? 1 : 100; // Differences of scores and of shares, in points.
        var instants = guard.Instants;
        var widest = instants.Count == 0 ? guard.Guard.Margin : instants.Max(instant => instant.Reading.Margin);
        var reach = Math.Max(widest, instants.Max(instant => instant.Reading.Worse is { } worse && double.IsFinite(worse.Estimate) ? (double?)Math.Abs(worse.Estimate) : null) ?? 0);
        var most = MostMargins * reach * scale;
        var clipped = false;
        var series = new ChartSeries("worse by", [.. instants.Select(instant => Value(instant.Reading.Worse?.Estimate))])
        {
            Low = [.. instants.Select(instant => Bound(instant.Reading.Worse?.Low))], High = [.. instants.Select(instant => Bound(instant.Reading.Worse?.High))],
            Counts = [.. instants.Select(instant => instant.Reading.CandidateCount)],
        };
        var margin = new ChartSeries("margin of the stage", [.. instants.Select(instant => Value(instant.Reading.Margin))]);
        return new GuardChart(
            guard, $"{TitleOf(guard.Guard.Metric)}: by how much the candidate is worse, {(relative ? "in percent of the current value" : "in points")}",
            relative ? ChartUnit.Share : ChartUnit.Points, [.. instants.Select(instant => instant.At)], [series, margin],
            [.. rollout.Events.Select(happened => new ChartMark(happened.At, "rollout", RolloutWords.Of(happened, rollout.Plan)))], clipped ? most : null);

        double? Value(double? value) => value is { } number && double.IsFinite(number) ? number * scale : null;

        double? Bound(double? value)
        {
            if (value is not { } number) return null;
            var scaled = number * scale;
            if (Math.Abs(scaled) <= most) return scaled;
            clipped = true;
            return Math.Sign(scaled) * most;
        }
    }

    /// <summary>A metric in words, as a heading.</summary>
    public static string TitleOf(GuardMetric metric) => char.ToUpperInvariant(NameOf(metric)[0]) + NameOf(metric)[1..];

    /// <summary>A metric in words.</summary>
    public static string NameOf(GuardMetric metric) => metric switch
    {
        GuardMetric.Judge => "score by judges", GuardMetric.Verifier => "score by verifiers", GuardMetric.Feedback => "feedback", GuardMetric.Override => "answers that people replaced",
        GuardMetric.CheckFailure => "first answers that failed a check", GuardMetric.Escalation => "calls that climbed", GuardMetric.Error => "calls that failed",
        GuardMetric.LatencyP95 => "time to the last byte, 95th percentile", GuardMetric.FirstByteP95 => "time to the first byte, 95th percentile",
        GuardMetric.CostPerCall => "cost of a call", _ => "cost of a session",
    };
}
