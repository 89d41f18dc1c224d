namespace Rung.Core.Checks;

/// <summary>Every equation that the answer writes out holds when it is computed again.</summary>
internal sealed class ArithmeticCheck(decimal tolerance, bool required) : Check
{
    public override string Name => "arithmetic";

    public override CheckResult Evaluate(Answer answer)
    {
        var counts = ArithmeticScan.Of(answer.Content.Span, tolerance);
        if (counts.Wrong > 0)
        {
            return CheckResult.Fail($"{counts.Wrong} of {counts.Found} equation{(counts.Found == 1 ? "" : "s")} in the answer do{(counts.Wrong == 1 ? "es" : "")} not hold: "
                + $"{Excerpt.Of(counts.FirstWrong)}, but the left side is {counts.LeftValue}; correct it and what follows from it.");
        }
        return required && counts.Found == 0 ? CheckResult.Fail("The answer holds no equation that can be computed again; at least one was expected: write the steps out, such as 3 * 60 = 180.") : CheckResult.Pass;
    }
}
