using System.Net;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Faults;

/// <summary>A model that keeps failing is left alone, probed once, and believed again when the probe succeeds.</summary>
public sealed class CircuitTests
{
    private const string OneAttempt = "limits: { attempts: 1 }";

    private static async Task Open(TestGateway gateway, int failures = ModelHealth.FailuresToOpen)
    {
        for (var i = 0; i < failures; i++) await (await gateway.PostAsync(Ask.Plain)).ErrorAsync(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task After_five_failures_calls_fail_fast_with_the_time_to_come_back()
    {
        var clock = new ManualClock();
        await using var down = await FakeUpstream.StartAsync(Does.Status(500));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(down.Url, OneAttempt)), clock: clock);
        await Open(gateway);

        var reply = await gateway.PostAsync(Ask.Plain);

        Assert.Equal("model_unavailable", (await reply.ErrorAsync(HttpStatusCode.ServiceUnavailable)).GetProperty("code").GetString());
        Assert.Equal("5", reply.Header("Retry-After"));
        Assert.Equal(5, down.Seen.Count);
        var refused = Assert.Single(await gateway.CallsAsync(6), call => call.Attempts.Count == 0);
        Assert.Equal((CallStatus.Failed, 503), (refused.Status, refused.HttpStatus));
    }

    [Fact]
    public async Task A_success_among_the_failures_starts_the_count_anew()
    {
        await using var shaky = await FakeUpstream.StartAsync(Does.InTurn(
            Does.Status(500), Does.Status(500), Does.Status(500), Does.Status(500), Does.Answer("ok"), Does.Status(500)));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(shaky.Url, OneAttempt)));

        await Open(gateway, 4);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(Ask.Plain)).StatusCode);
        await Open(gateway, 5);
        Assert.Equal(10, shaky.Seen.Count);
    }

    [Fact]
    public async Task When_the_pause_is_over_exactly_one_probe_passes_and_its_success_closes_the_circuit()
    {
        var clock = new ManualClock();
        var (asked, answer) = (new Gate(), new Gate());
        await using var down = await FakeUpstream.StartAsync(Does.Status(500));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(down.Url, OneAttempt)), clock: clock);
        await Open(gateway);
        down.Behaviour = async (http, body) =>
        {
            asked.Open();
            await answer.Opened;
            await Does.Answer("recovered")(http, body);
        };
        clock.Advance(TimeSpan.FromSeconds(5));

        var probe = gateway.PostAsync(Ask.Plain);
        await asked.Opened;
        var others = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => gateway.PostAsync(Ask.Plain)));
        answer.Open();

        Assert.All(others, other => Assert.Equal(HttpStatusCode.ServiceUnavailable, other.StatusCode));
        Assert.Contains("recovered", await (await probe).TextAsync());
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(Ask.Plain)).StatusCode);
        Assert.Equal(7, down.Seen.Count);
    }

    [Fact]
    public async Task Many_callers_at_the_moment_the_pause_ends_send_one_probe_between_them()
    {
        var clock = new ManualClock();
        await using var down = await FakeUpstream.StartAsync(Does.Status(500));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(down.Url, OneAttempt)), clock: clock);
        await Open(gateway);
        for (var round = 1; round <= 4; round++)
        {
            clock.Advance(TimeSpan.FromSeconds(61));
            var before = down.Seen.Count;
            await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => gateway.PostAsync(Ask.Plain)));
            Assert.Equal(before + 1, down.Seen.Count);
        }
    }

    [Fact]
    public async Task A_failed_probe_doubles_the_pause_up_to_a_minute()
    {
        var clock = new ManualClock();
        await using var down = await FakeUpstream.StartAsync(Does.Status(500));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(down.Url, OneAttempt)), clock: clock);
        await Open(gateway);

        foreach (var pause in (int[])[5, 10, 20, 40, 60, 60])
        {
            Assert.Equal($"{pause}", (await gateway.PostAsync(Ask.Plain)).Header("Retry-After"));
            clock.Advance(TimeSpan.FromSeconds(pause));
            await Open(gateway, 1);
        }
    }

    [Fact]
    public async Task Many_calls_that_fail_at_once_open_the_circuit_once_and_for_the_first_pause()
    {
        var clock = new ManualClock();
        var fail = new Gate();
        await using var down = await FakeUpstream.StartAsync(async (http, body) =>
        {
            await fail.Opened;
            await Does.Status(500)(http, body);
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(down.Url, OneAttempt)), clock: clock);

        var calls = Enumerable.Range(0, 40).Select(_ => gateway.PostAsync(Ask.Plain)).ToList();
        while (down.Seen.Count < 40) await Task.Yield();
        fail.Open();
        await Task.WhenAll(calls);

        Assert.Equal("5", (await gateway.PostAsync(Ask.Plain)).Header("Retry-After"));
    }

    [Fact]
    public void A_late_end_of_an_older_attempt_does_not_let_a_second_probe_pass()
    {
        var clock = new ManualClock();
        var health = new ModelHealth(clock);
        var old = health.TryStart();
        for (var i = 0; i < ModelHealth.FailuresToOpen; i++) health.Failed(health.TryStart()!.Value);
        clock.Advance(ModelHealth.FirstPause);

        var probe = health.TryStart();
        health.Abandoned(old!.Value);

        Assert.NotNull(probe);
        Assert.False(health.MayTry());
        Assert.Null(health.TryStart());
        health.Succeeded(probe.Value);
        Assert.True(health.MayTry());
        Assert.Equal(0, health.Outstanding);
    }

    [Fact]
    public async Task An_open_circuit_sends_calls_to_the_other_model_at_once()
    {
        await using var down = await FakeUpstream.StartAsync(Does.Status(500));
        await using var good = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(down.Url, good.Url)));

        for (var i = 0; i < 8; i++) Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync(Ask.Plain)).StatusCode);

        Assert.Equal(5, down.Seen.Count);
        Assert.Single((await gateway.CallsAsync(8))[^1].Attempts);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    public async Task A_refused_request_never_opens_the_circuit(int status)
    {
        await using var picky = await FakeUpstream.StartAsync(Does.Status(status));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(picky.Url, OneAttempt)));

        for (var i = 0; i < 12; i++) Assert.Equal(status, (int)(await gateway.PostAsync(Ask.Plain)).StatusCode);

        Assert.Equal(12, picky.Seen.Count);
    }

    [Theory]
    [InlineData("traceparent", "not a trace \u00e9")]
    [InlineData("traceparent", "00-xyz")]
    [InlineData("tracestate", "a=\u00e9")]
    [InlineData("baggage", "rung.tag=%ff%zz")]
    [InlineData("x-portkey-metadata", "{\"tag\":\"\\ud800\"}")]
    [InlineData("x-portkey-metadata", "{\"tag\":")]
    [InlineData("x-rung-tag", "\u00e9\u4e16")]
    [InlineData("x-rung-session", "\u00e9\u4e16")]
    public async Task Nothing_that_a_client_writes_into_a_header_can_fail_a_model(string name, string value)
    {
        await using var good = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(good.Url, OneAttempt)));

        for (var i = 0; i < 6; i++)
        {
            var reply = await RawClient.PostAsync(gateway.Url, Ask.Plain, $"{name}: {value}\r\n");
            Assert.StartsWith("HTTP/1.1 200", reply);
        }
    }

    [Theory]
    [InlineData("""{"model":"x","messages":[],"metadata":{"tag":"a","\ud800":"x"}}""")]
    [InlineData("""{"model":"x","messages":[],"stream":true,"stream_options":{"\ud800":1}}""")]
    public async Task Nothing_that_a_client_writes_into_a_body_can_break_the_gateway(string body)
    {
        await using var good = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(good.Url, OneAttempt)));

        var reply = await gateway.PostAsync(body);

        Assert.True((int)reply.StatusCode is 200 or 400, $"status {reply.StatusCode}");
    }

    [Theory]
    [InlineData("""{"model":"x","messages":[],"metadata":{"tag":"other","deep":DEEP}}""")]
    [InlineData("""{"model":"x","messages":[],"stream":true,"stream_options":{"deep":DEEP}}""")]
    [InlineData("""{"model":"rung/job","messages":[],"tools":[{"type":"function","function":{"name":"f","parameters":DEEP}}]}""")]
    [InlineData("""{"model":"x","messages":[],"response_format":{"type":"json_schema","json_schema":DEEP}}""")]
    public async Task What_is_nested_deeply_but_within_the_limit_is_served(string body)
    {
        var deep = string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100));
        await using var good = await FakeUpstream.StartAsync(Does.Json(
            """{"choices":[{"message":{"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"""));
        await using var stream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(
            "checks: [ { tool_calls: required } ]", "", ("only", "a", body.Contains("\"stream\"") ? stream.Url : good.Url))));

        var reply = await gateway.PostAsync(body.Replace("DEEP", deep));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal("", reply.Header("x-rung-verified"));
    }
}
