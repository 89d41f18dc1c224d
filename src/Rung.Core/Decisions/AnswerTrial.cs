using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Core.Spans;

namespace Rung.Core.Decisions;

/// <summary>Something that a check must have found out before it can judge.</summary>
/// <param name="Check">Place of the check in the route.</param>
/// <param name="Answer">Place of the answer it is about.</param>
/// <param name="Inquiry">What to find out.</param>
public readonly record struct AnswerQuestion(int Check, int Answer, Inquiry Inquiry);

/// <summary>
/// The checks of a route on the answers of one attempt. At first every check looks at what is there; those that must have something found out wait.
/// They are asked about one after the other, and only while nothing else speaks against the answer. Pure: whoever judges finds things out.
/// </summary>
public sealed class AnswerTrial
{
    /// <summary>Most findings that a trial takes: a check that still asks then fails.</summary>
    private const int MostFindings = 64;

    private readonly Route route;
    private readonly bool decides;
    private readonly List<Answer>? answers;
    private readonly string unreadable;
    private readonly CheckResult[] results;
    private readonly int[] askedAbout; // For a waiting check, the place of the answer that it waits for.
    private readonly ClimbCause endings;
    private int findings;

    /// <summary>Begins: every check looks at the answers once.</summary>
    /// <param name="route">The route.</param>
    /// <param name="decides">
    /// Whether the verdict decides anything: that the call climbs, or what the client gets. It does not for an answer that came by the last climb and is
    /// served in any case; checks that are for climbing alone (<see cref="Check.IsForClimbing"/>) are then not run.
    /// </param>
    /// <param name="answers">The choices; null when nothing readable came. The list becomes the trial's own.</param>
    /// <param name="unreadable">What to say in that case.</param>
    public AnswerTrial(Route route, bool decides, List<Answer>? answers, string unreadable)
    {
        ArgumentNullException.ThrowIfNull(route);
        (this.route, this.decides, this.answers, this.unreadable) = (route, decides, answers, unreadable);
        results = answers is null || route.Checks.IsEmpty ? [] : new CheckResult[route.Checks.Length];
        askedAbout = results.Length == 0 ? [] : new int[results.Length];
        if (answers is null) return;
        foreach (var answer in answers) endings |= Ending(answer);
        for (var i = 0; i < results.Length; i++)
        {
            if (IsRun(i)) Evaluate(i);
            else results[i] = CheckResult.Pass;
        }
    }

    /// <summary>What is to be found out next; null when the verdict stands: every check has judged, or the answer has failed already.</summary>
    public AnswerQuestion? Next()
    {
        if (answers is null || (endings & (route.Escalation?.On ?? ClimbCause.None)) != ClimbCause.None) return null;
        foreach (var result in results)
        {
            if (result is { Pending: null, Passed: false }) return null;
        }
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Pending is null) continue;
            Evaluate(i); // What was found out for another check may do for this one.
            if (results[i].Pending is { } inquiry) return new(i, askedAbout[i], inquiry);
            if (!results[i].Passed) return null;
        }
        return null;
    }

    /// <summary>The answer that a question is about.</summary>
    public Answer About(in AnswerQuestion question) => answers![question.Answer];

    /// <summary>Takes what was found out. Samples say as much about one choice as about another.</summary>
    public void Tell(in AnswerQuestion question, Finding finding)
    {
        findings++;
        for (var i = 0; i < answers!.Count; i++)
        {
            if (i == question.Answer || question.Inquiry is SamplesInquiry) answers[i] = answers[i].With(question.Inquiry, finding);
        }
    }

    /// <summary>The verdict as it stands. Checks that still wait were not run, and are left out.</summary>
    public AnswerJudgement ToJudgement()
    {
        // A reply without a readable choice is no answer: every check fails on it.
        if (answers is null) return new(ClimbCause.CheckFailed, [new("answer", Passed: false, unreadable)]);
        var causes = endings;
        var verdicts = ImmutableArray.CreateBuilder<CheckVerdict>(results.Length);
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].Pending is not null || !IsRun(i)) continue;
            if (!results[i].Passed) causes |= ClimbCause.CheckFailed;
            verdicts.Add(new(route.Checks[i].Name, results[i].Passed, results[i].Passed ? null : results[i].Detail) { Score = results[i].Score });
        }
        return new(causes, verdicts.DrainToImmutable());
    }

    private bool IsRun(int place) => decides || !route.Checks[place].IsForClimbing;

    /// <summary>How an answer ended, as far as that can speak against it.</summary>
    public static ClimbCause Ending(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Refused) return ClimbCause.Refused;
        return answer.FinishReason switch
        {
            "length" or "model_length" or "max_tokens" => ClimbCause.Truncated, // The second is Mistral's word for its context's end.
            "content_filter" => ClimbCause.Filtered,
            _ => ClimbCause.None,
        };
    }

    /// <summary>Whether a judgement fails an answer: a failed check always counts; how the answer ended counts where the route says so.</summary>
    public static bool Fails(Route route, ClimbCause causes)
    {
        ArgumentNullException.ThrowIfNull(route);
        return (causes & ((route.Escalation?.On ?? ClimbCause.None) | ClimbCause.CheckFailed)) != ClimbCause.None;
    }

    /// <summary>Over several choices a check passes when it passes for all, with the least of their scores; one that fails for one has failed.</summary>
    private void Evaluate(int place)
    {
        CheckResult? waiting = null;
        double? least = null;
        for (var i = 0; i < answers!.Count; i++)
        {
            var result = route.Checks[place].Evaluate(answers[i]);
            if (result.Pending is { } inquiry)
            {
                if (answers[i].Findings.ContainsKey(inquiry) || findings >= MostFindings) result = CheckResult.Fail("It could not come to a verdict.");
                else if (waiting is null) (waiting, askedAbout[place]) = (result, i);
            }
            if (result is { Pending: null, Passed: false })
            {
                results[place] = result with { Score = InRange(result.Score) };
                return;
            }
            if (InRange(result.Score) is { } score && !(score >= least)) least = score;
        }
        results[place] = waiting ?? CheckResult.Pass with { Score = least };
    }

    private static double? InRange(double? score) => score is >= 0 and <= 1 ? score : null;
}
