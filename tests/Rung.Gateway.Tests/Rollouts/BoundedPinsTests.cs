using System.Net;
using Rung.Core.Policies;
using Rung.Core.Rollouts;
using Rung.Gateway.Rollouts;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Rollouts;

/// <summary>A candidate cannot widen what the pins in force allow.</summary>
public sealed class BoundedPinsTests : IAsyncLifetime
{
    private FakeUpstream allowed = null!;
    private FakeUpstream forbidden = null!;

    public async Task InitializeAsync()
    {
        allowed = await FakeUpstream.StartAsync(Does.Answer("fine"));
        forbidden = await FakeUpstream.StartAsync(Does.Answer("leaked"));
    }

    public async Task DisposeAsync()
    {
        await allowed.DisposeAsync();
        await forbidden.DisposeAsync();
    }

    private const string Pin = "pins: [ { when: { data_class: phi }, models: [eu] } ]";

    private PolicySnapshot Current => TestGateway.Compile(Yaml.Ladder("", Pin, ("small", "us", forbidden.Url), ("big", "eu", allowed.Url)));

    private async Task<(HttpResponseMessage Reply, TestGateway Gateway)> AskAsync(string candidate, params (string, string)[] headers)
    {
        var gateway = await TestGateway.StartAsync(Current);
        gateway.Policies.SwapRollouts([Some.Rollout(TestGateway.Compile(candidate).WithRevision(2), RolloutPlan.Whole)]);
        var reply = await gateway.PostAsync(Ask.Plain, [("x-rung-tag", "job"), ("x-rung-session", "s"), .. headers]);
        return (reply, gateway);
    }

    [Fact]
    public async Task A_pin_in_force_holds_where_the_candidate_has_dropped_it()
    {
        var (reply, gateway) = await AskAsync(Yaml.Ladder("", "", ("small", "us", forbidden.Url), ("big", "eu", allowed.Url)), ("x-rung-data-class", "phi"));
        await using var _ = gateway;
        Assert.Equal(("eu", "7:candidate"), (reply.Header("x-rung-model"), reply.Header("x-rung-arm")));
        Assert.Contains("within the pins in force", reply.Header("x-rung-reason"), StringComparison.Ordinal);
        Assert.Empty(forbidden.Seen);
    }

    [Fact]
    public async Task It_holds_on_every_hop_of_the_candidate()
    {
        allowed.Behaviour = Does.Answer("bad");
        var (reply, gateway) = await AskAsync(
            Yaml.Ladder("checks: [ { regex: fine } ], escalate: { to: big, on: [check_failed, unavailable] }", "", ("small", "eu", allowed.Url), ("big", "us", forbidden.Url)), ("x-rung-data-class", "phi"));
        await using var _ = gateway;
        Assert.Equal("false", reply.Header("x-rung-verified"));
        Assert.Empty(forbidden.Seen);
    }

    [Fact]
    public async Task A_name_that_the_candidate_points_elsewhere_is_another_model()
    {
        var (reply, gateway) = await AskAsync(Yaml.Ladder("", Pin, ("small", "us", forbidden.Url), ("big", "eu", forbidden.Url)), ("x-rung-data-class", "phi"));
        await using var _ = gateway;
        Assert.Equal((HttpStatusCode.OK, "eu", false), (reply.StatusCode, reply.Header("x-rung-model"), reply.Headers.Contains("x-rung-arm")));
        Assert.Contains("takes no part", reply.Header("x-rung-reason"), StringComparison.Ordinal);
        Assert.Empty(forbidden.Seen);
    }

    [Fact]
    public async Task The_candidates_own_pins_hold_too()
    {
        var (reply, gateway) = await AskAsync(Yaml.Ladder("", "pins: [ { when: { tenant: acme }, models: [eu] } ]", ("small", "us", forbidden.Url), ("big", "eu", allowed.Url)), ("x-rung-tenant", "acme"));
        await using var _ = gateway;
        Assert.Equal(("eu", "7:candidate"), (reply.Header("x-rung-model"), reply.Header("x-rung-arm")));
        Assert.Empty(forbidden.Seen);
    }

    [Fact]
    public async Task A_verifier_that_only_the_candidate_trusts_sees_no_call_that_a_pin_in_force_binds()
    {
        var (reply, gateway) = await AskAsync(
            Yaml.Ladder(
                "checks: [ { verifier: { use: judge, at_least: 0.5 } } ]",
                $$"""
                verifiers:
                  judge: { http: { url: "{{forbidden.Url}}", body: '{"text": "{answer}"}', score: /score, pinned_calls: true }, limit_seconds: 2 }
                """,
                ("small", "eu", allowed.Url)),
            ("x-rung-data-class", "phi"));
        await using var _ = gateway;
        Assert.Equal("7:candidate", reply.Header("x-rung-arm"));
        Assert.Empty(forbidden.Seen);
    }
}
