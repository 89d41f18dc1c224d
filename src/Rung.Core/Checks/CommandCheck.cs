namespace Rung.Core.Checks;

/// <summary>A program that the policy allows accepts the answer: it ends with exit code 0 within its limits.</summary>
internal sealed class CommandCheck(string command) : Check
{
    private readonly CommandInquiry inquiry = new(command);

    public override string Name { get; } = $"command {command}";

    public override CheckResult Evaluate(Answer answer)
    {
        if (!answer.Findings.TryGetValue(inquiry, out var finding)) return CheckResult.Ask(inquiry);
        if (finding.Unavailable is { } why) return CheckResult.Fail($"The command {command} could not be run: {Excerpt.Bare(why, maxLength: 200)}.");
        if (finding.Score >= 1) return CheckResult.Pass;
        return CheckResult.Fail(string.IsNullOrWhiteSpace(finding.Detail)
            ? $"The command {command} does not accept the answer."
            : $"The command {command} does not accept the answer: {Excerpt.Bare(finding.Detail.Trim(), Excerpt.MaxPerDetail)}");
    }
}
