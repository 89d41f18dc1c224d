using System.Security.Cryptography;
using System.Text;
using Rung.Control.Evals.Scoring;
using Rung.Core.Policies;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Judging;

/// <summary>Puts anchors to the judge of a tag, in the very words in which it judges answers of that tag.</summary>
public sealed class AnchorTest
{
    // Part of the terms: whoever changes the questions changes the measure.
    private const string WordsVersion = "1";

    private readonly JudgeDesk desk;
    private readonly EvalTerms terms;
    private readonly string tag;

    private AnchorTest(JudgeDesk desk, EvalTerms terms, string tag) => (this.desk, this.terms, this.tag) = (desk, terms, tag);

    /// <summary>Prepares it.</summary>
    /// <param name="route">The route of the tag whose judge is tested.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="world">Who asks, and the seed.</param>
    /// <exception cref="EvalException">The tag has no judge.</exception>
    public static AnchorTest Of(Route route, PolicySnapshot policy, ScoringWorld world)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(world);
        var judge = route.Eval.Judge ?? throw new EvalException($"The tag {route.Name} names no judge.", "Add \"eval: { score: rubric, judge: TAG }\" to it.");
        return new AnchorTest(JudgeDesk.Of(judge, route.Name, policy, world), route.Eval, route.Name);
    }

    /// <summary>Hash of the way of judging and the rubric, 16 hexadecimal digits.</summary>
    public string Terms => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{WordsVersion}\n{(terms.Score == ScoreKind.Pairwise ? "pairwise" : "rubric")}\n{terms.Rubric}")).AsSpan(0, 8));

    /// <summary>Asks about every anchor, one after the other.</summary>
    /// <param name="items">The anchors.</param>
    /// <param name="clock">For the time of the run.</param>
    /// <param name="progress">Called with the number of anchors done; null for nobody.</param>
    /// <param name="cancellationToken">Ends it; nothing is given back then.</param>
    /// <exception cref="EvalException">Not one verdict came.</exception>
    public async Task<JudgeAnchorRun> RunAsync(IReadOnlyList<AnchorItem> items, TimeProvider clock, Action<int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(clock);
        var replies = new List<JudgeReply>();
        var scores = new List<JudgeAnchorScore>(items.Count);
        foreach (var item in items)
        {
            var asked = replies.Count;
            scores.Add(await ScoreAsync(item, replies, cancellationToken) with { Questions = 0 });
            scores[^1] = scores[^1] with { Questions = replies.Skip(asked).Sum(reply => reply.Attempts) };
            progress?.Invoke(scores.Count);
        }
        if (scores.All(score => score.Score is null))
            throw new EvalException($"The judge {desk.Tag} gave no verdict on any anchor: {replies.Select(reply => reply.Why).FirstOrDefault(why => why is not null)}", "See that its model can be reached, and try again.");
        return new JudgeAnchorRun
        {
            Tag = tag, JudgeTag = desk.Tag, At = clock.GetUtcNow(), Terms = Terms, Scores = scores, Model = Names(replies.Select(reply => reply.Model)) ?? "unknown",
            Version = Names(replies.Select(reply => reply.Version)), CostNanoUsd = replies.Sum(reply => reply.CostNanoUsd), UnknownPriceAttempts = replies.Sum(reply => reply.UnknownPriceAttempts),
        };
    }

    private async Task<JudgeAnchorScore> ScoreAsync(AnchorItem item, List<JudgeReply> replies, CancellationToken cancellationToken)
    {
        if (item.Answer is { } answer)
        {
            var grade = await AskAsync(item, RubricQuestion.Write(item.Row, answer, terms.Rubric, RubricScale.Quarters, desk.Fences), replies, cancellationToken);
            // One step of the scale apart is right: between two steps people differ too.
            return new JudgeAnchorScore(item.Id, grade, grade is null ? null : Math.Abs(grade.Value - item.Score!.Value) <= 0.25, 0);
        }
        double? better, worse;
        if (terms.Score == ScoreKind.Pairwise)
        {
            better = await AskAsync(item, PairwiseQuestion.Write(item.Row, item.Good!, item.Bad!, terms.Rubric, desk.Fences), replies, cancellationToken);
            worse = better is null ? null : await AskAsync(item, PairwiseQuestion.Write(item.Row, item.Bad!, item.Good!, terms.Rubric, desk.Fences), replies, cancellationToken);
        }
        else
        {
            better = await AskAsync(item, RubricQuestion.Write(item.Row, item.Good!, terms.Rubric, RubricScale.Quarters, desk.Fences), replies, cancellationToken);
            worse = better is null ? null : await AskAsync(item, RubricQuestion.Write(item.Row, item.Bad!, terms.Rubric, RubricScale.Quarters, desk.Fences), replies, cancellationToken);
        }
        // 1: the good answer is far ahead (or wins both orders), 0.5: no difference, 0: the bad one is.
        double? score = better is { } first && worse is { } second ? (first + 1 - second) / 2 : null;
        return new JudgeAnchorScore(item.Id, score, score is null ? null : score > 0.5, 0);
    }

    private async Task<double?> AskAsync(AnchorItem item, JudgeQuestion question, List<JudgeReply> replies, CancellationToken cancellationToken)
    {
        var reply = await desk.AskAsync(question, item.Row, cancellationToken);
        replies.Add(reply);
        return reply.Score;
    }

    // Usually one. Where a pool or a change of version in the middle makes it several, all are named.
    private static string? Names(IEnumerable<string?> names)
    {
        var all = names.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return all.Count == 0 ? null : string.Join(" + ", all);
    }
}
