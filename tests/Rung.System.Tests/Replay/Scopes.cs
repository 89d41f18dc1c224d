using Rung.Replay;

namespace Rung.Tests.Replay;

/// <summary>Sums that a test makes up.</summary>
internal static class Scopes
{
    /// <summary>All calls, of which only the change of one figure is known.</summary>
    public static ReplayScope With(ReplayMetric metric, Figure? change) => new()
    {
        Tag = null,
        Calls = 100,
        Groups = 100,
        Policy = Side(),
        Against = Side(),
        Change = new ReplayChange
        {
            OtherModel = 0, GradedInBoth = 100, Better = 0, Worse = 0, PricedInBoth = 100,
            Cost = metric == ReplayMetric.Cost ? change : null, Accuracy = metric == ReplayMetric.Accuracy ? change : null,
        },
    };

    /// <summary>A change of cost of nothing, over the calls that still have a price.</summary>
    public static ReplayScope WithoutCost(int calls, int knownToTheOther)
    {
        var scope = With(ReplayMetric.Cost, new Figure(0, 0, 0));
        return scope with
        {
            Policy = scope.Policy with { CallsWithoutCost = calls, Cost = new Figure(1, 1, 1), Saving = new Figure(0.5, 0.5, 0.5) },
            Change = scope.Change with { PricedByOtherOnly = knownToTheOther, CostUsd = new Figure(0, 0, 0), Saving = new Figure(0, 0, 0) },
        };
    }

    private static ReplaySide Side() => new()
    {
        Answered = 100, Errors = new Dictionary<string, int>(), Unjudged = 0, Graded = 100, CostNanoUsd = 1, CallsWithoutCost = 0, CostSources = new Dictionary<string, int>(), BaselineNanoUsd = 1, Climbed = 0, Models = [],
    };
}
