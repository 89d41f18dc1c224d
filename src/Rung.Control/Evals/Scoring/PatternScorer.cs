using Rung.Core.Comparisons;

namespace Rung.Control.Evals.Scoring;

/// <summary>What a pattern finds is equal in answer and reference; for a row without a reference, that it matches.</summary>
internal sealed class PatternScorer(AnswerPattern pattern) : IScorer
{
    private readonly ReferenceScorer compared = new("what a pattern finds", (given, wanted) => AnswerLikeness.Found(given, wanted, pattern), AnswerLikeness.Alternatives);

    public string Name => compared.Name;

    public bool NeedsReference => false;

    public bool AsksJudge => false;

    public Task<RowScore> ScoreAsync(ScoringCase scoring, CancellationToken cancellationToken)
    {
        if (!scoring.Row.Reference.IsEmpty) return compared.ScoreAsync(scoring, cancellationToken);
        if (Grading.Read(scoring, context: null, out var ungraded) is not { } answer) return Task.FromResult(ungraded!);
        var likeness = AnswerLikeness.Matches(answer, pattern);
        return Task.FromResult(Grading.Of(likeness.Score!.Value, Grading.Kind(answer, likeness.Kind ?? ""), likeness.Reason));
    }
}
