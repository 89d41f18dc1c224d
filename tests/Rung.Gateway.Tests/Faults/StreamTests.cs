using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Rung.Core.Spans;
using Rung.Gateway.Streaming;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Faults;

/// <summary>Streams as providers really send them, and streams that break.</summary>
public sealed class StreamTests
{
    private const string StreamHead = "Content-Type: text/event-stream\r\n";

    private static async Task<(string Text, CallRecord Call)> StreamOf(string body, RawEnd end = RawEnd.Close, string rest = "", string request = Ask.Stream)
    {
        await using var upstream = RawUpstream.Saying("200 OK", StreamHead, body, end);
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url, rest)));
        var reply = await gateway.PostAsync(request);
        return (await reply.TextAsync(), await gateway.OnlyCallAsync());
    }

    /// <summary>The rest is sent only when the client has seen the start.</summary>
    private static async Task<(string Text, CallRecord Call)> LiveStreamOf(string start, string rest)
    {
        var seen = new Gate();
        await using var upstream = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(start);
            await http.Response.Body.FlushAsync();
            await seen.Opened;
            await http.Response.WriteAsync(rest);
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));
        var reply = await gateway.PostAsync(Ask.Stream);
        seen.Open();
        return (await reply.TextAsync(), await gateway.OnlyCallAsync());
    }

    private static string Content(string text) => Does.Chunk("m", $$"""{"content":"{{text}}"}""", "null");

    private static readonly string Finish = Does.Chunk("m", "{}", "\"stop\"");

    [Fact]
    public async Task A_stream_cut_before_its_first_event_is_answered_by_another_model()
    {
        await using var cut = RawUpstream.Saying("200 OK", StreamHead + "Content-Length: 500\r\n", ": hello\n\ndata: {\"id\"", RawEnd.Reset);
        await using var good = await FakeUpstream.StartAsync(Does.Answer("one whole answer"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(cut.Url, good.Url)));

        var text = await (await gateway.PostAsync(Ask.Stream)).TextAsync();

        Assert.Equal(string.Concat(Does.Events("one whole answer", 10, 5, "stop", "up-model", usage: false)), text);
        var call = await gateway.OnlyCallAsync();
        Assert.Equal([AttemptOutcome.CutShort, AttemptOutcome.Completed], call.Attempts.Select(a => a.Outcome));
    }

    [Theory]
    [InlineData(RawEnd.Close)]
    [InlineData(RawEnd.Reset)]
    public async Task A_stream_cut_after_its_first_event_ends_with_an_error_event_and_is_booked(RawEnd end)
    {
        await using var cut = RawUpstream.Saying("200 OK", StreamHead + "Content-Length: 5000\r\n", Content("twelve bytes"), end);
        await using var good = await FakeUpstream.StartAsync(Does.Answer("never mixed in"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(cut.Url, good.Url)));

        var text = await (await gateway.PostAsync(Ask.Stream)).TextAsync();

        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("data: {\"error\":{", events[^1]);
        Assert.DoesNotContain("[DONE]", text);
        Assert.Empty(good.Seen);
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(CallStatus.CutShort, call.Status);
        var usage = Assert.Single(call.Attempts).Usage;
        Assert.Equal((UsageSource.EstimatedPartial, 3L), (usage.Source, usage.Output));
        Assert.Equal(usage.Input * 1000 + 3 * 2000, call.CostNanoUsd);
    }

    [Fact]
    public async Task A_stream_that_ends_early_without_a_word_is_cut_short()
    {
        var (text, call) = await StreamOf(Content("a") + Content("b"));

        Assert.Contains("stream_broke_off", text);
        Assert.Equal((CallStatus.CutShort, AttemptOutcome.CutShort), (call.Status, call.Attempts[0].Outcome));
    }

    [Fact]
    public async Task An_error_event_within_a_stream_reaches_the_client_as_the_gateways_own()
    {
        var (text, call) = await LiveStreamOf(Content("a"), "data: {\"error\":{\"message\":\"secret host down\"},\"choices\":[{\"finish_reason\":\"error\"}]}\n\n");

        Assert.Contains("stream_broke_off", text);
        Assert.DoesNotContain("secret host", text);
        Assert.Equal(AttemptOutcome.UpstreamError, call.Attempts[0].Outcome);
    }

    [Theory]
    [InlineData("error")]
    [InlineData("insufficient_system_resource")]
    public async Task A_finish_reason_that_says_failure_is_a_failure(string reason)
    {
        var (text, call) = await LiveStreamOf(Content("a"), Does.Chunk("m", "{}", $"\"{reason}\"") + "data: [DONE]\n\n");

        Assert.Contains("stream_broke_off", text);
        Assert.Equal(CallStatus.CutShort, call.Status);
    }

    [Fact]
    public async Task A_connection_reset_after_the_end_takes_nothing_from_the_answer()
    {
        var body = Content("all of it") + Finish + "data: [DONE]\n\n";
        await using var rude = RawUpstream.Saying("200 OK", StreamHead + $"Content-Length: {body.Length + 10}\r\n", body, RawEnd.Reset);
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(rude.Url)));

        Assert.Equal(body, await (await gateway.PostAsync(Ask.Stream)).TextAsync());
        Assert.Equal(CallStatus.Answered, (await gateway.OnlyCallAsync()).Status);
    }

    [Theory]
    [InlineData("data: [DONE]")]
    [InlineData("data: [DONE]\n")]
    [InlineData("data: [DONE]\r\n")]
    public async Task A_last_event_without_its_blank_line_still_reaches_the_client(string last)
    {
        var (text, call) = await StreamOf(Content("a") + Finish + last);

        Assert.Contains("[DONE]", text);
        Assert.Equal(CallStatus.Answered, call.Status);
    }

    [Fact]
    public async Task Half_an_event_at_the_end_never_reaches_the_client()
    {
        var (text, _) = await StreamOf(Content("a") + "data: {\"choices\":[{\"delta\":{\"content\":\"half");

        Assert.DoesNotContain("half", text);
    }

    [Fact]
    public async Task Comments_and_blank_lines_before_and_between_pass_unharmed()
    {
        var body = ": OPENROUTER PROCESSING\n\n\n\n: x\n\n" + Content("a") + ": still here\n\n" + Finish + "data: [DONE]\n\n";
        var (text, call) = await StreamOf(body);

        Assert.Equal(body, text);
        Assert.Equal(CallStatus.Answered, call.Status);
    }

    [Fact]
    public async Task Blank_lines_before_a_plain_reply_are_kept()
    {
        await using var slow = RawUpstream.Saying("200 OK", "Content-Type: application/json\r\n", "\n\n\n" + Does.Completion("ok"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(slow.Url)));

        Assert.Equal("\n\n\n" + Does.Completion("ok"), await (await gateway.PostAsync(Ask.Plain)).TextAsync());
        Assert.Equal(UsageSource.Provider, (await gateway.OnlyCallAsync()).Attempts[0].Usage.Source);
    }

    [Fact]
    public async Task Carriage_returns_are_line_ends_too()
    {
        var body = (Content("a") + Finish + """data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}""" + "\n\ndata: [DONE]\n\n").Replace("\n", "\r\n");
        var (text, call) = await StreamOf(body, request: """{"model":"x","stream":true,"stream_options":{"include_usage":true},"messages":[]}""");

        Assert.Equal(body, text);
        Assert.Equal((7L, 3L), (call.Attempts[0].Usage.Input, call.Attempts[0].Usage.Output));
    }

    [Fact]
    public async Task An_empty_first_choice_list_is_no_end_and_no_usage()
    {
        var azure = """data: {"choices":[],"prompt_filter_results":[{"prompt_index":0}]}""" + "\n\n";
        var (text, call) = await StreamOf(azure + Content("a") + Finish + "data: [DONE]\n\n");

        Assert.StartsWith(azure, text);
        Assert.Equal(CallStatus.Answered, call.Status);
    }

    [Fact]
    public async Task Usage_on_every_chunk_is_cumulative_and_the_last_one_counts()
    {
        static string With(string text, int output) => Content(text).Replace("\"usage\":null", $$$"""
            "usage":{"prompt_tokens":100,"completion_tokens":{{{output}}}}
            """);
        var body = With("a", 1) + With("b", 2) + With("c", 3) + Finish + "data: [DONE]\n\n";
        var (text, call) = await StreamOf(body);

        Assert.Equal(body, text); // These chunks carry content: they stay.
        Assert.Equal((100L, 3L, UsageSource.Provider), (call.Attempts[0].Usage.Input, call.Attempts[0].Usage.Output, call.Attempts[0].Usage.Source));
    }

    [Fact]
    public async Task Without_any_usage_a_whole_stream_is_estimated_by_its_text()
    {
        var (_, call) = await StreamOf(Content("abcdefgh") + Content("ijklmnop") + Finish + "data: [DONE]\n\n");

        Assert.Equal((UsageSource.Estimated, 4L), (call.Attempts[0].Usage.Source, call.Attempts[0].Usage.Output));
        Assert.True(call.CostNanoUsd > 0);
    }

    [Theory]
    [InlineData("""{"content": "12345678"}""", 2)]
    [InlineData("""{"content":"say \"hi\" to"}""", 3)]
    [InlineData("""{"content":null,"reasoning_content":"12345678"}""", 2)]
    [InlineData("""{"reasoning":"12345678"}""", 2)]
    [InlineData("""{"content":null,"tool_calls":[{"index":0,"function":{"arguments":"12345678"}}]}""", 2)]
    public async Task The_estimate_sees_the_text_however_it_is_written(string delta, int least)
    {
        var (_, call) = await StreamOf(Does.Chunk("m", delta, "null"));

        Assert.Equal(UsageSource.EstimatedPartial, call.Attempts[0].Usage.Source);
        Assert.InRange(call.Attempts[0].Usage.Output, least, least + 1);
    }

    [Theory]
    [InlineData("data: \"model\"\n\n")]
    [InlineData("data: {\"x\":\"model\"}\n\n")]
    [InlineData("data: {\"choices\":[{\"finish_reason\":\"\\ud800\"}]}\n\n")]
    [InlineData("data: {\"usage\":{\"prompt_tokens\":\"\\ud800\",\"x\":[[1,{}]]}}\n\n")]
    [InlineData("data: {\"usage\":{\"prompt_tok\n\n")]
    [InlineData("data: {\"finish_reason\n\n")]
    [InlineData("data:\n\nevent: x\nid: 3\nretry: 5\n\n")]
    public async Task Odd_events_in_the_middle_break_nothing(string odd)
    {
        var body = Content("a").Replace("\"model\":\"m\",", "") + odd + Finish + "data: [DONE]\n\n";
        var (text, call) = await StreamOf(body);

        Assert.Equal(body, text);
        Assert.Equal(CallStatus.Answered, call.Status);
    }

    [Fact]
    public void Wherever_a_stream_is_split_the_scanner_sees_the_same()
    {
        var body = Encoding.UTF8.GetBytes((": ping\n\n" + Content("grüße 世界 🎉") + Content("b").Replace("\n", "\r\n") + Finish
            + """data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}""" + "\n\ndata: [DONE]\n\n"));
        var whole = Seen(body, body.Length);
        Assert.True(whole.IsDone);

        for (var at = 1; at < body.Length; at++) Assert.Equal(whole, Seen(body, at));
        Assert.Equal(whole, SeenByteByByte(body));
    }

    [Fact]
    public async Task Wherever_a_stream_is_split_the_client_gets_the_same_bytes()
    {
        var stream = Content("grüße 世界 🎉") + Finish + """data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}""" + "\n\ndata: [DONE]\n\n";
        var expected = Content("grüße 世界 🎉") + Finish + "data: [DONE]\n\n";
        var body = Encoding.UTF8.GetBytes(stream);
        var head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n{StreamHead}\r\n");
        var splitAt = 0;
        await using var upstream = new RawUpstream(() =>
        {
            var at = Interlocked.Increment(ref splitAt);
            return at < body.Length ? [[.. head, .. body[..at]], body[at..]] : [head, .. body.Select(b => new[] { b })];
        }, RawEnd.Close);
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(upstream.Url)));

        for (var i = 0; i < body.Length; i++) Assert.Equal(expected, await (await gateway.PostAsync(Ask.Stream)).TextAsync());
        var calls = await gateway.CallsAsync(body.Length);
        Assert.All(calls, call => Assert.Equal((7L, 3L, CallStatus.Answered), (call.Attempts[0].Usage.Input, call.Attempts[0].Usage.Output, call.Status)));
    }

    [Fact]
    public async Task A_held_stream_that_is_cut_is_answered_by_another_model_and_never_mixed()
    {
        await using var cut = RawUpstream.Saying("200 OK", StreamHead + "Content-Length: 5000\r\n", Content("partial"));
        await using var good = await FakeUpstream.StartAsync(Does.Answer("complete answer"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(
            "checks: [ { length: { min: 1 } } ], escalate: { to: big, on: [check_failed, unavailable] }", "limits: { attempts: 3 }", ("small", "a", cut.Url), ("big", "b", good.Url))));

        var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.DoesNotContain("partial", await reply.TextAsync());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(AttemptOutcome.CutShort, call.Attempts[0].Outcome);
        Assert.All(call.Attempts.SkipLast(1), attempt => Assert.Equal(UsageSource.EstimatedPartial, attempt.Usage.Source));
        Assert.Equal(call.Attempts.Sum(a => a.CostNanoUsd), call.CostNanoUsd);
    }

    private sealed record Found(bool HasContent, bool IsDone, bool HasError, long Input, long Output, string? Finish, string? Model, long ContentBytes);

    private static Found Seen(byte[] body, int splitAt)
    {
        var scanner = new EventScanner("m");
        var scanned = scanner.Scan(body.AsSpan(0, splitAt));
        scanner.Scan(body.AsSpan(scanned));
        return Of(scanner);
    }

    private static Found SeenByteByByte(byte[] body)
    {
        var scanner = new EventScanner("m");
        var scanned = 0;
        for (var end = 1; end <= body.Length; end++) scanned += scanner.Scan(body.AsSpan(scanned..end));
        return Of(scanner);
    }

    private static Found Of(EventScanner s) => new(s.HasContent, s.IsDone, s.HasError, s.Usage.Input, s.Usage.Output, s.FinishReason, s.UpstreamModel, s.ContentBytes);
}
