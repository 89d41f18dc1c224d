using System.Collections.Immutable;
using Rung.Core.Policies;
using Rung.Core.Spans;

namespace Rung.Core.Decisions;

/// <summary>What the checks and the way it ended say about one attempt's answer.</summary>
/// <param name="Causes">Everything that speaks against the answer.</param>
/// <param name="Verdicts">Results of the checks that were run, in order; over several choices a check passes when it passes for all.</param>
public readonly record struct AnswerJudgement(ClimbCause Causes, ImmutableArray<CheckVerdict> Verdicts)
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
            return Causes == ClimbCause.None ? null : $"the answer was {Explanation.Causes(Causes)}";
        }
    }
}
