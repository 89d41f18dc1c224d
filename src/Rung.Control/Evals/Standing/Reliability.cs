using System.Collections.Immutable;
using Rung.Core.Measurement;
using Rung.Core.Statistics;

namespace Rung.Control.Evals.Standing;

/// <summary>A verifier's score of an answer, and what somebody said of the same answer later.</summary>
/// <param name="Score">The verifier's, 0 to 1.</param>
/// <param name="Outcome">What was said, 0 to 1.</param>
/// <param name="Weight">Inverse of the probability with which it was chosen to be judged, at least 1.</param>
public readonly record struct ScoredOutcome(double Score, double Outcome, double Weight);

/// <summary>One bin of a reliability diagram.</summary>
/// <param name="From">Scores from here, included.</param>
/// <param name="To">To here; included in the last bin only.</param>
/// <param name="Answers">Answers in it.</param>
/// <param name="MeanScore">Their weighted mean score; null without answers.</param>
/// <param name="Outcome">Their weighted mean outcome, 95 % interval; null without answers.</param>
public sealed record ReliabilityBin(double From, double To, int Answers, double? MeanScore, Interval? Outcome)
{
    /// <summary>Whether score and outcome differ by more than chance: the interval is without the mean score.</summary>
    public bool IsOff => MeanScore is { } score && Outcome is { } outcome && !outcome.Covers(score);
}

/// <summary>How far a verifier's scores mean what they say: of the answers that it scored about 0.8, about 80 % should be good.</summary>
public sealed record Reliability
{
    /// <summary>Bins of a diagram, equally wide.</summary>
    public const int Bins = 10;

    /// <summary>Fewest pairs of which a diagram is drawn.</summary>
    public const int Least = 20;

    /// <summary>Who judged after the verifier.</summary>
    public required QualitySignal Signal { get; init; }
    /// <summary>Pairs of a score and an outcome.</summary>
    public required int Pairs { get; init; }
    /// <summary>The bins, lowest scores first; those without answers among them.</summary>
    public required ImmutableArray<ReliabilityBin> Curve { get; init; }
    /// <summary>Expected calibration error: mean distance of score and outcome over the bins, 0 to 1; null without pairs.</summary>
    /// <remarks>M. P. Naeini, G. F. Cooper, M. Hauskrecht, AAAI 2015; with equally wide bins, weighted. It is biased upwards where bins are small.</remarks>
    public required double? CalibrationError { get; init; }
    /// <summary>Mean squared distance of score and outcome, 0 to 1, weighted; null without pairs.</summary>
    /// <remarks>G. W. Brier, Monthly Weather Review 78 (1950), 1–3.</remarks>
    public required double? Brier { get; init; }
    /// <summary>Weighted mean of outcome minus score; below 0 the verifier is too sure. Null without pairs.</summary>
    public required double? Leaning { get; init; }

    /// <summary>Whether there are enough pairs for a diagram.</summary>
    public bool IsEnough => Pairs >= Least;

    /// <summary>Works it out. Pure: the order of the pairs does not matter.</summary>
    public static Reliability Of(QualitySignal signal, IReadOnlyList<ScoredOutcome> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var bins = ImmutableArray.CreateBuilder<ReliabilityBin>(Bins);
        var (weights, error, brier, leaning) = (0.0, 0.0, 0.0, 0.0);
        var byBin = pairs.ToLookup(pair => Math.Clamp((int)(pair.Score * Bins), 0, Bins - 1));
        for (var i = 0; i < Bins; i++)
        {
            var sums = new Sums();
            foreach (var pair in byBin[i].OrderBy(pair => pair.Score).ThenBy(pair => pair.Outcome).ThenBy(pair => pair.Weight)) sums.Add(pair);
            bins.Add(sums.Bin(i));
            weights += sums.Weight;
            brier += sums.Brier;
            leaning += sums.Outcomes - sums.Scores;
            error += Math.Abs(sums.Outcomes - sums.Scores);
        }
        return new Reliability
        {
            Signal = signal, Pairs = pairs.Count, Curve = bins.MoveToImmutable(), CalibrationError = weights > 0 ? error / weights : null, Brier = weights > 0 ? brier / weights : null,
            Leaning = weights > 0 ? leaning / weights : null,
        };
    }

    private struct Sums
    {
        private int _count;
        private double _yy, _xy, _xx;

        public double Weight { get; private set; }
        public double Scores { get; private set; }
        public double Outcomes { get; private set; }
        public double Brier { get; private set; }

        public void Add(ScoredOutcome pair)
        {
            var outcome = pair.Weight * pair.Outcome;
            _count++;
            Weight += pair.Weight;
            Scores += pair.Weight * pair.Score;
            Outcomes += outcome;
            Brier += pair.Weight * (pair.Outcome - pair.Score) * (pair.Outcome - pair.Score);
            _yy += outcome * outcome;
            _xy += outcome * pair.Weight;
            _xx += pair.Weight * pair.Weight;
        }

        public readonly ReliabilityBin Bin(int index) => new(
            (double)index / Bins, (index + 1.0) / Bins, _count, _count == 0 ? null : Scores / Weight, Means.OfScores(Outcomes, Weight, _yy, _xy, _xx, _count));
    }
}
