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

    private static ReplaySide Side() => new()
    {
        Answered = 100, Errors = new Dictionary<string, int>(), Unjudged = 0, Graded = 100, CostNanoUsd = 1, CallsWithoutCost = 0, CostSources = new Dictionary<string, int>(), BaselineNanoUsd = 1, Climbed = 0, Models = [],
    };
}
