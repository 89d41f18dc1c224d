namespace Rung.Replay;

/// <summary>What a gate said.</summary>
/// <param name="Gate">The gate, as it is written.</param>
/// <param name="Failed">Whether the replay fails because of it. A figure that cannot be said fails: nobody knows that it would have held.</param>
/// <param name="Value">The number that was compared; a share, or US dollars. Null when it cannot be said.</param>
/// <param name="Says">The same in words, with its interval.</param>
internal sealed record GateVerdict(string Gate, bool Failed, double? Value, string Says)
{
    // Sums of doubles carry a rounding of about 1e-16 a call: a change of exactly one point is not "more than one point".
    private const double Rounding = 1e-12;

    /// <summary>Judges a gate.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="total">All calls.</param>
    /// <param name="tags">By tag.</param>
    public static GateVerdict Of(Gate gate, ReplayScope total, IReadOnlyList<ReplayScope> tags)
    {
        var scope = gate.Tag is null ? total : tags.FirstOrDefault(one => one.Tag == gate.Tag);
        if (scope is null) return Unknown(gate, "no call has this tag");
        var figure = !gate.IsRelative ? scope.Level(gate.Metric) : gate.Unit == GateUnit.UsdMore ? scope.Change.CostUsd : scope.Difference(gate.Metric);
        if (figure is null) return Unknown(gate, gate.Metric == ReplayMetric.Accuracy && scope.Quality?.CannotBeSaid is { } why ? why : "nothing of it is known");
        var value = gate.End switch { GateEnd.Low => figure.Low, GateEnd.High => figure.High, _ => figure.Value };
        return value is { } number
            ? new GateVerdict(gate.ToString(), Holds(gate.Comparison, number, gate.Threshold), number, FigureText.Of(gate, figure))
            : Unknown(gate, $"its interval cannot be said with {scope.Groups} groups of calls (at least {ReplaySummary.FewestGroups}, and --resamples above 0)");
    }

    private static GateVerdict Unknown(Gate gate, string why) => new(gate.ToString(), Failed: true, null, $"cannot be said: {why}");

    private static bool Holds(GateComparison comparison, double value, double threshold)
    {
        var isEqual = Math.Abs(value - threshold) <= Rounding * Math.Max(1, Math.Abs(threshold));
        return comparison switch
        {
            GateComparison.Less => !isEqual && value < threshold,
            GateComparison.AtMost => isEqual || value < threshold,
            GateComparison.More => !isEqual && value > threshold,
            _ => isEqual || value > threshold,
        };
    }
}
