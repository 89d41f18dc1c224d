using Rung.Core.Statistics;

namespace Rung.Control.Evals.Judging.Simulation;

/// <summary>What the report on a simulated judge found, over many repetitions. Labelled as simulated wherever it is shown.</summary>
public sealed record JudgeSimulation
{
    /// <summary>Always true: no figure here is about a real judge.</summary>
    public bool Simulated => true;
    /// <summary>The judge's leanings.</summary>
    public required JudgeLeanings Leanings { get; init; }
    /// <summary>Rows of each run, each answered by two candidates.</summary>
    public required int Rows { get; init; }
    /// <summary>Of these, rows that people labelled.</summary>
    public required int Labelled { get; init; }
    /// <summary>Runs.</summary>
    public required int Repetitions { get; init; }
    /// <summary>Seed of everything.</summary>
    public required int Seed { get; init; }
    /// <summary>Confidence of every interval, two-sided.</summary>
    public required double Confidence { get; init; }
    /// <summary>How well position bias was found and sized.</summary>
    public required FoundBias Position { get; init; }
    /// <summary>How well length bias was.</summary>
    public required FoundBias Length { get; init; }
    /// <summary>How well self-preference was.</summary>
    public required FoundBias Self { get; init; }
    /// <summary>Runs in which the candidate of the judge's family was flagged.</summary>
    public required int Flagged { get; init; }
    /// <summary>Quality of the candidates by labels and judge together, and by labels alone.</summary>
    public required IReadOnlyList<FoundQuality> Quality { get; init; }

    /// <summary>Runs it.</summary>
    /// <param name="leanings">The judge's leanings.</param>
    /// <param name="rows">Rows of each run, 40 to 100,000.</param>
    /// <param name="labelled">Of these, rows that people label, 10 to <paramref name="rows"/>.</param>
    /// <param name="repetitions">Runs, 1 to 100,000.</param>
    /// <param name="seed">Seed of everything.</param>
    /// <param name="confidence">Confidence of the intervals, two-sided.</param>
    /// <param name="progress">Called with the number of runs done; null for nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static JudgeSimulation Run(JudgeLeanings leanings, int rows, int labelled, int repetitions, int seed, double confidence, Action<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(leanings);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 40);
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(labelled, 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(labelled, rows);
        var (position, length, self) = (new Tally(leanings.Position), new Tally(leanings.Length), new Tally(leanings.Self));
        var candidates = new[] { SimulatedJudge.Own, SimulatedJudge.Other };
        var (combined, human, judge) = (candidates.Select(_ => new Tally(SimulatedJudge.Quality)).ToArray(), candidates.Select(_ => new Tally(SimulatedJudge.Quality)).ToArray(), new double[2]);
        var flagged = 0;
        for (var i = 0; i < repetitions; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var answers = new SimulatedJudge(leanings, unchecked((seed * 1_000_003) + i)).Run(rows, labelled);
            var hygiene = JudgeHygieneReport.Of(answers, SimulatedJudge.FamilyOf, confidence);
            position.Add(hygiene.Position.FirstPlace);
            length.Add(hygiene.Length.PerDoubling);
            self.Add(hygiene.Self.Excess);
            if (hygiene.OwnFamilyCandidates.SequenceEqual([SimulatedJudge.Own])) flagged++;
            for (var c = 0; c < candidates.Length; c++)
            {
                var quality = CandidateQuality.Of(candidates[c], [.. answers.Where(answer => answer.Candidate == candidates[c])], confidence);
                combined[c].Add(quality.ByPeople!.Combined);
                human[c].Add(quality.ByPeople.HumanOnly);
                judge[c] += quality.JudgeMean!.Value / repetitions;
            }
            progress?.Invoke(i + 1);
        }
        return new JudgeSimulation
        {
            Leanings = leanings, Rows = rows, Labelled = labelled, Repetitions = repetitions, Seed = seed, Confidence = confidence, Position = position.ToBias(), Length = length.ToBias(),
            Self = self.ToBias(), Flagged = flagged,
            Quality =
            [
                .. candidates.Select((candidate, c) => new FoundQuality(
                    candidate, SimulatedJudge.Quality, judge[c], combined[c].CoveredShare, combined[c].MeanWidth, human[c].CoveredShare, human[c].MeanWidth)),
            ],
        };
    }

    private sealed class Tally(double truth)
    {
        private int said, covered, found;
        private double estimates, widths;

        public double CoveredShare => said == 0 ? 0 : (double)covered / said;

        public double MeanWidth => said == 0 ? 0 : widths / said;

        public void Add(Interval? interval)
        {
            if (interval is not { } known) return;
            said++;
            estimates += known.Estimate;
            widths += known.High - known.Low;
            if (known.Covers(truth)) covered++;
            if (!known.Covers(0)) found++;
        }

        public FoundBias ToBias() => new(truth, said == 0 ? 0 : estimates / said, CoveredShare, MeanWidth, said == 0 ? 0 : (double)found / said, said);
    }
}

/// <summary>How well one leaning was found and sized.</summary>
/// <param name="Truth">What it is.</param>
/// <param name="MeanEstimate">Mean of the estimates.</param>
/// <param name="Coverage">Share of the intervals that hold the truth.</param>
/// <param name="MeanWidth">Mean width of the intervals.</param>
/// <param name="Detected">Share of the intervals without 0: found, or, where the truth is 0, found by mistake.</param>
/// <param name="Runs">Runs in which something could be said.</param>
public sealed record FoundBias(double Truth, double MeanEstimate, double Coverage, double MeanWidth, double Detected, int Runs);

/// <summary>How well the quality of a candidate was found.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Truth">People's mean.</param>
/// <param name="JudgeMean">What the judge alone says on average.</param>
/// <param name="Coverage">Share of the prediction-powered intervals that hold the truth.</param>
/// <param name="MeanWidth">Their mean width.</param>
/// <param name="HumanCoverage">Share of the intervals of labels alone that hold it.</param>
/// <param name="HumanMeanWidth">Their mean width.</param>
public sealed record FoundQuality(string Candidate, double Truth, double JudgeMean, double Coverage, double MeanWidth, double HumanCoverage, double HumanMeanWidth)
{
    /// <summary>Width of the prediction-powered intervals over that of labels alone: below 1 the judge is worth something.</summary>
    public double WidthRatio => HumanMeanWidth > 0 ? MeanWidth / HumanMeanWidth : 1;
}
