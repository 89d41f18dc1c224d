using Rung.Control.Evals.Scoring;
using Rung.Core.Comparisons;

namespace Rung.Control.Evals.Judging;

/// <summary>
/// A judge says which of two answers is better, the candidate's or the reference's, without knowing which is which, in both orders. The score is the mean
/// of both orders: 1 better, 0.5 a tie, 0 worse. Whoever wins only in one place has not won: that is a tie, and is counted as an inconsistency.
/// </summary>
internal sealed class PairwiseScorer(JudgeDesk desk, string? rubric) : IScorer
{
    private const double Tie = 0.5;

    public string Name => $"pairwise, judge {desk.Tag}, both orders";

    public bool NeedsReference => true;

    public bool AsksJudge => true;

    public async Task<RowScore> ScoreAsync(ScoringCase scoring, CancellationToken cancellationToken)
    {
        if (Grading.Read(scoring, context: null, out var ungraded) is not { } answer) return ungraded!;
        if (Grading.Reference(scoring, context: null) is not { } known) return Grading.None(FailureKind.NoReference, "The row has no reference.");
        var (given, wanted) = (MessageReading.Text(answer), MessageReading.Text(known));

        // The same text twice is a tie, and an empty one loses: nobody needs to be paid for saying so.
        if (string.Equals(given.Trim(), wanted.Trim(), StringComparison.Ordinal)) return Graded(Tie, FailureKind.Worse, null, []);
        if (string.IsNullOrWhiteSpace(given)) return Graded(0, Grading.Kind(answer, FailureKind.Empty), "The answer is empty.", []);

        var first = await AskAsync(scoring, given, wanted, candidateFirst: true, cancellationToken);
        var verdicts = new List<JudgeVerdict> { first.Verdict };
        if (first.Reply.Score is null) return Ungraded(first.Reply, verdicts, first.Reply.UnknownPriceAttempts);
        var second = await AskAsync(scoring, given, wanted, candidateFirst: false, cancellationToken);
        verdicts.Add(second.Verdict);
        var unknown = first.Reply.UnknownPriceAttempts + second.Reply.UnknownPriceAttempts;
        if (first.Verdict.Score is not { } ahead || second.Verdict.Score is not { } behind) return Ungraded(second.Reply, verdicts, unknown);

        var reason = ahead + behind == 1 && ahead != behind
            ? $"Inconsistent: the judge prefers whichever answer stands {(ahead == 1 ? "first" : "second")}."
            : (ahead < Tie ? first : second).Reply.Reason;
        return Graded((ahead + behind) / 2, Grading.Kind(answer, FailureKind.Worse), reason, verdicts) with { UnknownPriceAttempts = unknown };
    }

    private async Task<(JudgeReply Reply, JudgeVerdict Verdict)> AskAsync(ScoringCase scoring, string given, string wanted, bool candidateFirst, CancellationToken cancellationToken)
    {
        var question = candidateFirst ? PairwiseQuestion.Write(scoring.Row, given, wanted, rubric, desk.Fences) : PairwiseQuestion.Write(scoring.Row, wanted, given, rubric, desk.Fences);
        var reply = await desk.AskAsync(question, scoring.Row, cancellationToken);
        return (reply, reply.ToVerdict(candidateFirst ? reply.Score : 1 - reply.Score, candidateFirst, given.Length, wanted.Length));
    }

    private static RowScore Graded(double score, string kind, string? reason, IReadOnlyList<JudgeVerdict> verdicts) => new()
    {
        Score = score, ReferenceScore = Tie, Kind = score >= Tie ? null : kind, Reason = Grading.Short(reason), Verdicts = verdicts, CostNanoUsd = verdicts.Sum(verdict => verdict.CostNanoUsd),
    };

    private static RowScore Ungraded(JudgeReply reply, IReadOnlyList<JudgeVerdict> verdicts, int unknown) =>
        Grading.None(reply.Kind!, reply.Why!) with { Verdicts = verdicts, CostNanoUsd = verdicts.Sum(verdict => verdict.CostNanoUsd), UnknownPriceAttempts = unknown };
}
