using Rung.Control.Evals.Scoring;
using Rung.Core.Comparisons;

namespace Rung.Control.Evals.Judging;

/// <summary>
/// A judge grades the answer by a rubric, and the reference in a question of its own, in the same words: it cannot know which is which. The reference's
/// grade is asked for once a row, whatever the number of candidates.
/// </summary>
internal sealed class RubricScorer(JudgeDesk desk, string? rubric) : IScorer
{
    private readonly OncePerRow<JudgeReply> references = new();

    public string Name => $"rubric, judge {desk.Tag}";

    public bool NeedsReference => false;

    public bool AsksJudge => true;

    public void Recall(string rowId, RowScore earlier)
    {
        if (earlier.ReferenceScore is { } score) references.Keep(rowId, new JudgeReply { Score = score });
    }

    public async Task<RowScore> ScoreAsync(ScoringCase scoring, CancellationToken cancellationToken)
    {
        if (Grading.Read(scoring, context: null, out var ungraded) is not { } answer) return ungraded!;
        var text = MessageReading.Text(answer);
        var reference = Grading.Reference(scoring, context: null) is { } known ? MessageReading.Text(known) : null;
        if (string.IsNullOrWhiteSpace(text) && !string.IsNullOrWhiteSpace(reference)) return await ReferenceAsync(scoring, reference, Grading.Of(0, Grading.Kind(answer, FailureKind.Empty), "The answer is empty."), cancellationToken);

        var reply = await desk.AskAsync(RubricQuestion.Write(scoring.Row, text, rubric, RubricScale.Quarters, desk.Fences), scoring.Row, cancellationToken);
        var score = reply.Score is { } grade ? Grading.Of(grade, Grading.Kind(answer, FailureKind.BelowFull), reply.Reason) : Grading.None(reply.Kind!, reply.Why!);
        score = score with
        {
            CostNanoUsd = reply.CostNanoUsd, UnknownPriceAttempts = reply.UnknownPriceAttempts,
            Verdicts = [reply.ToVerdict(reply.Score, candidateFirst: null, text.Length, reference?.Length ?? 0)],
        };
        // Without the candidate's grade the reference's would be paid for nothing.
        return score.Score is null || string.IsNullOrWhiteSpace(reference) ? score : await ReferenceAsync(scoring, reference, score, cancellationToken);
    }

    private async Task<RowScore> ReferenceAsync(ScoringCase scoring, string reference, RowScore score, CancellationToken cancellationToken)
    {
        var (reply, isMine) = await references.AskAsync(
            scoring.Row.Id, () => desk.AskAsync(RubricQuestion.Write(scoring.Row, reference, rubric, RubricScale.Quarters, desk.Fences), scoring.Row, cancellationToken), cancellationToken);
        if (isMine) score = score with { CostNanoUsd = score.CostNanoUsd + reply.CostNanoUsd, UnknownPriceAttempts = score.UnknownPriceAttempts + reply.UnknownPriceAttempts };
        if (reply.Score is { } grade) return score with { ReferenceScore = grade };
        references.Forget(scoring.Row.Id); // The next candidate asks once more.
        return score with { Score = null, Kind = reply.Kind, Reason = Grading.Short($"Of the reference: {reply.Why}") };
    }
}
