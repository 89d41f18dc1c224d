using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Core.Tests.Policies;

namespace Rung.Core.Tests.Decisions;

/// <summary>Deciding is on the path of every call: it may cost no memory.</summary>
public sealed class AllocationTests
{
    private static readonly CallFacts Tagged = new() { Tag = "t", TagSource = TagSource.Header, EstimatedInputTokens = 100 };

    private static long AllocatedBy(Action decide)
    {
        for (var i = 0; i < 1000; i++) decide(); // Every tier of the compiler has been here.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) decide();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void Deciding_a_fixed_route_allocates_nothing()
    {
        var policy = SomePolicy.Snapshot(SomePolicy.Clean);
        Assert.Equal(0, AllocatedBy(() => Decider.Decide(policy, Tagged)));
    }

    [Fact]
    public void Deciding_a_pinned_call_and_climbing_allocate_nothing()
    {
        var policy = SomePolicy.Snapshot(SomePolicy.Clean + "\npins: [ { when: { data_class: phi }, models: [b, c] } ]");
        var facts = Tagged with { DataClass = "public, phi" };
        Assert.Equal(0, AllocatedBy(() =>
        {
            var decision = Decider.Decide(policy, facts);
            Decider.TryClimb(policy, decision, policy.Ladder[1], out _, out _);
        }));
    }

    [Fact]
    public void The_usual_reason_allocates_nothing()
    {
        var policy = SomePolicy.Snapshot(SomePolicy.Clean);
        var decision = Decider.Decide(policy, Tagged);
        Assert.Equal(0, AllocatedBy(() => DecisionText.Reason(policy, decision, Tagged)));
    }
}
