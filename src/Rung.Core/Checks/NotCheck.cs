namespace Rung.Core.Checks;

/// <summary>The member fails.</summary>
internal sealed class NotCheck(Check member) : CompositeCheck("not", [member])
{
    public override CheckResult Evaluate(Answer answer)
    {
        var result = Members[0].Evaluate(answer);
        if (result.Pending is not null) return result;
        return result.Passed ? CheckResult.Fail($"The answer passes the check {Members[0].Name}, which it must not.") : CheckResult.Pass;
    }
}
