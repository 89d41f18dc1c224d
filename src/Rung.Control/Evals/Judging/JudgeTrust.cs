using Rung.Core.Policies;

namespace Rung.Control.Evals.Judging;

/// <summary>Whether a judge's word may open a gate for a tag.</summary>
/// <param name="MayOpenGate">Whether it may.</param>
/// <param name="Words">Why, or why not, in one sentence, and what to do.</param>
public sealed record JudgeTrust(bool MayOpenGate, string Words)
{
    /// <summary>Fewer items that a judge and people have both judged prove nothing, whatever κ is.</summary>
    public const int LeastItems = 30;

    /// <summary>
    /// Decides. The gate looks at the lower end of the one-sided interval of κ, at the confidence of the tag, not at the estimate: opening it is a claim about the
    /// judge, and by the estimate a judge that is just as bad as the bar allows would pass every other time. Few labels therefore keep a gate shut, never open it.
    /// </summary>
    /// <param name="agreement">The judge's agreement with people.</param>
    /// <param name="terms">The tag's terms: the least κ, and how sure.</param>
    /// <param name="drift">What its anchors say; null when there are none.</param>
    public static JudgeTrust Of(JudgeAgreement agreement, EvalTerms terms, AnchorDrift? drift)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        ArgumentNullException.ThrowIfNull(terms);
        if (agreement.Items < LeastItems)
            return No($"{agreement.Items:N0} answers were judged by it and by people; at least {LeastItems} are needed. Label {LeastItems - agreement.Items:N0} more.");
        if (agreement.LowerKappa is not { } lower || agreement.Kappa.Kappa is not { } kappa)
            return No($"its agreement cannot be said ({agreement.Kappa.CannotBeSaid}). Label answers of both kinds, good and bad.");
        var bound = FormattableString.Invariant($"κ is {kappa.Estimate:0.00}, and at {terms.Confidence * 100:0.#} % confidence at least {lower:0.00} ({agreement.Items:N0} items)");
        if (lower < terms.JudgeKappa)
        {
            return No(FormattableString.Invariant($"{bound}; {terms.JudgeKappa:0.00} is wanted. ") + (kappa.Estimate >= terms.JudgeKappa + 0.02
                ? $"About {ItemsNeeded(kappa.Estimate, lower, terms.JudgeKappa, agreement.Items):N0} labels would settle it if κ is what it seems."
                : "Better its rubric, or ask another judge: more labels will hardly help."));
        }
        if (drift is { IsAlarm: true }) return No($"{bound}, but {drift.Words} Label anew, and look at what changed.");
        return new JudgeTrust(true, FormattableString.Invariant($"The judge may open a gate: {bound}; {terms.JudgeKappa:0.00} is wanted."));

        static JudgeTrust No(string why) => new(false, $"The judge may not open a gate: {why}");
    }

    // The distance of the bound shrinks with the root of the number of items.
    private static int ItemsNeeded(double kappa, double lower, double wanted, int items) =>
        (int)Math.Min(1_000_000, Math.Ceiling(items * Math.Pow((kappa - lower) / (kappa - wanted), 2)));
}
