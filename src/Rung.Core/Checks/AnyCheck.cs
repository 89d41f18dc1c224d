using System.Collections.Immutable;

namespace Rung.Core.Checks;

/// <summary>At least one member passes. Every member is looked at before anything is asked: one pass spares every question.</summary>
internal sealed class AnyCheck(ImmutableArray<Check> members) : CompositeCheck("any", members)
{
    public override CheckResult Evaluate(Answer answer)
    {
        CheckResult? pending = null, failure = null;
        foreach (var member in Members)
        {
            var result = member.Evaluate(answer);
            if (result.Pending is not null) pending ??= result;
            else if (result.Passed) return CheckResult.Pass;
            else failure ??= result;
        }
        if (pending is { } ask) return ask;
        // The first complaint only: a detail holds little of the answer.
        return CheckResult.Fail(Members.Length == 1 ? failure!.Value.Detail! : $"None of {Members.Length} checks passed; the first, {Members[0].Name}, says: {failure!.Value.Detail}");
    }

    public override AnswerWatch? Watch() => AnyWatch.Of(Members);
}
