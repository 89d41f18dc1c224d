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
    public async Task<JudgeStanding?> OfAsync(EvalRun run, RunTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(terms);
        var wanted = new EvalTerms { Judge = terms.Judge, JudgeKappa = terms.JudgeKappa, Confidence = terms.Confidence };
        try
        {
            var report = await new JudgeReview(store, clock).ReportAsync(run, wanted, labels: [], familyOf: _ => null, cancellationToken);
            return new JudgeStanding(report.Trust.MayOpenGate, report.Agreement.Kappa.Kappa?.Estimate, report.Agreement.LowerKappa, report.Agreement.Items, report.Trust.Words);
        }
        catch (EvalException)
        {
            return null; // Nothing was judged yet.
        }
    }
}
