using Rung.Control.Evals.Scoring;
using Rung.Core.Policies;

namespace Rung.Control.Evals.Runs;

/// <summary>How a run grades and decides: the tag's <c>eval</c> terms with what the command line changed, as they are kept with the run.</summary>
public sealed record RunTerms
{
    /// <summary>The policy's word for the score.</summary>
    public required string Score { get; init; }
    /// <summary>What the scorer does, in words.</summary>
    public required string Scorer { get; init; }
    /// <summary>Whether the scorer gives the candidate and the reference shares of one point (0.5 each is a tie).</summary>
    public bool IsPairwise { get; init; }
    /// <summary>Whether rows without a reference are left out.</summary>
    public bool NeedsReference { get; init; }
    /// <summary>Hash over everything that decides a grade: score, tolerance, pattern, schema, command, checks, rubric, judge.</summary>
    public required string ScoringHash { get; init; }
    /// <summary>The judge's tag; null when no judge is asked.</summary>
    public string? Judge { get; init; }
    /// <summary>Least agreement of the judge with people for its word to open a gate.</summary>
    public double JudgeKappa { get; init; }
    /// <summary>How much worse than the reference is acceptable, as a difference of mean scores.</summary>
    public required double Margin { get; init; }
    /// <summary>How sure that must be; one-sided.</summary>
    public required double Confidence { get; init; }
    /// <summary>How long the evidence holds, in days.</summary>
    public required int MaxAgeDays { get; init; }

    /// <summary>From terms that say how an answer is graded.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="scorer">The scorer that they ask for.</param>
    /// <param name="scoringHash">See <see cref="ScoringHash"/>.</param>
    public static RunTerms Of(EvalTerms terms, IScorer scorer, string scoringHash)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(scorer);
        return new RunTerms
        {
            Score = terms.ScoreWord ?? throw new ArgumentException("The terms do not say how an answer is graded.", nameof(terms)), Scorer = scorer.Name, NeedsReference = scorer.NeedsReference,
            IsPairwise = terms.Score == ScoreKind.Pairwise, ScoringHash = scoringHash, Judge = scorer.AsksJudge ? terms.Judge : null, JudgeKappa = terms.JudgeKappa,
            Margin = terms.Margin, Confidence = terms.Confidence, MaxAgeDays = terms.MaxAgeDays,
        };
    }
}
