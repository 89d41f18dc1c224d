using System.Text;

namespace Rung.Core.Checks;

/// <summary>The answer matches a pattern, or does not. .NET's dialect and defaults: a full stop matches no line feed, <c>^</c> and <c>$</c> mean the whole text.</summary>
internal sealed class RegexCheck(BoundedRegex regex, string pattern, bool mustMatch, TimeSpan limit) : Check
{
    private readonly string shownPattern = Excerpt.Bare(pattern, maxLength: 200);

    public override string Name => "regex";

    public override CheckResult Evaluate(Answer answer)
    {
        // Invalid bytes become U+FFFD, which no sensible pattern asks for.
        var outcome = regex.Search(Encoding.UTF8.GetString(answer.Content.Span));
        if (outcome == BoundedRegex.Outcome.TimedOut)
        {
            return CheckResult.Fail($"Matching took longer than {limit.TotalMilliseconds:0} ms, so the answer counts as failed; simplify the pattern {shownPattern}.");
        }
        if (outcome == BoundedRegex.Outcome.Match == mustMatch) return CheckResult.Pass;
        return CheckResult.Fail(mustMatch
            ? $"The answer does not match the pattern {shownPattern}; it begins with {Excerpt.Of(answer.Content.Span)}."
            : $"The answer matches the pattern {shownPattern}, which it must not.");
    }
}
