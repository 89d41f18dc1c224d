using Rung.Commands.Eval;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Control.Evals.Runs;
using Rung.Core.Guarantees;
using Rung.Core.Learning;
using Rung.Recorded;
using Rung.Storage.Content;

namespace Rung.Commands;

/// <summary>Stored runs of evals as data to learn from (the tune part) and to certify with (the test part).</summary>
internal static class GradedRuns
{
    /// <summary>Reads the graded rows of two models.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="clock">Tells the store the time.</param>
    /// <param name="wanted">A run by its id or the beginning of it, or a set (<c>NAME</c>, <c>NAME@VERSION</c>): then its newest run about the part.</param>
    /// <param name="part">The part.</param>
    /// <param name="weak">The weak model; null: the only candidate of the run.</param>
    /// <param name="strong">The strong model; null: the run's reference.</param>
    /// <param name="error">Where is said what was left out.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="EvalException">There is no such run, or no such row in it.</exception>
    /// <exception cref="FormatException">The content key is none.</exception>
    public static async Task<GradedPairs> ReadAsync(
        string data, TimeProvider clock, string wanted, EvalPart part, string? weak, string? strong, TextWriter error, CancellationToken cancellationToken)
    {
        await using var store = EvalGuard.Open(data, clock);
        var run = Find(await store.ListEvalRunsAsync(cancellationToken), wanted, part);
        var plan = EvalRunPlan.Parse(run.Plan);
        weak ??= plan.Candidates.Count == 1 ? plan.Candidates[0].Name
            : throw new EvalException($"Run {run.Id} has {plan.Candidates.Count} candidates.", $"Say which answers first: --weak {string.Join(" or ", plan.Candidates.Select(one => one.Name))}");
        var pairs = await GradedPairs.ReadAsync(store, run, part, weak, strong ?? plan.ReferenceModel, cancellationToken);
        await error.WriteLineAsync($"rung: {pairs.Rows.Count:N0} rows of {pairs.Name}{(pairs.IsSimulated ? "; its numbers are SIMULATED" : "")}");
        if (pairs.Rows.Count < pairs.OfPart) await error.WriteLineAsync($"rung: {pairs.OfPart - pairs.Rows.Count:N0} of {pairs.OfPart:N0} rows have no answer, or not both grades, and are not used");
        if (pairs.HasWeights) await error.WriteLineAsync("rung: the rows of the set stand for different numbers of calls; here every row counts alike");
        return pairs;
    }

    /// <summary>As rows to train on.</summary>
    public static IReadOnlyList<TrainingRow> ToTraining(GradedPairs pairs) =>
    [
        .. pairs.Rows.Select(row => new TrainingRow
        {
            Id = row.RowId, WeakAnswer = row.WeakAnswer, WeakQuality = row.WeakScore, StrongQuality = row.StrongScore,
            WeakCostNanoUsd = row.WeakCostNanoUsd, StrongCostNanoUsd = row.StrongCostNanoUsd, Group = row.Group,
        }),
    ];

    /// <summary>As a cascade would have seen them.</summary>
    /// <exception cref="OutsideNeededException">A check must have something found out that no store holds.</exception>
    public static RecordedCascade ToCascade(GradedPairs pairs, CascadeRule rule)
    {
        var rows = new List<CascadeOutcome>(pairs.Rows.Count);
        var isKnown = pairs.Rows.All(row => row is { WeakCostNanoUsd: not null, StrongCostNanoUsd: not null });
        foreach (var row in pairs.Rows)
        {
            var score = rule.Score(row.WeakAnswer);
            if (score.Pending is { } inquiry) throw new OutsideNeededException(score.Check!, inquiry);
            rows.Add(new CascadeOutcome(score.KeepScore, row.WeakScore, row.StrongScore, isKnown ? row.WeakCostNanoUsd!.Value : 0, isKnown ? row.StrongCostNanoUsd!.Value : 0, row.Group));
        }
        return new RecordedCascade
        {
            Rows = rows, Recorded = [], WeakAnswers = [.. pairs.Rows.Select(row => row.WeakAnswer)], LeftOut = pairs.OfPart - pairs.Rows.Count, CostsKnown = isKnown,
            CostSource = isKnown ? "what the answers of the run cost" : "unknown: some answers of the run have no known price",
        };
    }

    private static EvalRun Find(IReadOnlyList<EvalRun> runs, string wanted, EvalPart part)
    {
        if (runs.FirstOrDefault(run => run.Id == wanted) is { } exact) return exact;
        var begun = runs.Where(run => wanted.StartsWith("r-", StringComparison.Ordinal) && run.Id.StartsWith(wanted, StringComparison.Ordinal)).ToList();
        if (begun.Count == 1) return begun[0];
        if (begun.Count > 1) throw new EvalException($"{begun.Count:N0} runs begin with {Lines.Clean(wanted)}.", "The runs: rung eval report");
        var ofSet = runs.Where(run => run.SetName == wanted || $"{run.SetName}@{run.SetVersion}" == wanted).ToList();
        if (ofSet.Count == 0) throw new EvalException($"There is no run {Lines.Clean(wanted)}, and no run of a set of that name.", "The runs: rung eval report");
        // The list has the newest first. A run about the other part only would be refused, so it is taken only where there is none that fits.
        return ofSet.FirstOrDefault(run => run.Part is null || run.Part == part) ?? ofSet[0];
    }
}
