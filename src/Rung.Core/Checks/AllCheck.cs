using System.Collections.Immutable;

namespace Rung.Core.Checks;

/// <summary>Every member passes. Every member is looked at before anything is asked: one failure spares every question.</summary>
internal sealed class AllCheck(ImmutableArray<Check> members) : CompositeCheck("all", members)
{
    public override CheckResult Evaluate(Answer answer)
    {
        CheckResult? pending = null;
        foreach (var member in Members)
        {
            var result = member.Evaluate(answer);
            if (result.Pending is not null) pending ??= result;
            else if (!result.Passed) return CheckResult.Fail($"{member.Name}: {result.Detail}");
        }
        return pending ?? CheckResult.Pass;
    }

    public override AnswerWatch? Watch() => AllWatch.Of(Members);
}
