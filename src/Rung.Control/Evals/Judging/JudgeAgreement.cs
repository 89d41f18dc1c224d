using Rung.Core.Statistics;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>How far a judge and people say the same of the same answers of one tag.</summary>
public sealed record JudgeAgreement
{
    /// <summary>Items that both judged; several people on one answer count as one, by their mean.</summary>
    public required int Items { get; init; }
    /// <summary>What was compared.</summary>
    public required JudgeScale Scale { get; init; }
    /// <summary>Cohen's κ, two-sided interval; see <see cref="KappaResult.CannotBeSaid"/>.</summary>
    public required KappaResult Kappa { get; init; }
    /// <summary>Share of the items on which both say the same, with an exact interval; null without items.</summary>
    public required Interval? Accuracy { get; init; }
    /// <summary>Lower end of the one-sided interval of κ at <see cref="Confidence"/>: what a gate looks at; null when κ cannot be said.</summary>
    public required double? LowerKappa { get; init; }
    /// <summary>Mean of judge minus people, −1 to 1: whether it is lenient; null without items.</summary>
    public required double? Leniency { get; init; }
    /// <summary>Confidence of the intervals.</summary>
    public required double Confidence { get; init; }

    /// <summary>Works it out.</summary>
    /// <param name="items">What both judged. A grade counts as good from 0.5 on; a preference is worse, a tie, or better.</param>
    /// <param name="confidence">Above 0.5 and below 1.</param>
    /// <remarks>Weights are not used: κ is a property of the judge on the items that people saw. Where these were chosen for being hard it comes out low.</remarks>
    public static JudgeAgreement Of(IReadOnlyList<DoublyJudged> items, double confidence)
    {
        ArgumentNullException.ThrowIfNull(items);
        var scale = items.Count > 0 ? items[^1].Scale : JudgeScale.Grade;
        var means = items.Where(item => item.Scale == scale)
            .GroupBy(item => (item.Run, item.RowId, item.Candidate))
            .Select(group => (Judge: group.Average(item => item.Judge), Human: group.Average(item => item.Human)))
            .ToList();
        int[] judge = [.. means.Select(item => Category(item.Judge, scale))], human = [.. means.Select(item => Category(item.Human, scale))];
        var categories = scale == JudgeScale.Preference ? 3 : 2;
        var agreed = judge.Zip(human).Count(pair => pair.First == pair.Second);
        var each = (1 + confidence) / 2;
        return new JudgeAgreement
        {
            Items = means.Count,
            Scale = scale,
            Kappa = CohensKappa.Of(judge, human, categories, confidence),
            Accuracy = means.Count == 0 ? null : new Interval((double)agreed / means.Count, Binomial.LowerBound(agreed, means.Count, each), Binomial.UpperBound(agreed, means.Count, each)),
            // The lower end of a two-sided interval at 2c − 1 is the one-sided bound at c.
            LowerKappa = CohensKappa.Of(judge, human, categories, Math.Max(0.01, (2 * confidence) - 1)).Kappa?.Low,
            Leniency = means.Count == 0 ? null : means.Average(item => item.Judge - item.Human),
            Confidence = confidence,
        };
    }

    /// <summary>The category of a score. Both orders of a comparison may disagree by half a win: that still is a win.</summary>
    internal static int Category(double score, JudgeScale scale) =>
        scale == JudgeScale.Preference ? score > 0.5 ? 2 : score < 0.5 ? 0 : 1 : score >= 0.5 ? 1 : 0;
}
