namespace Rung.Core.Statistics;

/// <summary>One item that a person and the judge have both graded.</summary>
/// <param name="Human">The person's score, 0 to 1.</param>
/// <param name="Judge">The judge's score, 0 to 1.</param>
/// <param name="Weight">One over the chance with which the item was drawn for people, up to a factor; above 0. 1 where all had the same chance.</param>
public readonly record struct LabelledScore(double Human, double Judge, double Weight);

/// <summary>Mean quality by people's measure, from few labels and many scores of a judge.</summary>
public sealed record PredictionPoweredResult
{
    /// <summary>Labels and judge together: what people would say on average, had they graded everything.</summary>
    public required Interval Combined { get; init; }
    /// <summary>People's labels alone.</summary>
    public required Interval HumanOnly { get; init; }
    /// <summary>How much the judge is listened to: 0 not at all, 1 entirely.</summary>
    public required double Lambda { get; init; }
    /// <summary>Items that people graded.</summary>
    public required int Labelled { get; init; }
    /// <summary>Items that only the judge graded.</summary>
    public required int Unlabelled { get; init; }
}

/// <summary>
/// Prediction-powered inference: the judge's mean over many items, corrected by how far it is from people on a few. Valid however bad the judge is, as long as the
/// items that people graded were drawn by chance from the same items; a bad judge only makes it no narrower.
/// </summary>
/// <remarks>
/// A. N. Angelopoulos, S. Bates, C. Fannjiang, M. I. Jordan, T. Zrnic, Science 382 (2023), 669–674; the weight of the judge by A. N. Angelopoulos,
/// J. C. Duchi, T. Zrnic, "PPI++" (arXiv 2311.01453), here as the minimiser of the very variance that is reported, clipped to [0, 1], so that it is never wider than labels alone.
/// For few labels: see <see cref="MeanInterval"/>.
/// </remarks>
public static class PredictionPowered
{
    /// <summary>Estimates the mean.</summary>
    /// <param name="labelled">At least two items.</param>
    /// <param name="judgeOnly">The judge's scores of items without a label, each 0 to 1; may be empty.</param>
    /// <param name="confidence">Above 0 and below 1, two-sided.</param>
    /// <exception cref="ArgumentException">There are fewer than two labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A score or weight is out of range.</exception>
    public static PredictionPoweredResult Mean(ReadOnlySpan<LabelledScore> labelled, ReadOnlySpan<double> judgeOnly, double confidence)
    {
        Binomial.CheckConfidence(confidence);
        if (labelled.Length < 2) throw new ArgumentException("There must be two labels.", nameof(labelled));
        var labels = Labels.Of(labelled);
        var (judgeMean, judgeSpread) = Spread(judgeOnly);
        var n = labelled.Length;
        var human = labels.HumanOnly(labelled, confidence);

        // Variance of the estimate is  A − 2λB + λ²(C + D): a parabola, least at B ÷ (C + D).
        var ownSpread = judgeOnly.Length > 1 ? judgeSpread / judgeOnly.Length : double.PositiveInfinity;
        var (covariance, judged) = labels.Moments(labelled);
        var lambda = judged + ownSpread > 0 && double.IsFinite(ownSpread) ? Math.Clamp(covariance / (judged + ownSpread), 0, 1) : 0;
        var combined = lambda == 0 ? human : Combine(labelled, labels, lambda, judgeMean, ownSpread, confidence);
        // Estimating λ costs a degree of freedom; where that outweighs what the judge brings, it is not heard.
        if (combined.High - combined.Low >= human.High - human.Low) (combined, lambda) = (human, 0);
        return new PredictionPoweredResult { Combined = combined, HumanOnly = human, Lambda = lambda, Labelled = n, Unlabelled = judgeOnly.Length };
    }

    private static Interval Combine(ReadOnlySpan<LabelledScore> labelled, Labels labels, double lambda, double judgeMean, double ownSpread, double confidence)
    {
        var estimate = labels.HumanMean + (lambda * (judgeMean - labels.JudgeMean));
        var moments = new Moments();
        foreach (var one in labelled)
        {
            moments.Add(one.Weight * labels.Scale * (one.Human - labels.HumanMean - (lambda * (one.Judge - labels.JudgeMean))));
        }
        // An imagined failure and an imagined success that the judge did not see coming: see MeanInterval.
        moments.Add(-labels.HumanMean);
        moments.Add(1 - labels.HumanMean);
        var (low, high) = moments.Bounds(confidence, Math.Max(1, labels.Effective - 2));
        var t = Normal.Quantile((1 + confidence) / 2);
        var judge = lambda * t * Math.Sqrt(ownSpread);
        var (left, right) = (Math.Sqrt((low * low) + (judge * judge)), Math.Sqrt((high * high) + (judge * judge)));
        var middle = Math.Clamp(estimate, 0, 1);
        return new Interval(middle, Math.Clamp(estimate - left, 0, middle), Math.Clamp(estimate + right, middle, 1));
    }

    private static (double Mean, double Variance) Spread(ReadOnlySpan<double> scores)
    {
        if (scores.IsEmpty) return (0, 0);
        var mean = 0.0;
        foreach (var score in scores) mean += Share(score) / scores.Length;
        var squares = 0.0;
        foreach (var score in scores) squares += (score - mean) * (score - mean);
        return (mean, scores.Length > 1 ? squares / (scores.Length - 1) : 0);
    }

    private static double Share(double score) =>
        score is >= 0 and <= 1 ? score : throw new ArgumentOutOfRangeException(nameof(score), score, "Scores lie in [0, 1].");

    /// <summary>Weighted means of the labelled items.</summary>
    private sealed record Labels(double HumanMean, double JudgeMean, double Scale, double Effective)
    {
        public static Labels Of(ReadOnlySpan<LabelledScore> rows)
        {
            var (sum, squares, human, judge) = (0.0, 0.0, 0.0, 0.0);
            foreach (var row in rows)
            {
                if (!(row.Weight > 0 && double.IsFinite(row.Weight))) throw new ArgumentOutOfRangeException(nameof(rows), row.Weight, "A weight is a number above 0.");
                sum += row.Weight;
                squares += row.Weight * row.Weight;
                human += row.Weight * Share(row.Human);
                judge += row.Weight * Share(row.Judge);
            }
            return new Labels(human / sum, judge / sum, rows.Length / sum, sum * sum / squares);
        }

        public Interval HumanOnly(ReadOnlySpan<LabelledScore> rows, double confidence)
        {
            var (values, weights) = (new double[rows.Length], new double[rows.Length]);
            for (var i = 0; i < rows.Length; i++) (values[i], weights[i]) = (rows[i].Human, rows[i].Weight);
            return MeanInterval.Of(values, weights, 0, 1, confidence);
        }

        /// <summary>Covariance of person and judge, and variance of the judge, both of the mean of the labelled items.</summary>
        public (double Covariance, double Variance) Moments(ReadOnlySpan<LabelledScore> rows)
        {
            var (covariance, variance) = (0.0, 0.0);
            foreach (var row in rows)
            {
                var weight = row.Weight * Scale;
                var judge = weight * (row.Judge - JudgeMean);
                covariance += weight * (row.Human - HumanMean) * judge;
                variance += judge * judge;
            }
            var count = (double)rows.Length * (rows.Length - 1);
            return (covariance / count, variance / count);
        }
    }
}
