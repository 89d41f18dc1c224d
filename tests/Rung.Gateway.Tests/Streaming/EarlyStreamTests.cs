using Microsoft.AspNetCore.Http;
using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Streaming;

/// <summary>Streams of checked routes that go out before their verdict, which is then recorded.</summary>
public sealed class EarlyStreamTests
{
    /// <summary>Sends a beginning, waits for the test, and sends the rest.</summary>
    private static Behaviour InTwo(string first, Gate rest, string second) => async (http, _) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(Does.Chunk("m", $$"""{"content":"{{first}}"}""", "null"));
        await http.Response.Body.FlushAsync();
        await rest.Opened;
        await http.Response.WriteAsync(Does.Chunk("m", $$"""{"content":"{{second}}"}""", "null") + Does.Chunk("m", "{}", "\"stop\"") + "data: [DONE]\n\n");
    };

    private static Task<TestGateway> Start(StreamMode mode, FakeUpstream small, FakeUpstream big, string route, params Check[] checks) =>
        TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(route, "", ("small", "a", small.Url), ("big", "b", big.Url))).With(checks, mode));

    [Theory]
    [InlineData(StreamMode.Pass, "good")]
    [InlineData(StreamMode.Pass, "bad")]
    [InlineData(StreamMode.FirstValidPrefix, "good")]
    public async Task A_stream_goes_out_before_its_end(StreamMode mode, string beginning)
    {
        var rest = new Gate();
        await using var small = await FakeUpstream.StartAsync(InTwo(beginning, rest, " and the rest"));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var gateway = await Start(mode, small, big, "escalate: { to: big }", new Begins("good"));

        using var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));
        await using var stream = await reply.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(stream);
        Assert.Contains(beginning, await reader.ReadLineAsync()); // It is here, and the upstream has not gone on.
        rest.Open();
        var left = await reader.ReadToEndAsync();

        Assert.Contains(" and the rest", left);
        Assert.Contains("[DONE]", left);
        var call = await gateway.OnlyCallAsync();
        var attempt = Assert.Single(call.Attempts);
        var verdict = Assert.Single(attempt.Checks);
        var passed = beginning == "good";
        Assert.Equal(passed, verdict.Passed);
        Assert.Equal(passed ? (CallStatus.Answered, AttemptOutcome.Completed) : (CallStatus.AnsweredUnverified, AttemptOutcome.CheckFailed), (call.Status, attempt.Outcome));
        Assert.Equal("", reply.Header("x-rung-cost-usd"));
    }

    [Fact]
    public async Task A_beginning_that_is_doomed_still_climbs_and_is_never_seen()
    {
        await using var small = await FakeUpstream.StartAsync(InTwo("bad", new Gate(), ""));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good above"));
        await using var gateway = await Start(StreamMode.FirstValidPrefix, small, big, "escalate: { to: big }", new Begins("good"));

        var text = await (await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"))).TextAsync();

        Assert.DoesNotContain("bad", text);
        Assert.Contains("above", text);
    }

    [Fact]
    public async Task Where_nobody_watches_the_stream_is_held_to_its_end()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Stream("bad words"));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var gateway = await Start(StreamMode.FirstValidPrefix, small, big, "escalate: { to: big }", new Asking("never", new CommandInquiry("none"), (_, _) => CheckResult.Pass));

        var text = await (await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"))).TextAsync();

        Assert.DoesNotContain("bad", text);
        Assert.Contains("good", text);
    }

    [Theory]
    [InlineData(StreamMode.Pass)]
    [InlineData(StreamMode.FirstValidPrefix)]
    public async Task A_plain_reply_is_judged_first_and_climbs_whatever_streams_do(StreamMode mode)
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("bad"));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var gateway = await Start(mode, small, big, "escalate: { to: big }", new Begins("good"));

        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));

        Assert.Equal("b", reply.Header("x-rung-model"));
    }

    [Fact]
    public async Task A_verdict_that_costs_is_found_out_after_the_client_has_everything()
    {
        await using var small = await FakeUpstream.StartAsync(Does.InTurn(Does.Stream("four"), Does.Answer("five")));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var gateway = await Start(StreamMode.Pass, small, big, "escalate: { to: big }", Asking.Agreement(1, atLeast: 2));

        var text = await (await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"))).TextAsync();

        Assert.Contains("four", text);
        var call = await gateway.OnlyCallAsync();
        Assert.Equal([AttemptKind.First, AttemptKind.Sample], call.Attempts.Select(attempt => attempt.Kind));
        Assert.Equal(CallStatus.AnsweredUnverified, call.Status);
        Assert.Equal(40_000, call.CostNanoUsd);
        Assert.Equal(0.5, call.Attempts[0].Checks[0].Score);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_after_it_went_out_has_no_verdict()
    {
        var seen = new Gate();
        await using var small = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Does.Chunk("m", """{"content":"good"}""", "null"));
            await http.Response.Body.FlushAsync();
            await seen.Opened;
            http.Abort();
        });
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var gateway = await Start(StreamMode.Pass, small, big, "escalate: { to: big }", new Begins("good"));

        using var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));
        using var reader = new StreamReader(await reply.Content.ReadAsStreamAsync());
        await reader.ReadLineAsync();
        seen.Open();

        Assert.Contains("stream_broke_off", await reader.ReadToEndAsync());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(CallStatus.CutShort, call.Status);
        Assert.Empty(call.Attempts[0].Checks);
    }
}
