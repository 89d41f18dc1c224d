using System.Globalization;
using Rung.Core.Guarantees;
using Rung.Core.Statistics;

namespace Rung.Control.Evals.Runs;

/// <summary>Decides, and says it in one sentence.</summary>
internal static class RunDecisions
{
    /// <summary>More ungraded answers than this share leave the question open: those that could not be graded may be the bad ones.</summary>
    public const double MostUngraded = 0.02;

    private const int MostRowsNamed = 100_000;

    /// <summary>
    /// Tests every candidate by Holm's rule: the smallest p-value at confidence 1 − α/m, the next at 1 − α/(m − 1), and so on; the first that fails ends it. The
    /// chance that any candidate is wrongly called not worse is then at most α, however many there are.
    /// </summary>
    /// <remarks>S. Holm, Scand. J. Stat. 6 (1979), 65–70.</remarks>
    /// <param name="pairs">The rows of each candidate; empty for one that cannot be tested.</param>
    /// <param name="margin">The margin.</param>
    /// <param name="confidence">1 − α.</param>
    /// <returns>For each, its test at the confidence that Holm's rule gave it, that confidence, and whether it passed; null for one that cannot be tested.</returns>
    public static (NonInferiorityResult Test, double At, bool NotWorse)?[] Holm(IReadOnlyList<PairedScore[]> pairs, double margin, double confidence)
    {
        var results = new (NonInferiorityResult, double, bool)?[pairs.Count];
        int[] testable = [.. Enumerable.Range(0, pairs.Count).Where(i => pairs[i].Length > 0)];
        var order = testable.Select(i => (Index: i, P: NonInferiority.PValue(pairs[i], margin, confidence))).OrderBy(one => one.P).ThenBy(one => one.Index).ToArray();
        var passing = true;
        for (var step = 0; step < order.Length; step++)
        {
            var at = 1 - ((1 - confidence) / (order.Length - step));
            var test = NonInferiority.Test(pairs[order[step].Index], margin, at);
            passing = passing && test.NotWorse;
            results[order[step].Index] = (test, at, passing);
        }
        return results;
    }

    /// <summary>What the rule is called.</summary>
    public static string Multiplicity(int candidates) => candidates == 1
        ? "one candidate, one test"
        : $"{candidates} candidates tested at once by Holm's rule: the chance that any of them is wrongly eligible is bounded, not that of each";

    /// <summary>Decides on one candidate, and says so.</summary>
    /// <param name="draft">Its report without the decision.</param>
    /// <param name="notWorse">Whether it passed the test by the rule for several candidates.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="judge">What the judge's word is worth; null when it was never measured, or no judge was asked.</param>
    public static CandidateReport Decide(CandidateReport draft, bool notWorse, EvalRunPlan plan, JudgeStanding? judge)
    {
        var name = draft.Model.Name;
        if (draft.Missing > 0) return Say(EvalDecision.CannotBeSaid, $"{name}: cannot be said yet, {draft.Missing:N0} of {draft.Rows + draft.Missing + draft.Ungraded:N0} rows are missing");
        if (draft.Test is not { } test) return Say(EvalDecision.CannotBeSaid, $"{name}: cannot be said, since no row could be graded");
        if (draft.Ungraded > MostUngraded * (draft.Rows + draft.Ungraded))
            return Say(EvalDecision.CannotBeSaid, $"{name}: cannot be said, since {draft.Ungraded:N0} of {draft.Rows + draft.Ungraded:N0} answers could not be graded");
        var terms = plan.Terms;
        if (notWorse)
        {
            var proved = $"not worse than {(plan.KnownAnswers ? "the known answers" : plan.ReferenceTier)} by more than {Points(terms.Margin)} at {Share(terms.Confidence)}; {Money(draft.Saving)}";
            if (terms.Judge is null) return Say(EvalDecision.Eligible, $"{name}: {proved}: eligible");
            if (judge is { MayOpenGate: true }) return Say(EvalDecision.Eligible, $"{name}: {proved}: eligible");
            var doubt = judge?.KappaLow is { } low ? $"agrees with people by a kappa whose lower bound is {Two(low)} ({Two(terms.JudgeKappa)} is needed)"
                : judge is { Items: > 0 } ? $"has been measured on {judge.Items:N0} answers only" : "has not been measured against people";
            return Say(EvalDecision.JudgeNotTrusted, $"{name}: looks eligible ({proved}), but the judge {terms.Judge} {doubt}: not eligible yet");
        }
        if (test.Difference <= -terms.Margin)
            return Say(EvalDecision.NotEligible, $"{name}: {Points(-test.Difference)} worse (bound {Signed(test.LowerBound)}): not eligible");
        var power = test.PowerIfEqual;
        // With power enough, what is missing is not rows for an equal model but rows for the difference that was seen.
        var needed = power < 0.8 ? test.RowsForPower80 : RowsFor(test, terms, draft.TestedAt);
        var seen = test.Difference < 0 ? $"{Points(-test.Difference)} worse so far, bound {Signed(test.LowerBound)}" : $"bound {Signed(test.LowerBound)}";
        return Say(EvalDecision.CannotBeSaid, $"{name}: cannot be said with {test.Rows:N0} rows ({seen}; power {Share(power)}): {(needed is { } rows ? $"about {Round(rows):N0} rows are needed" : $"more than {MostRowsNamed:N0} rows would be needed")}")
            with { RowsNeeded = needed is { } many ? Round(many) : null };

        CandidateReport Say(EvalDecision decision, string sentence) => draft with { Decision = decision, Sentence = sentence };
    }

    /// <summary>Points of a hundred, for people: <c>3 points</c>, <c>0.4 points</c>, <c>1 point</c>.</summary>
    public static string Points(double share)
    {
        var text = (100 * share).ToString("0.#", CultureInfo.InvariantCulture);
        return text == "1" ? "1 point" : $"{text} points";
    }

    private static int? RowsFor(NonInferiorityResult test, RunTerms terms, double at)
    {
        var room = terms.Margin + Math.Min(0, test.Difference);
        if (room < 0.0005) return null;
        var needed = NonInferiority.RowsNeeded(Math.Max(test.Discordance, 0.5 / test.Rows), room, at, 0.8);
        return needed > MostRowsNamed ? null : Math.Max(needed, test.Rows + 1);
    }

    /// <summary>Two digits are as many as such a guess has.</summary>
    private static int Round(int rows)
    {
        var step = 1;
        while (rows / step >= 100) step *= 10;
        return (rows + step - 1) / step * step;
    }

    private static string Money(Interval? saving) => saving switch
    {
        null => "its saving is unknown, since a price is",
        { Estimate: >= 0 } => $"saves {Share(saving.Value.Estimate)}",
        _ => $"costs {Share(-saving.Value.Estimate)} more",
    };

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    private static string Signed(double difference) => (100 * difference).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private static string Two(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}
