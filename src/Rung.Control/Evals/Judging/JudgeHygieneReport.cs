using Rung.Core.Statistics;

namespace Rung.Control.Evals.Judging;

/// <summary>The habits of a judge in one run: what it prefers besides quality, how often it cannot decide, how often its verdict has the wrong form.</summary>
public sealed record JudgeHygieneReport
{
    /// <summary>The judge's models, by how often they answered, most first.</summary>
    public required IReadOnlyList<string> Models { get; init; }
    /// <summary>Families of these models; empty when none is known.</summary>
    public required IReadOnlyList<string> Families { get; init; }
    /// <summary>Verdicts that were asked for.</summary>
    public required int Verdicts { get; init; }
    /// <summary>Of these, verdicts that took more than one question.</summary>
    public required int AskedAgain { get; init; }
    /// <summary>Of these, verdicts that never came in the asked form.</summary>
    public required int Missing { get; init; }
    /// <summary>Share of the questions whose reply was malformed; null without questions.</summary>
    public required Interval? MalformedRate { get; init; }
    /// <summary>Of comparisons, share of verdicts that were a tie; null without comparisons.</summary>
    public required Interval? TieRate { get; init; }
    /// <summary>What the first place is worth.</summary>
    public required PositionBias Position { get; init; }
    /// <summary>What length is worth.</summary>
    public required LengthBias Length { get; init; }
    /// <summary>What being of the judge's family is worth.</summary>
    public required SelfPreference Self { get; init; }
    /// <summary>Candidates of a family of the judge's: flagged whatever the figures say.</summary>
    public required IReadOnlyList<string> OwnFamilyCandidates { get; init; }
    /// <summary>Candidates whose family, or the judge's, is unknown: nobody can rule out that it is the same.</summary>
    public required IReadOnlyList<string> UnknownFamilyCandidates { get; init; }
    /// <summary>Known cost of all questions, nano-USD.</summary>
    public required long CostNanoUsd { get; init; }
    /// <summary>Confidence of the intervals, two-sided.</summary>
    public required double Confidence { get; init; }

    /// <summary>Works it out. Pure: the same verdicts give the same report.</summary>
    /// <param name="answers">What was judged.</param>
    /// <param name="familyOf">Family of a model by the policy's name; null when unknown. See <see cref="ModelFamilies"/>.</param>
    /// <param name="confidence">Above 0 and below 1, two-sided.</param>
    public static JudgeHygieneReport Of(IReadOnlyList<JudgedAnswer> answers, Func<string, string?> familyOf, double confidence)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(familyOf);
        var verdicts = answers.SelectMany(answer => answer.Verdicts).ToList();
        var models = verdicts.Where(verdict => verdict.Model is not null).GroupBy(verdict => verdict.Model!).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key).ToList();
        var families = models.Select(familyOf).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var isKnown = models.Count > 0 && models.All(model => familyOf(model) is not null);
        var candidates = answers.Select(answer => answer.Candidate).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var own = candidates.Where(candidate => models.Contains(candidate) || (familyOf(candidate) is { } family && families.Contains(family))).ToList();
        var questions = verdicts.Sum(verdict => verdict.Attempts);
        var malformed = verdicts.Sum(verdict => verdict.Score is null ? verdict.Attempts : verdict.Attempts - 1);
        var compared = verdicts.Where(verdict => verdict is { CandidateFirst: not null, Score: not null }).ToList();
        return new JudgeHygieneReport
        {
            Models = models,
            Families = families,
            Verdicts = verdicts.Count,
            AskedAgain = verdicts.Count(verdict => verdict.Attempts > 1),
            Missing = verdicts.Count(verdict => verdict.Score is null),
            MalformedRate = Share(malformed, questions, confidence),
            TieRate = Share(compared.Count(verdict => verdict.Score == 0.5), compared.Count, confidence),
            Position = JudgeBias.Position([.. answers.Select(Pair).OfType<OrderPair>()], confidence),
            Length = JudgeBias.Length([.. answers.Select(Lengths).OfType<LengthCase>()], confidence),
            Self = JudgeBias.Self([.. answers.Where(answer => answer.Score is not null).Select(answer => new FamilyCase(answer.Score!.Value, answer.Human, own.Contains(answer.Candidate)))], confidence),
            OwnFamilyCandidates = own,
            UnknownFamilyCandidates = [.. candidates.Where(candidate => !own.Contains(candidate) && (!isKnown || familyOf(candidate) is null))],
            CostNanoUsd = verdicts.Sum(verdict => verdict.CostNanoUsd),
            Confidence = confidence,
        };
    }

    /// <summary>What stands against the judge, a sentence each; empty when nothing does. A leaning counts when its interval is without 0.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            var warnings = new List<string>();
            if (OwnFamilyCandidates.Count > 0)
                warnings.Add($"The judge ({string.Join(", ", Models)}) and {string.Join(", ", OwnFamilyCandidates)} are of one family{(Families.Count > 0 ? $" ({string.Join(", ", Families)})" : "")}: it may favour them. Ask a judge of another family.");
            if (UnknownFamilyCandidates.Count > 0) warnings.Add($"Whether the judge is of a family with {string.Join(", ", UnknownFamilyCandidates)} is unknown.");
            if (Position.FirstPlace is { } place && !place.Covers(0))
                warnings.Add(FormattableString.Invariant($"It prefers whichever answer stands {(place.Estimate > 0 ? "first" : "second")}, by {Math.Abs(place.Estimate) * 100:0.0} points; both orders are asked, which takes it out of the score."));
            if (Length.PerDoubling is { } length && !length.Covers(0))
                warnings.Add(FormattableString.Invariant($"It gives {(length.Estimate > 0 ? "longer" : "shorter")} answers {Math.Abs(length.Estimate) * 100:0.0} points more per doubling of length{(Length.IsControlled ? ", quality by people held equal." : ". Without labels by people nobody knows whether these are better.")}"));
            if (Self.Excess is { } self && !self.Covers(0))
                warnings.Add(FormattableString.Invariant($"Against people, it puts its own family {Math.Abs(self.Estimate) * 100:0.0} points {(self.Estimate > 0 ? "higher" : "lower")} than others."));
            if (MalformedRate is { Estimate: > 0.05 } rate) warnings.Add(FormattableString.Invariant($"{rate.Estimate * 100:0.0} % of its replies were not of the asked form."));
            return warnings;
        }
    }

    private static OrderPair? Pair(JudgedAnswer answer)
    {
        double? Of(bool first) => answer.Verdicts.FirstOrDefault(verdict => verdict.CandidateFirst == first)?.Score;
        return Of(first: true) is { } ahead && Of(first: false) is { } behind ? new OrderPair(ahead, behind) : null;
    }

    private static LengthCase? Lengths(JudgedAnswer answer)
    {
        if (answer.Score is not { } score || answer.Verdicts is not [{ CandidateChars: > 0, ReferenceChars: > 0 } verdict, ..]) return null;
        return new LengthCase(score, Math.Log2((double)verdict.CandidateChars / verdict.ReferenceChars), answer.Human);
    }

    private static Interval? Share(int events, int trials, double confidence)
    {
        if (trials == 0) return null;
        // Two exact one-sided bounds at half the error each: Clopper and Pearson.
        var each = (1 + confidence) / 2;
        return new Interval((double)events / trials, Binomial.LowerBound(events, trials, each), Binomial.UpperBound(events, trials, each));
    }
}
