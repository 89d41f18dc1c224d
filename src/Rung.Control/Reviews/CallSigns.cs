using Rung.Storage.Content;

namespace Rung.Control.Reviews;

/// <summary>Reads of a captured call whether a person should look at it.</summary>
internal static class CallSigns
{
    /// <summary>The signs; null for a call without a served answer, which nobody can judge.</summary>
    public static ReviewSigns? Of(CapturedCall call)
    {
        if (Served(call) is not { } served) return null;
        var scored = call.Answers.Where(answer => answer.Score is not null).MinBy(answer => answer.Ordinal);
        return new ReviewSigns
        {
            CallId = call.CallId,
            Score = scored?.Score,
            ScorePassed = scored?.Passed ?? false,
            CheckFailed = call.Answers.Any(answer => !answer.Passed),
            AnswersDiffer = Other(call, served) is not null,
        };
    }

    /// <summary>The answer that the client got; the last one where none is marked; null when there is none.</summary>
    public static CapturedAnswer? Served(CapturedCall call) => call.Answers.LastOrDefault(answer => answer.Served) ?? call.Answers.MaxBy(answer => answer.Ordinal);

    /// <summary>Whether the answer that the client got passed its checks.</summary>
    public static bool ServedPassed(CapturedCall call) => Served(call) is { Passed: true };

    /// <summary>The answer to show beside the served one: the last of the others that says something else; null when there is none.</summary>
    public static CapturedAnswer? Other(CapturedCall call, CapturedAnswer served)
    {
        var text = MessageWords.Of(served.Message);
        return call.Answers.Where(answer => answer.Ordinal != served.Ordinal).OrderByDescending(answer => answer.Ordinal)
            .FirstOrDefault(answer => !string.Equals(MessageWords.Of(answer.Message).Trim(), text.Trim(), StringComparison.Ordinal));
    }
}
