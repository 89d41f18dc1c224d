using Microsoft.Extensions.Primitives;
using Rung.Core.Requests;
using Rung.Core.Rollouts;
using Rung.Gateway.Rollouts;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Rollouts;

/// <summary>Choosing the arm allocates nothing: with a rollout, without one, and on either side of it.</summary>
public sealed class AllocationTests
{
    [Theory]
    [InlineData("job", "s", 0)]
    [InlineData("job", "s", RolloutPlan.Whole)]
    [InlineData("other", "s", RolloutPlan.Whole)]
    [InlineData("job", null, RolloutPlan.Whole)]
    public void With_a_rollout_in_force(string tag, string? session, int share)
    {
        var policy = TestGateway.Compile(Yaml.Ladder("", "pins: [ { when: { tag: job }, models: [a] } ]", ("small", "a", "http://127.0.0.1:1/v1")));
        var holder = new PolicyHolder(policy, _ => null, TimeProvider.System);
        holder.SwapRollouts([Some.Rollout(policy.WithRevision(2), share)]);
        Assert.Equal(0, Allocated(holder.InForce, new CallFacts { Tag = tag }, session));
    }

    [Fact]
    public void Without_one()
    {
        var holder = new PolicyHolder(TestGateway.Compile(Yaml.Alone("http://127.0.0.1:1/v1")), _ => null, TimeProvider.System);
        Assert.Equal(0, Allocated(holder.InForce, new CallFacts { Tag = "job" }, "s"));
    }

    private static long Allocated(PoliciesInForce policies, CallFacts facts, string? session)
    {
        var id = new string('0', 32);
        for (var i = 0; i < 100; i++) Placement.Of(policies, facts, session, StringValues.Empty, id);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Placement.Of(policies, facts, session, StringValues.Empty, id);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
