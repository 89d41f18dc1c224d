using System.Net;
using System.Text.Json;
using Rung.Core.Rollouts;
using Rung.Core.Spans;
using Rung.Gateway.Rollouts;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Rollouts;

/// <summary>Which policy answers a call while a rollout is under way, and what the call says of it.</summary>
public sealed class ArmTests
{
    [Fact]
    public async Task A_call_of_the_candidates_share_is_answered_by_the_candidate_and_says_so_everywhere()
    {
        await using var world = await World.StartAsync();
        world.Gateway.Policies.SwapRollouts([Some.Rollout(world.Candidate, RolloutPlan.Whole)]);

        var reply = await world.AskAsync(session: "s");
        var page = JsonDocument.Parse(await world.Gateway.Http.GetStringAsync($"/rung/calls/{reply.Header("x-rung-call-id")}")).RootElement;

        Assert.Equal(("m2", "7:candidate", "2"), (reply.Header("x-rung-model"), reply.Header("x-rung-arm"), reply.Header("x-rung-policy").Split('@')[0]));
        Assert.EndsWith("; rollout 7: candidate", reply.Header("x-rung-reason"), StringComparison.Ordinal);
        var call = await world.Gateway.OnlyCallAsync();
        Assert.Equal(("7:candidate", 2L, "m2"), (call.Arm, call.PolicyRevision, call.Model));
        Assert.Equal("7:candidate", page.GetProperty("arm").GetString());
    }

    [Fact]
    public async Task A_call_of_the_other_share_is_answered_by_the_policy_in_force_and_carries_the_arm_it_is_compared_in()
    {
        await using var world = await World.StartAsync();
        world.Gateway.Policies.SwapRollouts([Some.Rollout(world.Candidate, share: 0)]);
        var reply = await world.AskAsync(session: "s");
        Assert.Equal(("m1", "7:current"), (reply.Header("x-rung-model"), reply.Header("x-rung-arm")));
    }

    [Fact]
    public async Task A_call_of_another_tag_or_without_the_unit_stays_out_of_it()
    {
        await using var world = await World.StartAsync();
        world.Gateway.Policies.SwapRollouts([Some.Rollout(world.Candidate, RolloutPlan.Whole)]);

        var other = await world.Gateway.PostAsync(Ask.Plain, ("x-rung-tag", "other"), ("x-rung-session", "s"));
        var unitless = await world.Gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));

        Assert.All([other, unitless], reply => Assert.False(reply.Headers.Contains("x-rung-arm")));
        Assert.All([other, unitless], reply => Assert.DoesNotContain("rollout", reply.Header("x-rung-reason"), StringComparison.Ordinal));
        Assert.Equal("m1", unitless.Header("x-rung-model"));
        Assert.All(await world.Gateway.CallsAsync(2), call => Assert.Null(call.Arm));
    }

    [Fact]
    public async Task A_rollout_of_every_call_covers_calls_without_a_tag()
    {
        await using var world = await World.StartAsync();
        world.Gateway.Policies.SwapRollouts([Some.Rollout(world.Candidate, RolloutPlan.Whole, Some.Plan() with { Tags = [] })]);
        var reply = await world.Gateway.PostAsync(Ask.Plain, ("x-rung-session", "s"));
        Assert.Equal(("7:candidate", "2"), (reply.Header("x-rung-arm"), reply.Header("x-rung-policy").Split('@')[0]));
    }

    [Theory]
    [InlineData(RolloutUnit.Session, "x-rung-session")]
    [InlineData(RolloutUnit.User, "x-rung-user")]
    [InlineData(RolloutUnit.Key, "Authorization")]
    public async Task The_arm_follows_the_unit_alone(RolloutUnit unit, string header)
    {
        await using var world = await World.StartAsync();
        world.Gateway.Policies.SwapRollouts([Some.Rollout(world.Candidate, 5_000, Some.Plan(unit))]);
        var arms = new List<string>();
        for (var i = 0; i < 24; i++)
        {
            var value = $"{(header == "Authorization" ? "Bearer " : "")}unit-{i}";
            // Everything else about the two calls differs.
            var first = await world.Gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"), (header, value), ("x-rung-tenant", "a"));
            var second = await world.Gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"), (header, value.Replace("Bearer ", "bearer  ", StringComparison.Ordinal)), ("x-rung-tenant", "b"));
            await second.TextAsync();
            Assert.Equal(first.Header("x-rung-arm"), second.Header("x-rung-arm"));
            arms.Add(first.Header("x-rung-arm"));
        }
        Assert.Equal(["7:candidate", "7:current"], arms.Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain("", arms);
    }

    [Fact]
    public async Task Calls_as_units_are_spread_by_their_share()
    {
        await using var world = await World.StartAsync();
        world.Gateway.Policies.SwapRollouts([Some.Rollout(world.Candidate, 5_000, Some.Plan(RolloutUnit.Call))]);
        for (var i = 0; i < 60; i++) await world.AskAsync(session: "one and the same");
        var calls = await world.Gateway.CallsAsync(60);
        Assert.InRange(calls.Count(call => call.Arm == "7:candidate"), 12, 48);
        Assert.All(calls, call => Assert.Equal(call.Arm, ArmName.Of(7, Some.ArmOf(Some.Plan(RolloutUnit.Call), call.Id, 5_000))));
    }

    [Fact]
    public async Task Units_held_back_stay_on_the_old_policy_when_the_candidate_has_become_the_policy()
    {
        await using var world = await World.StartAsync();
        var plan = Some.Plan(holdback: 2_000);
        string[] sessions = [.. Enumerable.Range(0, 40).Select(i => $"s{i}")];
        world.Gateway.Policies.SwapRollouts([Some.Rollout(world.Candidate, 8_000, plan)]);
        var before = new Dictionary<string, string>();
        foreach (var session in sessions) before[session] = (await world.AskAsync(session)).Header("x-rung-arm");

        world.Gateway.Policies.SwapAll(world.Candidate.WithRevision(3), [Some.Rollout(candidate: null, RolloutPlan.Whole, plan, holdback: world.Current)]);

        foreach (var session in sessions)
        {
            var reply = await world.AskAsync(session);
            var held = before[session] == "7:holdback";
            Assert.Equal(held ? ("m1", "7:holdback", "1") : ("m2", "7:candidate", "3"), (reply.Header("x-rung-model"), reply.Header("x-rung-arm"), reply.Header("x-rung-policy").Split('@')[0]));
        }
        Assert.Contains("7:holdback", before.Values);
    }

    [Fact]
    public async Task A_rollback_is_one_swap_and_a_call_under_way_ends_where_it_began()
    {
        await using var world = await World.StartAsync();
        var (arrived, answer) = (new Gate(), new Gate());
        world.Upstream.Behaviour = async (http, body) =>
        {
            arrived.Open();
            await answer.Opened;
            await Does.Answer("late")(http, body);
        };
        world.Gateway.Policies.SwapRollouts([Some.Rollout(world.Candidate, RolloutPlan.Whole)]);
        var underWay = world.AskAsync("s");
        await arrived.Opened;

        world.Gateway.Policies.SwapRollouts([]);
        answer.Open();

        Assert.Equal(("m2", "7:candidate"), ((await underWay).Header("x-rung-model"), (await underWay).Header("x-rung-arm")));
        var after = await world.AskAsync("s");
        Assert.Equal(("m1", false), (after.Header("x-rung-model"), after.Headers.Contains("x-rung-arm")));
    }

    [Fact]
    public async Task What_was_seen_of_a_model_is_shared_by_the_arms_and_survives_advance_and_completion()
    {
        var clock = new ManualClock();
        await using var down = await FakeUpstream.StartAsync(Does.Status(500));
        var policy = TestGateway.Compile(Yaml.Ladder("", "limits: { attempts: 1 }", ("only", "a", down.Url)));
        var candidate = TestGateway.Compile(Yaml.Ladder("max_tokens: 9", "limits: { attempts: 1 }", ("only", "a", down.Url))).WithRevision(2);
        await using var gateway = await TestGateway.StartAsync(policy, clock: clock);
        for (var i = 0; i < 5; i++) await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"), ("x-rung-session", "s"));

        gateway.Policies.SwapRollouts([Some.Rollout(candidate, RolloutPlan.Whole)]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"), ("x-rung-session", "s"))).StatusCode);

        gateway.Policies.SwapAll(candidate.WithRevision(3), []);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"), ("x-rung-session", "s"))).StatusCode);
        Assert.Equal(5, down.Seen.Count);
    }

    [Fact]
    public async Task A_candidate_whose_key_is_missing_is_not_applied_and_the_page_says_so()
    {
        await using var world = await World.StartAsync();
        var keyless = TestGateway.Compile(Yaml.Ladder("", "", ("small", "m9", world.Upstream.Url), ("big", "b", world.Upstream.Url))
            .Replace("id: m9-up", "id: m9-up, key: { env: NOT_THERE }", StringComparison.Ordinal)).WithRevision(2);
        world.Gateway.Policies.SwapRollouts([Some.Rollout(keyless, RolloutPlan.Whole)]);

        var reply = await world.AskAsync("s");

        Assert.Equal(("m1", false), (reply.Header("x-rung-model"), reply.Headers.Contains("x-rung-arm")));
        var refused = JsonDocument.Parse(await world.Gateway.Http.GetStringAsync("/rung/policy")).RootElement.GetProperty("rollouts_refused")[0];
        Assert.Equal(7, refused.GetProperty("id").GetInt64());
        Assert.Contains("m9", refused.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Contains("degraded", await world.Gateway.Http.GetStringAsync("/readyz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_policy_page_shows_the_rollouts_and_a_swap_of_the_policy_keeps_them()
    {
        await using var world = await World.StartAsync();
        world.Gateway.Policies.SwapRollouts([Some.Rollout(world.Candidate, 1_000, Some.Plan(holdback: 500))]);
        world.Gateway.Policies.Swap(world.Current.WithRevision(3));

        var rollout = JsonDocument.Parse(await world.Gateway.Http.GetStringAsync("/rung/policy")).RootElement.GetProperty("rollouts")[0];

        Assert.Equal((7, 10m, 5m, 2, "session", false), (
            rollout.GetProperty("id").GetInt32(), rollout.GetProperty("share_percent").GetDecimal(), rollout.GetProperty("holdback_percent").GetDecimal(),
            rollout.GetProperty("candidate_revision").GetInt32(), rollout.GetProperty("unit").GetString(), rollout.GetProperty("shadow").GetBoolean()));
        Assert.Equal("job", rollout.GetProperty("tags")[0].GetString());
    }

    [Fact]
    public async Task Under_load_no_call_sees_the_candidate_of_one_state_and_the_policy_of_another()
    {
        await using var world = await World.StartAsync();
        var served = 0;
        var callers = Enumerable.Range(0, 6).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
            {
                var reply = await world.AskAsync($"s{caller}-{i}");
                Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
                // In every state the policy has an odd revision, and the candidate the next one.
                var (revision, arm) = (long.Parse(reply.Header("x-rung-policy").Split('@')[0], System.Globalization.CultureInfo.InvariantCulture), reply.Header("x-rung-arm"));
                Assert.Equal(arm == "7:candidate" ? "m2" : "m1", reply.Header("x-rung-model"));
                Assert.Equal(arm == "7:candidate" ? 0 : 1, revision % 2);
                Interlocked.Increment(ref served);
            }
        })).ToList();
        for (var swap = 0; swap < 100; swap++)
        {
            while (Volatile.Read(ref served) < swap * 3 && !callers.All(caller => caller.IsCompleted)) await Task.Yield();
            var revision = (2 * swap) + 1;
            world.Gateway.Policies.SwapAll(world.Current.WithRevision(revision), [Some.Rollout(world.Candidate.WithRevision(revision + 1), swap * 99)]);
        }
        await Task.WhenAll(callers);
        Assert.Contains("7:candidate", (await world.Gateway.CallsAsync(360)).Select(call => call.Arm));
    }
}

/// <summary>A gateway with a policy (model m1) and a candidate for it (model m2).</summary>
internal sealed class World : IAsyncDisposable
{
    private World(FakeUpstream upstream, TestGateway gateway, Core.Policies.PolicySnapshot current, Core.Policies.PolicySnapshot candidate) =>
        (Upstream, Gateway, Current, Candidate) = (upstream, gateway, current, candidate);

    public FakeUpstream Upstream { get; }

    public TestGateway Gateway { get; }

    public Core.Policies.PolicySnapshot Current { get; }

    public Core.Policies.PolicySnapshot Candidate { get; }

    public static async Task<World> StartAsync()
    {
        var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        var current = TestGateway.Compile(Yaml.Ladder("", "", ("small", "m1", upstream.Url), ("big", "b", upstream.Url)));
        var candidate = TestGateway.Compile(Yaml.Ladder("", "", ("small", "m2", upstream.Url), ("big", "b", upstream.Url))).WithRevision(2);
        return new World(upstream, await TestGateway.StartAsync(current), current, candidate);
    }

    public Task<HttpResponseMessage> AskAsync(string session) => Gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"), ("x-rung-session", session));

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Upstream.DisposeAsync();
    }
}
