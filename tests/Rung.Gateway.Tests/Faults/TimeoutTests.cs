using System.Net;
using Microsoft.AspNetCore.Http;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Faults;

/// <summary>Silence has an end: before the first byte, between two chunks, and in all.</summary>
public sealed class TimeoutTests
{
    private const string Limits = "limits: { first_byte_seconds: 20, between_chunks_seconds: 5, total_seconds: 60, attempts: 2 }";
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends the start of an answer, and then nothing more.</summary>
    private static Behaviour FallsSilent(string start, string type) => async (http, body) =>
    {
        http.Response.ContentType = type;
        await http.Response.WriteAsync(start);
        await http.Response.Body.FlushAsync();
        await Does.Hang()(http, body);
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_says_nothing_is_left_for_another_when_the_first_byte_timeout_passes(bool stream)
    {
        var clock = new ManualClock();
        await using var silent = await FakeUpstream.StartAsync(Does.Hang());
        await using var good = await FakeUpstream.StartAsync(Does.Answer("here"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(silent.Url, good.Url, Limits)), clock: clock);

        var reply = await clock.UntilAsync(gateway.PostAsync(Ask.Of(stream)), Step);

        Assert.Contains("here", await reply.TextAsync());
        var first = (await gateway.OnlyCallAsync()).Attempts[0];
        Assert.Equal(AttemptOutcome.TimedOut, first.Outcome);
        Assert.InRange(first.LatencyMicros, 20_000_000, 21_000_000);
        Assert.Equal(UsageSource.EstimatedPartial, first.Usage.Source); // The prompt may be billed all the same.
    }

    [Fact]
    public async Task Keep_alive_comments_do_not_count_as_a_first_byte()
    {
        var clock = new ManualClock();
        await using var waiting = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync(": keep-alive\n\n");
                await http.Response.Body.FlushAsync();
                await Task.Delay(1);
            }
        });
        await using var good = await FakeUpstream.StartAsync(Does.Answer("here"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(waiting.Url, good.Url, Limits)), clock: clock);

        var reply = await clock.UntilAsync(gateway.PostAsync(Ask.Stream), Step);

        var text = await reply.TextAsync();
        Assert.Contains("here", text);
        Assert.DoesNotContain("keep-alive", text);
        Assert.Equal(AttemptOutcome.TimedOut, (await gateway.OnlyCallAsync()).Attempts[0].Outcome);
    }

    [Fact]
    public async Task Silence_within_a_plain_reply_ends_it_after_the_limit_between_chunks()
    {
        var clock = new ManualClock();
        await using var silent = await FakeUpstream.StartAsync(FallsSilent("{\"choices\":[", "application/json"));
        await using var good = await FakeUpstream.StartAsync(Does.Answer("here"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(silent.Url, good.Url, Limits)), clock: clock);

        var reply = await clock.UntilAsync(gateway.PostAsync(Ask.Plain), Step);

        Assert.Contains("here", await reply.TextAsync());
        Assert.Equal(AttemptOutcome.TimedOut, (await gateway.OnlyCallAsync()).Attempts[0].Outcome);
    }

    [Fact]
    public async Task Silence_within_a_live_stream_ends_it_with_an_error_event_and_what_came_is_booked()
    {
        var clock = new ManualClock();
        var start = Does.Chunk("m", """{"content":"half an answer"}""", "null");
        await using var silent = await FakeUpstream.StartAsync(FallsSilent(start, "text/event-stream"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(silent.Url, Limits)), clock: clock);

        var reply = await gateway.PostAsync(Ask.Stream);
        var text = await clock.UntilAsync(reply.TextAsync(), Step);

        Assert.StartsWith(start, text);
        Assert.Contains("\"code\":\"stream_broke_off\"", text);
        Assert.DoesNotContain("[DONE]", text);
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(CallStatus.CutShort, call.Status);
        Assert.Equal(AttemptOutcome.TimedOut, call.Attempts[0].Outcome);
        Assert.Equal((UsageSource.EstimatedPartial, 4L), (call.Attempts[0].Usage.Source, call.Attempts[0].Usage.Output)); // 14 bytes
    }

    [Fact]
    public async Task The_total_time_bounds_all_attempts_together()
    {
        var clock = new ManualClock();
        await using var silent = await FakeUpstream.StartAsync(Does.Hang());
        await using var gateway = await TestGateway.StartAsync(
            TestGateway.Compile(Yaml.Pair(silent.Url, silent.Url, "limits: { first_byte_seconds: 40, total_seconds: 60, attempts: 9 }")), clock: clock);

        var reply = await clock.UntilAsync(gateway.PostAsync(Ask.Plain), Step);

        Assert.Equal("upstream_timeout", (await reply.ErrorAsync(HttpStatusCode.GatewayTimeout)).GetProperty("code").GetString());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(2, call.Attempts.Count);
        Assert.InRange(call.LatencyMicros, 60_000_000, 61_000_000);
    }

    [Fact]
    public async Task A_stream_longer_than_the_total_time_ends_with_an_error_event()
    {
        var clock = new ManualClock();
        await using var endless = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync(Does.Chunk("m", """{"content":"x"}""", "null"));
                await http.Response.Body.FlushAsync();
                await Task.Delay(1);
            }
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(endless.Url, Limits)), clock: clock);

        var reply = await gateway.PostAsync(Ask.Stream);
        var text = await clock.UntilAsync(reply.TextAsync(), Step);

        Assert.Contains("stream_broke_off", text);
        Assert.InRange((await gateway.OnlyCallAsync()).LatencyMicros, 60_000_000, 62_000_000);
    }

    [Fact]
    public async Task A_stream_that_never_hangs_up_after_its_end_is_still_a_whole_answer()
    {
        var all = string.Concat(Does.Events("whole", 10, 5, "stop", "m", usage: true));
        await using var clinging = await FakeUpstream.StartAsync(FallsSilent(all, "text/event-stream"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(clinging.Url)));

        var text = await (await gateway.PostAsync(Ask.Stream)).TextAsync();

        Assert.EndsWith("data: [DONE]\n\n", text);
        Assert.Equal(CallStatus.Answered, (await gateway.OnlyCallAsync()).Status);
    }
}
