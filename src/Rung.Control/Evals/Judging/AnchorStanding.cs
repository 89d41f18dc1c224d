using Rung.Core.Statistics;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>How a judge stands with its anchors.</summary>
/// <param name="Newest">The newest run over them.</param>
/// <param name="Accuracy">Share of the anchors on which its verdict is the known one, exact interval; null without a verdict.</param>
/// <param name="Missing">Anchors without a verdict of the asked form.</param>
/// <param name="Drift">Whether it still says what it said.</param>
public sealed record AnchorStanding(JudgeAnchorRun Newest, Interval? Accuracy, int Missing, AnchorDrift Drift)
{
    /// <summary>Works it out.</summary>
    public static AnchorStanding Of(JudgeAnchorRun newest, IReadOnlyList<JudgeAnchorRun> all, double confidence)
    {
        ArgumentNullException.ThrowIfNull(newest);
        var (right, judged) = (newest.Scores.Count(score => score.IsRight == true), newest.Scores.Count(score => score.IsRight is not null));
        var each = (1 + confidence) / 2;
        return new AnchorStanding(
            newest, judged == 0 ? null : new Interval((double)right / judged, Binomial.LowerBound(right, judged, each), Binomial.UpperBound(right, judged, each)),
            newest.Scores.Count - judged, AnchorDrift.Of(newest, all));
    }
}
