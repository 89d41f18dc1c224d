using System.Net;
using Rung.Core.Rollouts;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Rollouts;

/// <summary>No unit changes its arm except by the ramp: over HTTP, on three gateways that share nothing, with restarts.</summary>
public sealed class StickinessTests
{
    private const int Units = 1_000;

    [Fact]
    public async Task Units_change_their_arm_only_by_the_ramp_on_every_replica_and_after_every_restart()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        var current = TestGateway.Compile(Yaml.Ladder("", "", ("small", "m1", upstream.Url), ("big", "b", upstream.Url)));
        var candidate = TestGateway.Compile(Yaml.Ladder("", "", ("small", "m2", upstream.Url), ("big", "b", upstream.Url))).WithRevision(2);
        var plan = Some.Plan(holdback: 1_000) with { Stages = [100, 1_000, 5_000, RolloutPlan.Whole] };
        var replicas = new TestGateway[3];
        for (var i = 0; i < replicas.Length; i++) replicas[i] = await TestGateway.StartAsync(current);
        try
        {
            var before = new string[Units];
            for (var stage = 0; stage < plan.Stages.Length; stage++)
            {
                var share = plan.Stages[stage];
                // One is started anew at every stage, and knows nothing but the rollout.
                var fresh = stage % replicas.Length;
                await replicas[fresh].DisposeAsync();
                replicas[fresh] = await TestGateway.StartAsync(current);
                foreach (var replica in replicas) replica.Policies.SwapRollouts([Some.Rollout(candidate, share, plan)]);

                var arms = await AskAllAsync(replicas);
                for (var unit = 0; unit < Units; unit++)
                {
                    Assert.True(stage == 0 || before[unit] == arms[unit] || (before[unit], arms[unit]) == ("7:current", "7:candidate"), $"unit {unit} went from {before[unit]} to {arms[unit]} at {share}");
                    before[unit] = arms[unit];
                }
                // What is held back stays so at the end; four standard errors of a share are at most 63 of 1,000 units.
                var expected = Math.Min(share, RolloutPlan.Whole - plan.Holdback) / (double)RolloutPlan.Whole * Units;
                Assert.InRange(arms.Count(arm => arm == "7:candidate"), expected - 63, expected + 63);
                Assert.InRange(arms.Count(arm => arm == "7:holdback"), 100 - 38, 100 + 38);
            }
        }
        finally
        {
            foreach (var replica in replicas) await replica.DisposeAsync();
        }
    }

    // Every unit asks one replica after the other in turns, and two of them at once for a part of the units.
    private static async Task<string[]> AskAllAsync(TestGateway[] replicas)
    {
        var arms = new string[Units];
        await Parallel.ForEachAsync(Enumerable.Range(0, Units), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (unit, _) =>
        {
            arms[unit] = await ArmAsync(replicas[unit % replicas.Length], unit);
            if (unit % 4 == 0) Assert.Equal(arms[unit], await ArmAsync(replicas[(unit + 1) % replicas.Length], unit));
        });
        return arms;
    }

    private static async Task<string> ArmAsync(TestGateway replica, int unit)
    {
        using var reply = await replica.PostAsync(Ask.Plain, ("x-rung-tag", "job"), ("x-rung-session", $"session-{unit}"));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        var arm = reply.Header("x-rung-arm");
        Assert.Equal(arm == "7:candidate" ? "m2" : "m1", reply.Header("x-rung-model"));
        return arm;
    }
}
