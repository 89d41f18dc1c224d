using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Streaming;

/// <summary>A held stream that nothing can save is left at once; one that will be served all the same is waited for.</summary>
public sealed class DoomedStreamTests
{
    private const string Climbs = "escalate: { to: big }";

    private static Task<TestGateway> Start(string route, FakeUpstream small, FakeUpstream big, string rest = "") =>
        TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(route, rest, ("small", "a", small.Url), ("big", "b", big.Url))).With([new Begins("good")]));

    /// <summary>Sends a beginning and then nothing more until the gateway has hung up.</summary>
    private static Behaviour Stuck(string text, Gate left, Stopwatch? leaving = null) => async (http, body) =>
    {
        http.Response.ContentType = "text/event-stream";
        await http.Response.WriteAsync(Does.Chunk("m", """{"role":"assistant","content":""}""", "null"));
        await http.Response.WriteAsync(Does.Chunk("m", $$"""{"content":"{{text}}"}""", "null"));
        await http.Response.Body.FlushAsync();
        leaving?.Start();
        await Does.Hang()(http, body);
        leaving?.Stop();
        left.Open();
    };

    [Fact]
    public async Task A_doomed_stream_is_left_at_once_and_the_next_rung_answers_whole()
    {
        var (left, leaving) = (new Gate(), new Stopwatch());
        await using var small = await FakeUpstream.StartAsync(Stuck("this is wrong", left, leaving));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good and whole"));
        await using var gateway = await Start(Climbs, small, big);

        var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));
        var text = await reply.TextAsync();
        await left.Opened;

        Assert.True(leaving.Elapsed < TimeSpan.FromSeconds(1.5), $"The upstream was left after {leaving.ElapsedMilliseconds} ms: its reply was drained.");
        Assert.DoesNotContain("wrong", text);
        Assert.Contains("whole", text);
        Assert.Contains("[DONE]", text);
        Assert.Equal(("b", "1"), (reply.Header("x-rung-model"), reply.Header("x-rung-escalations")));
        Assert.Contains("climbed to big: check_failed", reply.Header("x-rung-reason"));
        var call = await gateway.OnlyCallAsync();
        var doomed = call.Attempts[0];
        Assert.Equal(AttemptOutcome.Doomed, doomed.Outcome);
        Assert.Equal(("begins good", false, "another beginning at byte 0"), (doomed.Checks[0].Check, doomed.Checks[0].Passed, doomed.Checks[0].Detail));
        Assert.Equal((UsageSource.EstimatedPartial, 4), (doomed.Usage.Source, doomed.Usage.Output)); // 13 bytes came.
        Assert.Equal(doomed.Usage.Input * 1000 + 4 * 2000, doomed.CostNanoUsd);
        Assert.Equal(doomed.CostNanoUsd + 20_000, call.CostNanoUsd);
        Assert.Equal((null, null), (doomed.SavedTokens, doomed.SavedMicros)); // Nothing to compare with yet.
    }

    [Fact]
    public async Task What_was_saved_is_told_against_the_streams_that_ran_to_their_end()
    {
        var left = new Gate();
        await using var small = await FakeUpstream.StartAsync(Does.InTurn(Does.Stream("good one", output: 40), Does.Stream("good two", output: 60), Stuck("bad", left)));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var gateway = await Start(Climbs, small, big);

        for (var i = 0; i < 3; i++) await (await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"))).TextAsync();

        var doomed = Assert.Single(await gateway.CallsAsync(3), call => call.Attempts[0].Outcome == AttemptOutcome.Doomed).Attempts[0];
        Assert.Equal(49, doomed.SavedTokens); // 50 on average, one token came.
        Assert.NotNull(doomed.SavedMicros);
    }

    [Fact]
    public async Task A_doomed_stream_that_will_be_served_all_the_same_is_waited_for()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Stream("bad but whole"));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var gateway = await Start("", small, big);

        var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));

        Assert.Contains(" whole", await reply.TextAsync());
        Assert.Equal("false", reply.Header("x-rung-verified"));
        Assert.Equal(AttemptOutcome.CheckFailed, (await gateway.OnlyCallAsync()).Attempts[0].Outcome);
    }

    [Fact]
    public async Task A_stream_whose_doom_comes_with_its_end_is_not_given_up_but_kept_in_case_nothing_better_comes()
    {
        await using var small = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Does.Chunk("m", """{"content":"bad but whole"}""", "null") + Does.Chunk("m", "{}", "\"stop\"")); // In one piece, [DONE] to come.
            await http.Response.Body.FlushAsync();
            await http.Response.WriteAsync("data: [DONE]\n\n");
        });
        await using var big = await FakeUpstream.StartAsync(Does.Status(503));
        await using var gateway = await Start(Climbs, small, big);

        var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Contains(" whole", await reply.TextAsync());
        Assert.Equal("false", reply.Header("x-rung-verified"));
        var first = (await gateway.OnlyCallAsync()).Attempts[0];
        Assert.Equal((AttemptOutcome.CheckFailed, null, null), (first.Outcome, first.SavedTokens, first.SavedMicros));
    }

    [Theory]
    [InlineData("{\"content\":\"good \\ud83d\"}", "{\"content\":\"\\ude00\"}")]
    [InlineData("{\"content\":[{\"type\":\"text\",\"text\":\"good \\ud83d\"}]}", "{\"content\":\"\\ude00\\n\"}")]
    public async Task A_character_that_two_events_share_is_whole_to_the_checks(string first, string second)
    {
        await using var small = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Does.Chunk("m", first, "null") + Does.Chunk("m", second, "\"stop\"") + "data: [DONE]\n\n");
        });
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        var policy = TestGateway.Compile(Yaml.Ladder(Climbs, "", ("small", "a", small.Url), ("big", "b", big.Url)));
        await using var gateway = await TestGateway.StartAsync(policy.With([new Begins("good \U0001F600")]));

        var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));
        await reply.TextAsync();

        Assert.Equal(("a", ""), (reply.Header("x-rung-model"), reply.Header("x-rung-verified")));
    }

    [Fact]
    public async Task A_doomed_stream_is_waited_for_while_the_model_above_is_being_left_alone()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Stream("bad but whole"));
        await using var big = await FakeUpstream.StartAsync(Does.Status(429, retryAfter: "200"));
        await using var gateway = await Start(Climbs, small, big, "limits: { attempts: 2 }");

        await (await gateway.PostAsync("""{"model":"x","messages":[{"role":"user","content":"hi"}]}""")).TextAsync(); // By the default route: it now rests.
        var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));

        Assert.Contains(" whole", await reply.TextAsync());
    }

    [Fact]
    public async Task Where_an_error_is_wanted_rather_than_a_failed_answer_nobody_waits_for_one()
    {
        var left = new Gate();
        await using var small = await FakeUpstream.StartAsync(Stuck("bad", new Gate()));
        await using var big = await FakeUpstream.StartAsync(Stuck("bad too", left));
        await using var gateway = await Start("escalate: { to: big, exhausted: error }", small, big);

        var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));
        await left.Opened;

        Assert.Equal("check_failed", (await reply.ErrorAsync(HttpStatusCode.BadGateway)).GetProperty("code").GetString());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal([AttemptOutcome.Doomed, AttemptOutcome.Doomed], call.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(call.Attempts.Sum(attempt => attempt.CostNanoUsd), call.CostNanoUsd);
    }

    [Fact]
    public async Task A_doomed_stream_says_nothing_against_the_model()
    {
        await using var small = await FakeUpstream.StartAsync(Stuck("bad", new Gate()));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var gateway = await Start(Climbs, small, big);

        for (var i = 0; i < 7; i++) await (await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"))).TextAsync();

        Assert.All(await gateway.CallsAsync(7), call => Assert.Equal("a", call.Attempts[0].Model));
    }

    [Theory]
    [InlineData("""{"content":"go"}""", """{"content":"od \u00e9\ud83d\ude00"}""")]
    [InlineData("""{"role":"assistant","content":null}""", """{"content":[{"type":"text","text":"good"}]}""")]
    public async Task The_text_is_followed_across_events_escapes_and_parts(string first, string second)
    {
        await using var small = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            // The second choice says something else: only the first is watched, and the index may stand behind the delta.
            await http.Response.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"other\"},\"index\":1}]}\n\n");
            await http.Response.WriteAsync(Does.Chunk("m", first, "null") + Does.Chunk("m", second, "null"));
            await http.Response.WriteAsync(Does.Chunk("m", "{}", "\"stop\"") + "data: [DONE]\n\n");
        });
        await using var big = await FakeUpstream.StartAsync(Does.Answer("good"));
        await using var gateway = await Start(Climbs, small, big);

        await (await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"))).TextAsync();

        // Whole, and failed for the second choice: it was not given up for the first.
        var checks = (await gateway.OnlyCallAsync()).Attempts[0];
        Assert.Equal((AttemptOutcome.CheckFailed, "another beginning"), (checks.Outcome, checks.Checks[0].Detail));
    }
}
