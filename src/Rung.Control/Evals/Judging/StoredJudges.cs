using Rung.Control.Evals.Runs;
using Rung.Core.Policies;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>Says of a run's judge what the store holds on it: reviews and labels of this run and of earlier ones of the tag by the same model, and its anchors.</summary>
/// <param name="store">The store.</param>
/// <param name="clock">Stamps what is kept.</param>
public sealed class StoredJudges(ContentStore store, TimeProvider clock) : IJudgeTrust
{
    /// <inheritdoc/>
    public async Task<JudgeStanding?> OfAsync(EvalRunPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        // A run begun afresh has a number behind its id; the newest of the plan is the one that is reported on.
        var runs = await store.ListEvalRunsAsync(cancellationToken);
        if (runs.FirstOrDefault(run => run.Id == plan.Id || run.Id.StartsWith(plan.Id + "-", StringComparison.Ordinal)) is not { } found) return null;
        var terms = new EvalTerms { Judge = plan.Terms.Judge, JudgeKappa = plan.Terms.JudgeKappa, Confidence = plan.Terms.Confidence };
        try
        {
            var report = await new JudgeReview(store, clock).ReportAsync(found, terms, labels: [], familyOf: _ => null, cancellationToken);
            return new JudgeStanding(report.Trust.MayOpenGate, report.Agreement.Kappa.Kappa?.Estimate, report.Agreement.LowerKappa, report.Agreement.Items, report.Trust.Words);
        }
        catch (EvalException)
        {
            return null; // Nothing was judged yet.
        }
    }
}
