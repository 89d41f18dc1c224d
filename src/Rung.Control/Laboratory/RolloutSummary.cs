using System.Collections.Immutable;
using Rung.Core.Rollouts;
using Rung.Core.Statistics;

namespace Rung.Control.Laboratory;

/// <summary>A count of runs, and which part of all it is.</summary>
/// <param name="Runs">How many.</param>
/// <param name="Share">Of all, 0 to 1.</param>
/// <param name="Low">Lower bound of the true share, confidence 0.95 on each side.</param>
/// <param name="High">Upper bound.</param>
/// <remarks>C. J. Clopper, E. S. Pearson, Biometrika 26 (1934).</remarks>
public sealed record LabShare(int Runs, double Share, double Low, double High)
{
    internal static LabShare Of(int count, int runs) => new(count, (double)count / runs, Binomial.LowerBound(count, runs, 0.95), Binomial.UpperBound(count, runs, 0.95));
}

/// <summary>Rollbacks at one stage.</summary>
/// <param name="SharePercent">The candidate's share at that stage, percent.</param>
/// <param name="Rollbacks">Runs that were rolled back there.</param>
public sealed record StageRollbacks(double SharePercent, LabShare Rollbacks);

/// <summary>What the fixed-horizon t-test made of the same data.</summary>
/// <param name="RolledBack">Runs that it rolled back.</param>
/// <param name="CallsExposed">Calls that the candidate had answered by then; null when it rolled back none.</param>
public sealed record TestSummary(LabShare RolledBack, LabFigures? CallsExposed);

/// <summary>All runs of one rollout scenario.</summary>
public sealed record RolloutSummary
{
    /// <summary>Runs at the whole traffic when they ended.</summary>
    public required LabShare Completed { get; init; }
    /// <summary>Runs that still waited at some stage when the time was over.</summary>
    public required LabShare Held { get; init; }
    /// <summary>Runs that were rolled back.</summary>
    public required LabShare RolledBack { get; init; }
    /// <summary>Calls that the candidate had answered when it was rolled back.</summary>
    public required LabFigures? CallsExposed { get; init; }
    /// <summary>Virtual days until it was rolled back.</summary>
    public required LabFigures? DaysToRollback { get; init; }
    /// <summary>Virtual days until the whole traffic.</summary>
    public required LabFigures? DaysToWhole { get; init; }
    /// <summary>Stages at which runs were rolled back, in order.</summary>
    public required ImmutableArray<StageRollbacks> Stages { get; init; }
    /// <summary>Guards that were broken, by name.</summary>
    public required ImmutableSortedDictionary<string, int> BrokenGuards { get; init; }
    /// <summary>Guards that kept runs at a stage whose least time was over, by name: of each such run the first, and of several the one farthest from proof.</summary>
    public required ImmutableSortedDictionary<string, int> OpenGuards { get; init; }
    /// <summary>The t-test on the same data, looked at daily.</summary>
    public required TestSummary TTest { get; init; }

    internal static RolloutSummary Of(IReadOnlyList<RolloutOutcome> outcomes, RolloutPlan plan)
    {
        var runs = outcomes.Count;
        var back = outcomes.Where(outcome => outcome.End == RolloutEnd.RolledBack).ToList();
        var whole = outcomes.Where(outcome => outcome.End == RolloutEnd.Completed).ToList();
        var tested = outcomes.Where(outcome => outcome.TestMinute is not null).ToList();
        return new()
        {
            Completed = LabShare.Of(whole.Count, runs),
            Held = LabShare.Of(runs - whole.Count - back.Count, runs),
            RolledBack = LabShare.Of(back.Count, runs),
            CallsExposed = LabFigures.Of(back.Select(outcome => (double)outcome.CallsExposed)),
            DaysToRollback = LabFigures.Of(back.Select(Days)),
            DaysToWhole = LabFigures.Of(whole.Select(Days)),
            Stages = [.. Enumerable.Range(0, plan.Stages.Length - 1).Select(stage => new StageRollbacks(plan.Stages[stage] / 100.0, LabShare.Of(back.Count(outcome => outcome.Stage == stage), runs)))],
            BrokenGuards = Counted(back.Select(outcome => outcome.Guard)),
            OpenGuards = Counted(outcomes.Select(outcome => outcome.OpenGuard)),
            TTest = new(LabShare.Of(tested.Count, runs), LabFigures.Of(tested.Select(outcome => (double)outcome.TestCallsExposed))),
        };
    }

    private static double Days(RolloutOutcome outcome) => outcome.Minute / 1440.0;

    private static ImmutableSortedDictionary<string, int> Counted(IEnumerable<GuardMetric?> guards) =>
        guards.Where(guard => guard is not null).GroupBy(guard => GuardWords.Of(guard!.Value), StringComparer.Ordinal).ToImmutableSortedDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
}
