namespace Rung.Core.Statistics;

/// <summary>The three known leanings of a judge, each with its size and an interval.</summary>
/// <remarks>
/// Named and measured by L. Zheng et al., "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", NeurIPS 2023 (arXiv 2306.05685); length controlled by regression after Y. Dubois,
/// B. Galambosi, P. Liang, T. B. Hashimoto, "Length-Controlled AlpacaEval" (arXiv 2404.04475).
/// </remarks>
public static class JudgeBias
{
    /// <summary>Fewer cases say nothing.</summary>
    public const int LeastCases = 10;

    /// <summary>What the first place is worth. Both orders of the same pair are compared with one another, so the quality of the answers cancels out, as in McNemar's test.</summary>
    /// <param name="pairs">Pairs asked in both orders.</param>
    /// <param name="confidence">Above 0 and below 1, two-sided.</param>
    public static PositionBias Position(ReadOnlySpan<OrderPair> pairs, double confidence)
    {
        Binomial.CheckConfidence(confidence);
        var leanings = new double[pairs.Length];
        var turned = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            // The first place wins by s when the candidate holds it, and by 1 − s when the reference does.
            leanings[i] = (Share(pairs[i].CandidateFirst) - Share(pairs[i].CandidateSecond)) / 2;
            if ((pairs[i].CandidateFirst - 0.5) * (pairs[i].CandidateSecond - 0.5) < 0) turned++;
        }
        var enough = pairs.Length >= LeastCases;
        return new PositionBias
        {
            FirstPlace = enough ? MeanInterval.Of(leanings, [], -0.5, 0.5, confidence) : null, Turned = pairs.IsEmpty ? 0 : (double)turned / pairs.Length, Pairs = pairs.Length,
            CannotBeSaid = enough ? null : TooFew(pairs.Length, "pairs were asked in both orders"),
        };
    }

    /// <summary>What length is worth: slope of a linear regression of the judge's score on the doublings of length, beside the label where every used case has one.</summary>
    /// <param name="cases">Comparisons. When at least ten have a label, only these are used.</param>
    /// <param name="confidence">Above 0 and below 1, two-sided.</param>
    /// <remarks>
    /// It measures an average slope: near certain wins and losses length can move less. A label that is itself in error holds quality equal only in part. Standard errors are robust (HC3: J. G.
    /// MacKinnon, H. White, J. Econometrics 29 (1985), 305–325) with Student's t.
    /// </remarks>
    public static LengthBias Length(ReadOnlySpan<LengthCase> cases, double confidence)
    {
        Binomial.CheckConfidence(confidence);
        var labelled = 0;
        foreach (var one in cases)
        {
            if (one.Label is not null) labelled++;
        }
        var controlled = labelled >= LeastCases;
        var (scores, doublings, labels) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var one in cases)
        {
            if (controlled && one.Label is null) continue;
            if (!double.IsFinite(one.Doublings)) throw new ArgumentOutOfRangeException(nameof(cases), one.Doublings, "Lengths are above 0.");
            scores.Add(Share(one.Score));
            doublings.Add(one.Doublings);
            if (controlled) labels.Add(Share(one.Label!.Value));
        }
        Interval? slope = null;
        var trouble = scores.Count < LeastCases ? TooFew(scores.Count, "comparisons have a score") : null;
        if (trouble is null && (slope = Slope(scores, doublings, labels, confidence)) is null) trouble = "the lengths of both answers are in the same proportion everywhere: there is nothing to compare";
        return new LengthBias { PerDoubling = slope, IsControlled = controlled, Cases = scores.Count, CannotBeSaid = trouble };
    }

    /// <summary>What being of the judge's family is worth: how far the judge is above the label for its own family, less how far for others.</summary>
    /// <param name="cases">Answers that the judge graded.</param>
    /// <param name="confidence">Above 0 and below 1, two-sided.</param>
    /// <remarks>A judge that is lenient with everybody has no self-preference: hence the difference of differences. Interval: B. L. Welch, Biometrika 34 (1947), 28–35.</remarks>
    public static SelfPreference Self(ReadOnlySpan<FamilyCase> cases, double confidence)
    {
        Binomial.CheckConfidence(confidence);
        var (own, others, flagged) = (new List<double>(), new List<double>(), false);
        foreach (var one in cases)
        {
            flagged |= one.IsOwnFamily;
            if (one.Label is { } label) (one.IsOwnFamily ? own : others).Add(Share(one.Score) - Share(label));
        }
        var trouble = !flagged ? "the judge graded no answer of its own family"
            : own.Count < LeastCases ? TooFew(own.Count, "answers of the judge's own family have a label by people")
            : others.Count < LeastCases ? TooFew(others.Count, "answers of other families have a label by people") : null;
        return new SelfPreference { Excess = trouble is null ? Welch(own, others, confidence) : null, IsFlagged = flagged, Own = own.Count, Others = others.Count, CannotBeSaid = trouble };
    }

    private static string TooFew(int count, string what) => $"{count:N0} {what}; {LeastCases:N0} are needed";

    private static Interval Welch(List<double> own, List<double> others, double confidence)
    {
        var (a, b) = (Spread(own), Spread(others));
        var variance = a.Variance + b.Variance;
        var degrees = variance * variance / ((a.Variance * a.Variance / (own.Count - 1)) + (b.Variance * b.Variance / (others.Count - 1)));
        var half = StudentT.TwoSided(confidence, Math.Max(1, degrees)) * Math.Sqrt(variance);
        var estimate = Math.Clamp(a.Mean - b.Mean, -1, 1);
        return new Interval(estimate, Math.Max(-1, estimate - half), Math.Min(1, estimate + half));

        // One imagined case at each end of the range is added to the spread: see MeanInterval.
        static (double Mean, double Variance) Spread(List<double> values)
        {
            var mean = values.Average();
            var squares = values.Sum(value => (value - mean) * (value - mean)) + ((1 - mean) * (1 - mean)) + ((1 + mean) * (1 + mean));
            return (mean, squares / (values.Count + 1) / (values.Count + 2));
        }
    }

    private static Interval? Slope(List<double> scores, List<double> doublings, List<double> labels, double confidence)
    {
        // Frisch, Waugh and Lovell: what the label explains is taken out of both, then one slope is left.
        var (y, x, leverage) = (Centred(scores), Centred(doublings), new double[scores.Count]);
        Array.Fill(leverage, 1.0 / scores.Count);
        var columns = 2;
        if (labels.Count > 0)
        {
            var z = Centred(labels);
            var spread = z.Sum(value => value * value);
            if (spread > 1e-12)
            {
                columns = 3;
                for (var i = 0; i < z.Length; i++) leverage[i] += z[i] * z[i] / spread;
                TakeOut(y, z, spread);
                TakeOut(x, z, spread);
            }
        }
        var squares = x.Sum(value => value * value);
        if (squares < 1e-9) return null;
        var slope = 0.0;
        for (var i = 0; i < x.Length; i++) slope += x[i] * y[i] / squares;
        var variance = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var residual = (y[i] - (slope * x[i])) / Math.Max(0.05, 1 - leverage[i] - (x[i] * x[i] / squares));
            variance += x[i] * x[i] * residual * residual / (squares * squares);
        }
        var half = StudentT.TwoSided(confidence, x.Length - columns) * Math.Sqrt(variance);
        return new Interval(slope, slope - half, slope + half);

        static double[] Centred(List<double> values)
        {
            var mean = values.Average();
            return [.. values.Select(value => value - mean)];
        }

        static void TakeOut(double[] values, double[] z, double spread)
        {
            var slope = 0.0;
            for (var i = 0; i < z.Length; i++) slope += values[i] * z[i] / spread;
            for (var i = 0; i < z.Length; i++) values[i] -= slope * z[i];
        }
    }

    private static double Share(double score) =>
        score is >= 0 and <= 1 ? score : throw new ArgumentOutOfRangeException(nameof(score), score, "Scores lie in [0, 1].");
}
