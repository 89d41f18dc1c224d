using Rung.Control.Evals.Asking;
using Rung.Core.Checks;
using Rung.Core.Comparisons;
using Rung.Core.Decisions;
using Rung.Core.Policies;

namespace Rung.Control.Evals.Scoring;

/// <summary>What all scorers have in common: which answers cannot be graded at all, and how an ending is named.</summary>
internal static class Grading
{
    /// <summary>Longest reason, in characters.</summary>
    private const int LongestReason = 240;

    /// <summary>No grade, with the reason.</summary>
    public static RowScore None(string kind, string reason) => new() { Score = null, Kind = kind, Reason = Short(reason) };

    /// <summary>A grade.</summary>
    public static RowScore Of(double score, string? kind, string? reason) => new() { Score = Math.Clamp(score, 0, 1), Kind = score >= 1 ? null : kind, Reason = score >= 1 ? null : Short(reason) };

    /// <summary>The answer, when it is there; else the grade that says why not.</summary>
    /// <param name="scoring">What is graded.</param>
    /// <param name="context">What was asked; null when nobody needs it.</param>
    /// <param name="ungraded">The grade in that case.</param>
    public static Answer? Read(ScoringCase scoring, CallContext? context, out RowScore? ungraded)
    {
        ungraded = null;
        var given = scoring.Answer;
        if (given.Status != AskStatus.Answered)
        {
            ungraded = None(FailureKind.NoAnswer, given.Why ?? given.Status switch
            {
                AskStatus.Forbidden => "A pin keeps this row away from the model.",
                AskStatus.DoesNotFit => "The model cannot take this request.",
                _ => "Every attempt failed.",
            });
            return null;
        }
        if (MessageReading.Answer(given.Message, given.FinishReason, context) is { } answer) return answer;
        ungraded = Of(0, FailureKind.Empty, "The reply holds no readable message.");
        return null;
    }

    /// <summary>The reference; null when the row has none.</summary>
    public static Answer? Reference(ScoringCase scoring, CallContext? context) => MessageReading.Answer(scoring.Row.Reference, finishReason: null, context);

    /// <summary>How a wrong answer is called: by its ending, where that explains it better than the difference does.</summary>
    public static string Kind(Answer answer, string kind)
    {
        var ending = AnswerTrial.Ending(answer);
        return ending.HasFlag(ClimbCause.Refused) ? FailureKind.Refused
            : ending.HasFlag(ClimbCause.Filtered) ? FailureKind.Filtered
            : ending.HasFlag(ClimbCause.Truncated) ? FailureKind.Truncated
            : kind;
    }

    /// <summary>A reason on one line, cut.</summary>
    public static string? Short(string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return null;
        var line = string.Join(' ', reason.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestReason ? line : string.Concat(line.AsSpan(0, LongestReason), "…");
    }
}
