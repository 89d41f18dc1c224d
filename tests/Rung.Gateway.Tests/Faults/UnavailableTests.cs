using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Faults;

/// <summary>A model that cannot answer: another one of the rung does, or the client gets a clear error. Everything is booked.</summary>
public sealed class UnavailableTests
{
    public static TheoryData<string> Failures { get; } = new()
    {
        "500", "502", "503", "529", "408", "409", "401", "402", "403", "404", "429", "302",
        "html", "truncated", "empty", "array", "no choices", "error inside 200", "finish error", "no resource", "trailing", "aborted", "aborted within",
        "not the content type", "stream error first", "stream of nothing", "stream of garbage",
    };

    internal static Behaviour Failing(string how) => how switch
    {
        "html" => Body("<html><body>Bad gateway</body></html>", "text/html"),
        "truncated" => Body("""{"id":"x","choices":[{"index":0,"message":{"content":"hal""", "application/json"),
        "empty" => Body("", "application/json"),
        "array" => Body("[]", "application/json"),
        "no choices" => Body("""{"id":"x","choices":[]}""", "application/json"),
        "error inside 200" => Body("""{"error":{"code":502,"message":"provider down"}}""", "application/json"),
        "finish error" => Does.Json(Does.Completion("half", finish: "error")),
        "no resource" => Does.Json(Does.Completion("half", finish: "insufficient_system_resource")),
        "trailing" => Body(Does.Completion("x") + "garbage", "application/json"),
        "aborted" => Does.Abort(),
        "aborted within" => async (http, _) =>
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = 5000;
            await http.Response.WriteAsync("{\"choices\":[");
            await http.Response.Body.FlushAsync();
            http.Abort();
        },
        "not the content type" => Body("data: [DONE]\n\n", "text/plain"),
        "stream error first" => Body("data: {\"error\":{\"message\":\"overloaded\",\"code\":502}}\n\n", "text/event-stream"),
        "stream of nothing" => Body(": ping\n\ndata: [DONE]\n\n", "text/event-stream"),
        "stream of garbage" => Body("data: <html>\n\ndata: [DONE]\n\n", "text/event-stream"),
        _ => Does.Status(int.Parse(how)),
    };

    private static Behaviour Body(string text, string type) => async (http, _) =>
    {
        http.Response.ContentType = type;
        await http.Response.WriteAsync(text);
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public Task A_plain_call_is_answered_by_the_other_model(string how) => FailsOver(how, stream: false);

    [Theory]
    [MemberData(nameof(Failures))]
    public Task A_streamed_call_is_answered_by_the_other_model(string how) => FailsOver(how, stream: true);

    private static async Task FailsOver(string how, bool stream)
    {
        await using var broken = await FakeUpstream.StartAsync(Failing(how));
        await using var good = await FakeUpstream.StartAsync(Does.Answer("all is well"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(broken.Url, good.Url)));

        var reply = await gateway.PostAsync(Ask.Of(stream));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Contains("all", await reply.TextAsync());
        Assert.Equal("b", reply.Header("x-rung-model"));
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(CallStatus.Answered, call.Status);
        Assert.Equal([AttemptKind.First, AttemptKind.Failover], call.Attempts.Select(a => a.Kind));
        Assert.NotEqual(AttemptOutcome.Completed, call.Attempts[0].Outcome);
        Assert.NotNull(call.Attempts[0].Error);
        Assert.Equal(UsageSource.Provider, call.Attempts[1].Usage.Source);
        Assert.All(call.Attempts, attempt => Assert.NotNull(attempt.CostNanoUsd));
        Assert.Equal(call.Attempts.Sum(a => a.CostNanoUsd), call.CostNanoUsd);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Where_nobody_else_can_answer_the_client_gets_a_clear_error_and_the_attempts_stay_within_the_budget(string how)
    {
        await using var broken = await FakeUpstream.StartAsync(Failing(how));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(broken.Url, broken.Url, "limits: { attempts: 3 }")), clock: null);

        var reply = await gateway.PostAsync(Ask.Plain);

        var status = (int)reply.StatusCode;
        Assert.True(status is 404 or 429 or 502 or 503, $"status {status}");
        var error = await reply.ErrorAsync(reply.StatusCode);
        Assert.NotEqual("", error.GetProperty("message").GetString());
        Assert.InRange(broken.Seen.Count, 1, 3);
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(CallStatus.Failed, call.Status);
        Assert.Equal(status, call.HttpStatus);
        Assert.Equal(broken.Seen.Count, call.Attempts.Count);
        Assert.Equal(0, call.UnknownPriceAttempts);
        Assert.Null(call.BaselineNanoUsd);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task An_outage_makes_at_most_as_many_requests_per_call_as_the_policy_allows(int attempts)
    {
        await using var broken = await FakeUpstream.StartAsync(Does.Status(500));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(
            "escalate: { to: big, on: [unavailable], times: 3 }", $"limits: {{ attempts: {attempts} }}",
            ("small", "a", broken.Url), ("small", "b", broken.Url), ("big", "c", broken.Url), ("big", "d", broken.Url))));

        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));

        Assert.Equal("all_attempts_failed", (await reply.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("code").GetString());
        Assert.Equal(attempts, broken.Seen.Count);
        Assert.Equal("false", reply.Header("x-should-retry"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refused_connection_is_no_answer_and_costs_nothing(bool stream)
    {
        await using var good = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair($"http://127.0.0.1:{FreePort()}/v1", good.Url)));

        var reply = await gateway.PostAsync(Ask.Of(stream));

        Assert.Contains("fine", await reply.TextAsync());
        var first = (await gateway.OnlyCallAsync()).Attempts[0];
        Assert.Equal((AttemptOutcome.Unreachable, 0, 0L), (first.Outcome, first.HttpStatus, first.CostNanoUsd));
        Assert.Equal(UsageSource.None, first.Usage.Source);
    }

    [Fact]
    public async Task A_reset_before_the_reply_is_unreachable_and_one_within_it_is_cut_short()
    {
        await using var before = new RawUpstream(() => [], RawEnd.Reset);
        await using var within = RawUpstream.Saying("200 OK", "Content-Type: application/json\r\nContent-Length: 900\r\n", "{\"choices\":[", RawEnd.Reset);
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(before.Url, within.Url, "limits: { attempts: 2 }")));

        var reply = await gateway.PostAsync(Ask.Plain);

        await reply.ErrorAsync(HttpStatusCode.BadGateway);
        var call = await gateway.OnlyCallAsync();
        Assert.Equal([AttemptOutcome.Unreachable, AttemptOutcome.CutShort], call.Attempts.Select(a => a.Outcome));
        Assert.Equal(UsageSource.EstimatedPartial, call.Attempts[1].Usage.Source);
        Assert.True(call.CostNanoUsd > 0);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_refused_request_passes_through_byte_for_byte_and_no_other_model_is_asked(int status)
    {
        const string Words = "{ \"error\" : {\"message\":\"no \\u00fc\", \"code\": 1.50, \"x\":[ ] } }\n";
        await using var picky = await FakeUpstream.StartAsync(Does.Json(Words, status));
        await using var other = await FakeUpstream.StartAsync(Does.Answer("never"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(picky.Url, other.Url)));

        var reply = await gateway.PostAsync(Ask.Plain);

        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Equal(Words, await reply.TextAsync());
        Assert.Empty(other.Seen);
        var call = await gateway.OnlyCallAsync();
        Assert.Equal((CallStatus.Failed, status, 0L), (call.Status, call.HttpStatus, call.CostNanoUsd));
    }

    [Fact]
    public async Task A_long_refusal_passes_through_whole()
    {
        var words = "{\"error\":{\"message\":\"" + new string('x', 200_000) + "\"}}";
        await using var picky = await FakeUpstream.StartAsync(Does.Json(words, 400));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(picky.Url)));

        Assert.Equal(words, await (await gateway.PostAsync(Ask.Plain)).TextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_reply_beyond_the_limit_is_given_up_with_a_clear_error(bool stream)
    {
        var huge = new string('x', 3_000_000);
        await using var wordy = await FakeUpstream.StartAsync(Does.Answer(huge));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(
            "checks: [ { length: { min: 1 } } ]", "limits: { reply_mb: 1 }", ("only", "a", wordy.Url))));

        var reply = await gateway.PostAsync(Ask.Of(stream), ("x-rung-tag", "job"));

        Assert.Contains("larger than", (await reply.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("message").GetString());
        var call = await gateway.OnlyCallAsync();
        Assert.All(call.Attempts, attempt => Assert.Equal(AttemptOutcome.Malformed, attempt.Outcome));
    }

    [Fact]
    public async Task A_header_of_the_upstream_that_cannot_be_sent_on_is_left_out()
    {
        await using var odd = RawUpstream.Saying("200 OK", "Content-Type: application/json\r\nx-region: S\u00e3o Paulo\r\nx-good: yes\r\n", Does.Completion("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(odd.Url)));

        var reply = await gateway.PostAsync(Ask.Plain);

        Assert.Contains("fine", await reply.TextAsync());
        Assert.Equal("yes", reply.Header("x-good"));
        Assert.Equal("", reply.Header("x-region"));
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
