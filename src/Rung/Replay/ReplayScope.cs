using System.Text.Json.Serialization;

namespace Rung.Replay;

/// <summary>The calls of one tag, or all of them: what each side makes of them, and the difference. Printed by <c>--json</c>: names here, in snake_case, are that format.</summary>
internal sealed record ReplayScope
{
    /// <summary>The tag; null for calls without one, and for all calls.</summary>
    public required string? Tag { get; init; }
    /// <summary>Calls.</summary>
    public required int Calls { get; init; }
    /// <summary>Groups of calls that were resampled together.</summary>
    public required int Groups { get; init; }
    /// <summary>Under the policy.</summary>
    public required ReplaySide Policy { get; init; }
    /// <summary>Under what it is compared with.</summary>
    public required ReplaySide Against { get; init; }
    /// <summary>The policy against it.</summary>
    public required ReplayChange Change { get; init; }
    /// <summary>What the logged verdicts say; null for a recording of outcomes.</summary>
    public ReplayQuality? Quality { get; init; }

    /// <summary>The level of a figure under the policy; null when it cannot be said.</summary>
    public Figure? Level(ReplayMetric metric) => metric switch
    {
        ReplayMetric.Cost => Policy.Cost,
        ReplayMetric.Accuracy => Quality is { } quality ? quality.Value : Policy.Accuracy,
        ReplayMetric.Saving => Policy.Saving,
        ReplayMetric.Climbs => Policy.ClimbRate,
        _ => Policy.ErrorRate,
    };

    /// <summary>The change of a figure against the other side; null when it cannot be said.</summary>
    public Figure? Difference(ReplayMetric metric) => metric switch
    {
        ReplayMetric.Cost => Change.Cost,
        ReplayMetric.Accuracy => Quality is { } quality ? quality.Difference : Change.Accuracy,
        ReplayMetric.Saving => Change.Saving,
        ReplayMetric.Climbs => Change.ClimbRate,
        _ => Change.ErrorRate,
    };
}

/// <summary>What one side makes of the calls.</summary>
internal sealed record ReplaySide
{
    /// <summary>Calls that ended in an answer.</summary>
    public required int Answered { get; init; }
    /// <summary>Calls that ended in an error, by what it was.</summary>
    public required IReadOnlyDictionary<string, int> Errors { get; init; }
    /// <summary>Calls of which nobody can say what becomes: they are in no figure.</summary>
    public required int Unjudged { get; init; }
    /// <summary>Calls that have a grade (an error counts as one, of 0).</summary>
    public required int Graded { get; init; }
    /// <summary>Mean grade, 0 to 1.</summary>
    public Figure? Accuracy { get; init; }
    /// <summary>What the calls with a known cost cost, in nano-USD.</summary>
    [JsonIgnore]
    public long CostNanoUsd { get; init; }
    /// <summary>The same in US dollars, exact.</summary>
    public decimal CostUsd => CostNanoUsd / 1_000_000_000m;
    /// <summary>The same as a figure with its interval, US dollars.</summary>
    public Figure? Cost { get; init; }
    /// <summary>Calls whose cost is unknown: they are not in it.</summary>
    public required int CallsWithoutCost { get; init; }
    /// <summary>Calls by where their cost comes from.</summary>
    public required IReadOnlyDictionary<string, int> CostSources { get; init; }
    /// <summary>What the calls that have a cost and a baseline would cost at the reference model, in nano-USD; null when none has.</summary>
    [JsonIgnore]
    public long? BaselineNanoUsd { get; init; }
    /// <summary>The same in US dollars, exact.</summary>
    public decimal? BaselineUsd => BaselineNanoUsd / 1_000_000_000m;
    /// <summary>Share of the baseline that is saved.</summary>
    public Figure? Saving { get; init; }
    /// <summary>Calls that climbed at least once, of those of which it is known.</summary>
    public required int Climbed { get; init; }
    /// <summary>Share of the calls that climbed.</summary>
    public Figure? ClimbRate { get; init; }
    /// <summary>Share of the calls that ended in an error.</summary>
    public Figure? ErrorRate { get; init; }
    /// <summary>Calls and cost by the model that answered, the most calls first.</summary>
    public required IReadOnlyList<ReplayModelUse> Models { get; init; }
}

/// <summary>What one model did for one side.</summary>
/// <param name="Model">The policy's name of it.</param>
/// <param name="Calls">Calls that it answered.</param>
/// <param name="CostNanoUsd">What those calls cost with all that they took, in nano-USD, where that is known.</param>
internal sealed record ReplayModelUse(string Model, int Calls, [property: JsonIgnore] long CostNanoUsd)
{
    /// <summary>Calls among them whose cost is unknown: they are not in it.</summary>
    public int CallsWithoutCost { get; init; }
    /// <summary>The cost in US dollars, exact.</summary>
    public decimal CostUsd => CostNanoUsd / 1_000_000_000m;
}

/// <summary>The policy against what it is compared with, over the calls that both sides know.</summary>
internal sealed record ReplayChange
{
    /// <summary>Calls that another model answers.</summary>
    public required int OtherModel { get; init; }
    /// <summary>Calls graded on both sides.</summary>
    public required int GradedInBoth { get; init; }
    /// <summary>Calls with a better grade.</summary>
    public required int Better { get; init; }
    /// <summary>Calls with a worse grade.</summary>
    public required int Worse { get; init; }
    /// <summary>Difference of accuracy: 0.01 is a percentage point more.</summary>
    public Figure? Accuracy { get; init; }
    /// <summary>Calls whose cost is known on both sides.</summary>
    public required int PricedInBoth { get; init; }
    /// <summary>Calls that have a known cost in the comparison and none under the policy: they are in no change.</summary>
    public int PricedByOtherOnly { get; init; }
    /// <summary>Relative change of cost: 0.05 is 5 % more.</summary>
    public Figure? Cost { get; init; }
    /// <summary>Difference of cost, US dollars.</summary>
    public Figure? CostUsd { get; init; }
    /// <summary>Difference of the saved share.</summary>
    public Figure? Saving { get; init; }
    /// <summary>Difference of the share that climbed.</summary>
    public Figure? ClimbRate { get; init; }
    /// <summary>Difference of the share that ended in an error.</summary>
    public Figure? ErrorRate { get; init; }
}
