using System.Net;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Faults;

/// <summary>When a call climbs, how often, and what the client gets when nothing remains.</summary>
public sealed class ClimbTests
{
    private static async Task<(HttpResponseMessage Reply, CallRecord Call)> Ladder(string route, string rest, ManualClock? clock, params Behaviour[] rungs)
    {
        var upstreams = new List<FakeUpstream>();
        foreach (var rung in rungs) upstreams.Add(await FakeUpstream.StartAsync(rung));
        var names = (string[])["small", "mid", "big", "huge"];
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(
            Yaml.Ladder(route, rest, [.. upstreams.Select((upstream, i) => (names[i], $"m{i}", upstream.Url))])), clock: clock);
        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));
        await reply.Content.LoadIntoBufferAsync();
        var call = await gateway.OnlyCallAsync();
        foreach (var upstream in upstreams) await upstream.DisposeAsync();
        Assert.Equal(call.Attempts.Sum(a => a.CostNanoUsd), call.CostNanoUsd);
        return (reply, call);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 4)]
    public async Task A_call_climbs_at_most_as_often_as_its_route_says(int times, int attempts)
    {
        var (reply, call) = await Ladder($"checks: [ {{ regex: never }} ], escalate: {{ to: mid, times: {times} }}", "", null,
            Does.Answer("0"), Does.Answer("1"), Does.Answer("2"), Does.Answer("3"));

        Assert.Equal(attempts, call.Attempts.Count);
        Assert.Equal("false", reply.Header("x-rung-verified"));
        Assert.Contains($"\"{attempts - 1}\"", await reply.TextAsync());
        Assert.Equal(CallStatus.AnsweredUnverified, call.Status);
        Assert.Equal(call.Attempts[^1].Model, call.Model);
    }

    [Fact]
    public async Task A_call_that_has_cost_enough_does_not_climb()
    {
        var (_, call) = await Ladder("checks: [ { regex: never } ], escalate: { to: mid, times: 3, max_usd: 0.00003 }", "", null,
            Does.Answer("0"), Does.Answer("1"), Does.Answer("2"), Does.Answer("3")); // Each answer costs 0.00002.

        Assert.Equal(2, call.Attempts.Count);
    }

    [Fact]
    public async Task A_call_that_has_taken_long_enough_does_not_climb()
    {
        var clock = new ManualClock();
        var (_, call) = await Ladder("checks: [ { regex: never } ], escalate: { to: mid, times: 3, max_seconds: 8 }", "", clock,
            (http, body) =>
            {
                clock.Advance(TimeSpan.FromSeconds(7));
                return Does.Answer("0")(http, body);
            },
            (http, body) =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return Does.Answer("1")(http, body);
            }, Does.Answer("2"));

        Assert.Equal(2, call.Attempts.Count);
    }

    [Fact]
    public async Task An_unavailable_rung_is_climbed_over_where_the_route_says_so()
    {
        var (reply, call) = await Ladder("escalate: { to: mid, on: [unavailable] }", "limits: { attempts: 4 }", null, Does.Status(500), Does.Answer("from above"));

        Assert.Contains("from above", await reply.TextAsync());
        Assert.Contains("climbed to mid: unavailable", reply.Header("x-rung-reason"));
        Assert.Equal(AttemptKind.Escalation, call.Attempts[^1].Kind);
    }

    [Fact]
    public async Task An_unavailable_rung_is_not_climbed_over_where_the_route_does_not_say_so()
    {
        var (reply, call) = await Ladder("checks: [ json ], escalate: { to: mid, on: [check_failed] }", "limits: { attempts: 2 }", null, Does.Status(500), Does.Answer("never"));

        Assert.Equal(HttpStatusCode.BadGateway, reply.StatusCode);
        Assert.All(call.Attempts, attempt => Assert.Equal("m0", attempt.Model));
    }

    [Theory]
    [InlineData("truncated", "length")]
    [InlineData("truncated", "model_length")]
    [InlineData("filtered", "content_filter")]
    public async Task How_an_answer_ended_is_a_cause_where_the_route_says_so(string cause, string finish)
    {
        var (reply, call) = await Ladder($"escalate: {{ to: mid, on: [{cause}] }}", "", null, Does.Answer("half", finish: finish), Does.Answer("whole"));
        var (served, _) = await Ladder("checks: [ { length: { min: 1 } } ], escalate: { to: mid, on: [check_failed] }", "", null, Does.Answer("half", finish: finish), Does.Answer("whole"));

        Assert.Contains("whole", await reply.TextAsync());
        Assert.Contains($"climbed to mid: {cause}", reply.Header("x-rung-reason"));
        Assert.Equal(2, call.Attempts.Count);
        Assert.Contains("half", await served.TextAsync());
    }

    [Fact]
    public async Task A_refusal_is_a_cause_where_the_route_says_so()
    {
        var (reply, _) = await Ladder("escalate: { to: mid, on: [refused] }", "", null,
            Does.Json("""{"choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"I can't."},"finish_reason":"stop"}]}"""), Does.Answer("whole"));

        Assert.Contains("whole", await reply.TextAsync());
    }

    [Fact]
    public async Task Every_one_of_several_choices_is_checked()
    {
        static Behaviour Two(string first, string second) => Does.Json(
            $$$"""{"choices":[{"index":0,"message":{"content":"{{{first}}}"},"finish_reason":"stop"},{"index":1,"message":{"content":"{{{second}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
        var (reply, call) = await Ladder("checks: [ { regex: '^good' } ], escalate: { to: mid }", "", null, Two("good", "bad"), Two("good", "good too"));

        Assert.Contains("good too", await reply.TextAsync());
        Assert.Equal([AttemptOutcome.CheckFailed, AttemptOutcome.Completed], call.Attempts.Select(a => a.Outcome));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(429)]
    public async Task When_the_rung_above_cannot_answer_the_failed_answer_is_better_than_nothing(int status)
    {
        var (reply, call) = await Ladder("checks: [ { regex: never } ], escalate: { to: mid }", "limits: { attempts: 2 }", null, Does.Answer("not bad"), Does.Status(status));

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Contains("not bad", await reply.TextAsync());
        Assert.Equal("false", reply.Header("x-rung-verified"));
        Assert.Equal((CallStatus.AnsweredUnverified, "m0", "small"), (call.Status, call.Model, call.Tier));
    }

    [Fact]
    public async Task When_the_rung_above_cannot_answer_and_the_policy_wants_an_error_it_is_one()
    {
        var (reply, call) = await Ladder("checks: [ { regex: never } ], escalate: { to: mid, exhausted: error }", "limits: { attempts: 2 }", null, Does.Answer("not bad"), Does.Status(500));

        Assert.DoesNotContain("not bad", await reply.TextAsync());
        Assert.Equal(HttpStatusCode.BadGateway, reply.StatusCode);
        Assert.Equal(CallStatus.Failed, call.Status);
    }

    [Fact]
    public async Task A_failed_check_without_a_rung_above_is_served_marked()
    {
        var (reply, _) = await Ladder("checks: [ { regex: never } ]", "", null, Does.Answer("as it is"));

        Assert.Equal("false", reply.Header("x-rung-verified"));
        Assert.Contains("as it is", await reply.TextAsync());
    }
}
