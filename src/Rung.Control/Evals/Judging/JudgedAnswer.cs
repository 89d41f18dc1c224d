using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>One candidate's answer and what a judge said of it.</summary>
public sealed record JudgedAnswer
{
    /// <summary>The row.</summary>
    public required string RowId { get; init; }
    /// <summary>Whose answer it is: the policy's name of the model.</summary>
    public required string Candidate { get; init; }
    /// <summary>The candidate's score by the judge, both orders together, 0 to 1; null when it gave no verdict.</summary>
    public required double? Score { get; init; }
    /// <summary>What each question said.</summary>
    public required IReadOnlyList<JudgeVerdict> Verdicts { get; init; }
    /// <summary>The candidate's score by people, on the same scale; null when nobody looked.</summary>
    public double? Human { get; init; }
    /// <summary>Of <see cref="Human"/>: inverse of the chance with which people were shown it, up to a factor.</summary>
    public double HumanWeight { get; init; } = 1;
    /// <summary>Who that was; null when nobody looked.</summary>
    public string? Reviewer { get; init; }

    /// <summary>What the scores say: a comparison has an order, a grade has none.</summary>
    public JudgeScale Scale => Verdicts.Any(verdict => verdict.CandidateFirst is not null) ? JudgeScale.Preference : JudgeScale.Grade;
}
