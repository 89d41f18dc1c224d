using Rung.Core.Statistics;

namespace Rung.Control.Evals.Judging;

/// <summary>Quality of one candidate by people's measure.</summary>
public sealed record CandidateQuality
{
    /// <summary>The policy's name of the model.</summary>
    public required string Candidate { get; init; }
    /// <summary>Mean score by the judge over every row; null without one.</summary>
    public required double? JudgeMean { get; init; }
    /// <summary>Rows that the judge scored.</summary>
    public required int Judged { get; init; }
    /// <summary>People's mean, by their labels and the judge's scores together (prediction-powered); null with fewer than two labels.</summary>
    public required PredictionPoweredResult? ByPeople { get; init; }

    /// <summary>Works it out.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="answers">Its answers.</param>
    /// <param name="confidence">Two-sided.</param>
    public static CandidateQuality Of(string candidate, IReadOnlyList<JudgedAnswer> answers, double confidence)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var scored = answers.Where(answer => answer.Score is not null).ToList();
        LabelledScore[] labelled = [.. from answer in scored where answer.Human is not null select new LabelledScore(answer.Human!.Value, answer.Score!.Value, answer.HumanWeight)];
        double[] alone = [.. from answer in scored where answer.Human is null select answer.Score!.Value];
        return new CandidateQuality
        {
            Candidate = candidate, JudgeMean = scored.Count == 0 ? null : scored.Average(answer => answer.Score!.Value), Judged = scored.Count,
            ByPeople = labelled.Length < 2 ? null : PredictionPowered.Mean(labelled, alone, confidence),
        };
    }
}
