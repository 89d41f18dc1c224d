using System.Net;
using Rung.Core.Requests;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests;

/// <summary>The whole path over real HTTP: routed by tag, checked, climbed, priced, recorded.</summary>
public sealed class RoutingTests
{
    private const string Hello = """{"model":"gpt-x","messages":[{"role":"user","content":"hi"}]}""";

    internal static string TwoTiers(FakeUpstream small, FakeUpstream strong, string tag = "") => $$"""
        version: 1
        tiers:
          small: { models: [cheap] }
          strong: { models: [best] }
        models:
          cheap: { provider: openai-compatible, url: "{{small.Url}}", id: cheap-1, price: { input: 0.5, output: 1 } }
          best: { provider: openai-compatible, url: "{{strong.Url}}", id: best-1, price: { input: 10, output: 30 }, key: { env: TEST_KEY } }
        tags:
          label: { tier: small, owner: t, why: w, {{tag}} }
        default: { tier: strong, owner: t, why: "Not understood yet." }
        """;

    [Fact]
    public async Task A_tagged_call_goes_to_its_tier_and_an_untagged_one_to_the_default()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("from small"));
        await using var strong = await FakeUpstream.StartAsync(Does.Answer("from strong"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(TwoTiers(small, strong)));

        var tagged = await gateway.PostAsync(Hello, ("x-rung-tag", "label"));
        var untagged = await gateway.PostAsync(Hello);

        Assert.Contains("from small", await tagged.TextAsync());
        Assert.Contains("from strong", await untagged.TextAsync());
        Assert.Equal("small", tagged.Header("x-rung-tier"));
        Assert.Equal("cheap", tagged.Header("x-rung-model"));
        Assert.Equal("default", untagged.Header("x-rung-route"));
        Assert.Equal("0.00001", tagged.Header("x-rung-cost-usd")); // 10 × 0.5 + 5 × 1 micro-dollars
        Assert.Equal("0.00025", tagged.Header("x-rung-baseline-usd")); // 10 × 10 + 5 × 30
        Assert.Equal("0.00024", tagged.Header("x-rung-saving-usd"));
        Assert.Equal("Bearer sk-upstream-secret", Assert.Single(strong.Seen).Headers["Authorization"]);
        Assert.Equal("best-1", Assert.Single(strong.Seen).Json.GetProperty("model").GetString());
        Assert.DoesNotContain("Authorization", Assert.Single(small.Seen).Headers.Keys);

        var calls = await gateway.CallsAsync(2);
        Assert.Equal(CallStatus.Answered, calls[0].Status);
        Assert.Equal(TagSource.Header, calls[0].TagSource);
        Assert.Equal(10_000, calls[0].CostNanoUsd);
        Assert.Equal(250_000, calls[0].BaselineNanoUsd);
    }

    [Fact]
    public async Task A_failed_check_climbs_one_rung_and_both_attempts_are_paid()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("no number here"));
        await using var strong = await FakeUpstream.StartAsync(Does.Answer("#### 42"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(TwoTiers(small, strong, "checks: [ { regex: '#### \\d+' } ], escalate: { to: strong }")));

        var reply = await gateway.PostAsync(Hello, ("x-rung-tag", "label"));

        Assert.Contains("#### 42", await reply.TextAsync());
        Assert.Equal("2", reply.Header("x-rung-attempts"));
        Assert.Equal("1", reply.Header("x-rung-escalations"));
        Assert.Contains("climbed to strong: check_failed", reply.Header("x-rung-reason"));
        var call = await gateway.OnlyCallAsync();
        Assert.Equal([AttemptOutcome.CheckFailed, AttemptOutcome.Completed], call.Attempts.Select(a => a.Outcome));
        Assert.Equal(10_000 + 250_000, call.CostNanoUsd);
        Assert.Equal(250_000, call.BaselineNanoUsd);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_checked_stream_is_held_and_comes_from_one_model_only(bool asksUsage)
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("no number here"));
        await using var strong = await FakeUpstream.StartAsync(Does.Answer("the answer is #### 42"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(TwoTiers(small, strong, "checks: [ { regex: '#### \\d+' } ], escalate: { to: strong }")));

        var options = asksUsage ? ""","stream_options":{"include_usage":true}""" : "";
        var reply = await gateway.PostAsync($$"""{"model":"rung/label","stream":true{{options}},"messages":[]}""");
        var text = await reply.TextAsync();

        Assert.Equal("text/event-stream", reply.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("no number", text);
        Assert.Equal(string.Concat(Does.Events("the answer is #### 42", 10, 5, "stop", "up-model", asksUsage)), text);
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(TagSource.Model, call.TagSource);
        Assert.All(call.Attempts, attempt => Assert.Equal(UsageSource.Provider, attempt.Usage.Source));
        Assert.Equal(260_000, call.CostNanoUsd);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unchecked_stream_passes_through_byte_for_byte_but_for_usage_that_nobody_asked_for(bool asksUsage)
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("one two three four"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(TwoTiers(small, small)));

        var options = asksUsage ? ""","stream_options":{"include_usage":true}""" : "";
        var reply = await gateway.PostAsync($$"""{"stream":true{{options}},"model":"x","messages":[]}""", ("x-rung-tag", "label"));

        Assert.Equal(string.Concat(Does.Events("one two three four", 10, 5, "stop", "up-model", asksUsage)), await reply.TextAsync());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(CallStatus.Answered, call.Status);
        Assert.Equal(10_000, call.CostNanoUsd);
        Assert.NotNull(call.FirstByteMicros);
    }

    [Fact]
    public async Task When_no_rung_remains_the_last_answer_is_served_marked_or_refused_as_the_policy_says()
    {
        await using var bad = await FakeUpstream.StartAsync(Does.Answer("never right"));
        await using var marked = await TestGateway.StartAsync(TestGateway.Compile(TwoTiers(bad, bad, "checks: [ { regex: 'x{9}' } ], escalate: { to: strong }")));
        await using var refused = await TestGateway.StartAsync(TestGateway.Compile(TwoTiers(bad, bad, "checks: [ { regex: 'x{9}' } ], escalate: { to: strong, exhausted: error }")));

        var last = await marked.PostAsync(Hello, ("x-rung-tag", "label"));
        var error = await (await refused.PostAsync(Hello, ("x-rung-tag", "label"))).ErrorAsync(HttpStatusCode.BadGateway);

        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        Assert.Equal("false", last.Header("x-rung-verified"));
        Assert.Equal(CallStatus.AnsweredUnverified, (await marked.OnlyCallAsync()).Status);
        Assert.Equal("check_failed", error.GetProperty("code").GetString());
        Assert.Equal(260_000, (await refused.OnlyCallAsync()).CostNanoUsd);
    }
}
