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

    /// <summary>Share of the calls that may lack a cost before nothing is said about what all of them cost.</summary>
    private const double MostWithoutCost = 0.01;

    /// <summary>Judges a gate.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="total">All calls.</param>
    /// <param name="tags">By tag.</param>
    public static GateVerdict Of(Gate gate, ReplayScope total, IReadOnlyList<ReplayScope> tags)
    {
        var scope = gate.Tag is null ? total : tags.FirstOrDefault(one => one.Tag == gate.Tag);
        if (scope is null) return Unknown(gate, "no call has this tag");
        if (CostIsMissing(gate, scope) is { } missing) return Unknown(gate, missing);
        var figure = !gate.IsRelative ? scope.Level(gate.Metric) : gate.Unit == GateUnit.UsdMore ? scope.Change.CostUsd : scope.Difference(gate.Metric);
        if (figure is null) return Unknown(gate, gate.Metric == ReplayMetric.Accuracy && scope.Quality?.CannotBeSaid is { } why ? why : "nothing of it is known");
        var value = gate.End switch { GateEnd.Low => figure.Low, GateEnd.High => figure.High, _ => figure.Value };
        return value is { } number
            ? new GateVerdict(gate.ToString(), Holds(gate.Comparison, number, gate.Threshold), number, FigureText.Of(gate, figure))
            : Unknown(gate, $"its interval cannot be said with {scope.Groups} groups of calls (at least {ReplaySummary.FewestGroups}, and --resamples above 0)");
    }

    /// <summary>Why the calls with a known cost do not speak for all; null when they do. A policy must not pass because it moves calls to a model without a price.</summary>
    private static string? CostIsMissing(Gate gate, ReplayScope scope)
    {
        if (gate.Metric is not (ReplayMetric.Cost or ReplayMetric.Saving)) return null;
        var missing = gate.IsRelative ? scope.Change.PricedByOtherOnly : scope.Policy.CallsWithoutCost;
        if (missing <= MostWithoutCost * scope.Calls) return null;
        return $"{missing:N0} of {scope.Calls:N0} calls have no known cost under the policy{(gate.IsRelative ? ", and one in the comparison" : "")}";
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
