using Rung.Control.Evals.Judging;
using Rung.Core.Policies;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Runs;

/// <summary>The standing of judges by people's reviews in the store, those of the run itself included, and by the anchors of the tag.</summary>
public sealed class ReviewedJudges(ContentStore store, TimeProvider clock) : IJudgeTrust
{
    /// <inheritdoc/>
    public async Task<JudgeStanding?> OfAsync(EvalRun run, RunTerms terms, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(terms);
        try
        {
            var asked = EvalTerms.Default with { Judge = terms.Judge, JudgeKappa = terms.JudgeKappa, Confidence = terms.Confidence };
            var report = await new JudgeReview(store, clock).ReportAsync(run, asked, [], _ => null, cancellationToken);
            return report.Agreement.Items == 0 ? null
                : new JudgeStanding(report.Trust.MayOpenGate, report.Agreement.Kappa.Kappa?.Estimate, report.Agreement.LowerKappa, report.Agreement.Items, report.Trust.Words);
        }
        catch (EvalException)
        {
            return null; // No verdict of a judge is there yet.
        }
    }
}
