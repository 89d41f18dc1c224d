using System.Net;
using Microsoft.AspNetCore.Http;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests;

/// <summary>Upstreams and clients that mean no good, or are merely broken.</summary>
public sealed class HostileWorldTests
{
    private const string Hello = """{"model":"gpt-x","messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task A_stream_that_ends_after_naming_its_role_is_answered_by_another_model()
    {
        await using var broken = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Does.Chunk("up-model", """{"role":"assistant","content":""}""", "null"));
        });
        await using var good = await FakeUpstream.StartAsync(Does.Answer("here it is"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile($$"""
            version: 1
            tiers: { only: { models: [a, b] } }
            models:
              a: { provider: openai-compatible, url: "{{broken.Url}}", id: a-1, price: { input: 1, output: 1 }, priority: 1 }
              b: { provider: openai-compatible, url: "{{good.Url}}", id: b-1, price: { input: 1, output: 1 }, priority: 2 }
            default: { tier: only }
            """));

        var reply = await gateway.PostAsync("""{"model":"x","stream":true,"messages":[]}""");

        Assert.Equal(string.Concat(Does.Events("here it is", 10, 5, "stop", "up-model", usage: false)), await reply.TextAsync());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal([AttemptOutcome.Malformed, AttemptOutcome.Completed], call.Attempts.Select(attempt => attempt.Outcome));
    }

    [Theory]
    [InlineData("""[["phi"]]""")]
    [InlineData("""{"a":"phi"}""")]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("\"phi\\u0000\"")]
    [InlineData("\"phi or so\"")]
    public async Task A_data_class_that_is_no_name_is_refused_before_any_model_sees_the_call(string dataClass)
    {
        await using var up = await FakeUpstream.StartAsync(Does.Answer("x"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(RoutingTests.TwoTiers(up, up)));

        var error = await (await gateway.PostAsync($$$"""{"model":"x","messages":[],"metadata":{"data_class":{{{dataClass}}}}}""")).ErrorAsync(HttpStatusCode.BadRequest);

        Assert.Equal("invalid_data_class", error.GetProperty("code").GetString());
        Assert.Empty(up.Seen);
    }

    [Fact]
    public async Task A_refusal_that_quotes_the_gateways_key_is_not_passed_on()
    {
        await using var up = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.Headers["x-echo"] = http.Request.Headers.Authorization.ToString();
            await Does.Json("""{"error":{"message":"bad key sk-upstream-secret","type":"x","param":null,"code":null}}""", 400)(http, []);
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(RoutingTests.TwoTiers(up, up)));

        var reply = await gateway.PostAsync(Hello);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.DoesNotContain("sk-upstream-secret", reply.Headers + await reply.TextAsync());
    }

    [Theory]
    [InlineData("9223372036854775807", "1")]
    [InlineData("1", "1e30")]
    public async Task A_usage_block_that_cannot_be_true_is_estimated_and_marked(string input, string output)
    {
        var json = Does.Completion("fine").Replace("\"prompt_tokens\":10", $"\"prompt_tokens\":{input}").Replace("\"completion_tokens\":5", $"\"completion_tokens\":{output}");
        await using var up = await FakeUpstream.StartAsync(Does.Json(json));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(RoutingTests.TwoTiers(up, up)));

        await gateway.PostAsync(Hello);

        var call = await gateway.OnlyCallAsync();
        Assert.Equal(UsageSource.Estimated, call.Attempts[0].Usage.Source);
        Assert.InRange(call.CostNanoUsd, 1, 10_000_000);
    }

    [Fact]
    public async Task Without_keys_a_request_by_a_foreign_host_name_is_refused()
    {
        await using var up = await FakeUpstream.StartAsync(Does.Answer("x"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(RoutingTests.TwoTiers(up, up)));

        var error = await (await gateway.PostAsync(Hello, ("Host", "evil.example.com"))).ErrorAsync(HttpStatusCode.Forbidden);
        var local = await gateway.PostAsync(Hello, ("Host", "localhost:7070"));

        Assert.Equal("host_not_allowed", error.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, local.StatusCode);
    }
}
