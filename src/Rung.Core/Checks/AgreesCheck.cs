namespace Rung.Core.Checks;

/// <summary>
/// Enough of several answers equal the given one. The given one is always among them, because it is the one that would be sent: a majority for
/// another answer does not speak for it. Samples that never came disagree.
/// </summary>
/// <remarks>X. Wang et al., "Self-consistency improves chain of thought reasoning in language models", 2022, arXiv:2203.11171.</remarks>
internal sealed class AgreesCheck(int samples, int atLeast, AgreeBy by, double? temperature) : Check
{
    private readonly SamplesInquiry inquiry = new(samples - 1, temperature);

    /// <summary>How many more answers it has the same model give.</summary>
    public int More => inquiry.Count;

    public override string Name { get; } = $"agrees {by switch { AgreeBy.Number => "number", AgreeBy.Json => "json", AgreeBy.ToolCalls => "tool_calls", _ => "text" }}";

    public override CheckResult Evaluate(Answer answer)
    {
        if (AgreeKey.Of(answer, by, out var fault) is not { } given) return CheckResult.Fail(fault!) with { Score = 0 };
        if (!answer.Findings.TryGetValue(inquiry, out var finding)) return CheckResult.Ask(inquiry);

        var others = finding.Samples.IsDefault ? [] : finding.Samples;
        var equal = 1;
        foreach (var sample in others.Length < samples ? others.AsSpan() : others.AsSpan(0, samples - 1))
        {
            if (AgreeKey.Of(sample, by, out _) is { } other && given.Equals(other)) equal++;
        }
        var result = equal >= atLeast ? CheckResult.Pass : CheckResult.Fail(Complaint(equal, others.Length, finding.Unavailable));
        return result with { Score = (double)equal / samples };
    }

    private string Complaint(int equal, int came, string? unavailable)
    {
        var missing = Math.Max(0, samples - 1 - came);
        var note = missing == 0 ? "" : $" {missing} further answer{(missing == 1 ? "" : "s")} did not come{(unavailable is null ? "" : $": {Excerpt.Bare(unavailable, maxLength: 200)}")}.";
        return $"Of {samples} answers to the same request {(equal == 1 ? "no other says" : $"only {equal} say")} what this one says; at least {atLeast} were expected.{note}";
    }
}
