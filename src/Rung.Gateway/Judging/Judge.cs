using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Gateway.Streaming;

namespace Rung.Gateway.Judging;

/// <summary>What the checks and the way it ended say about one attempt's answer.</summary>
/// <param name="Causes">Everything that speaks against the answer.</param>
/// <param name="Verdicts">Results of the checks, in order; over several choices a check passes when it passes for all.</param>
internal readonly record struct Judgement(ClimbCause Causes, ImmutableArray<CheckVerdict> Verdicts)
{
    /// <summary>The first failed check's sentence, or how the answer ended; null for a good answer.</summary>
    public string? Complaint
    {
        get
        {
            foreach (var verdict in Verdicts)
            {
                if (!verdict.Passed) return $"check {verdict.Check} failed: {verdict.Detail}";
            }
            return Causes == ClimbCause.None ? null : $"the answer was {Core.Decisions.Explanation.Causes(Causes)}";
        }
    }
}

/// <summary>Judges the answer of an attempt by its route. The word is the check stage's, not the LLM judge of an eval.</summary>
internal static class Judge
{
    public static Judgement Of(Route route, List<Answer>? answers)
    {
        // A reply without a readable choice is no answer: every check fails on it.
        if (answers is null) return new(ClimbCause.CheckFailed, [new("answer", Passed: false, "The reply holds no readable choice.")]);

        var causes = ClimbCause.None;
        foreach (var answer in answers) causes |= Ending(answer);
        if (route.Checks.IsEmpty) return new(causes, []);

        var verdicts = ImmutableArray.CreateBuilder<CheckVerdict>(route.Checks.Length);
        foreach (var check in route.Checks)
        {
            var result = First(check, answers);
            if (!result.Passed) causes |= ClimbCause.CheckFailed;
            verdicts.Add(new(check.Name, result.Passed, result.Detail));
        }
        return new(causes, verdicts.MoveToImmutable());
    }

    private static CheckResult First(Check check, List<Answer> answers)
    {
        foreach (var answer in answers)
        {
            var result = check.Evaluate(answer);
            if (!result.Passed) return result;
        }
        return CheckResult.Pass;
    }

    private static ClimbCause Ending(Answer answer)
    {
        if (answer.Refused) return ClimbCause.Refused;
        if (FinishReasons.IsTruncated(answer.FinishReason)) return ClimbCause.Truncated;
        return answer.FinishReason == FinishReasons.ContentFilter ? ClimbCause.Filtered : ClimbCause.None;
    }
}
