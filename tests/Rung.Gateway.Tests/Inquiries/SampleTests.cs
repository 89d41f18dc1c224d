using System.Text.Json;
using Rung.Core.Checks;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Inquiries;

/// <summary>Further answers of the same model: taken at once, within the call's attempts, all booked.</summary>
public sealed class SampleTests
{
    private const string Request = """{"model":"x","n":1,"stream":true,"stream_options":{"include_usage":true},"seed":7,"temperature":0,"messages":[{"role":"user","content":"2+2?"}]}""";

    private static Task<TestGateway> Start(Check[] checks, string route, string rest, params (string, string, string)[] models) =>
        TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(route, rest, models)).With(checks));

    [Fact]
    public async Task Samples_are_asked_for_at_once_and_booked_to_the_call()
    {
        var (waiting, both) = (0, new Gate());
        await using var small = await FakeUpstream.StartAsync(async (http, body) =>
        {
            if (JsonDocument.Parse(body).RootElement.GetProperty("stream").GetBoolean())
            {
                await Does.Stream("4")(http, body);
                return;
            }
            if (Interlocked.Increment(ref waiting) == 2) both.Open();
            await both.Opened; // One after the other would never open it.
            await Does.Answer("4")(http, body);
        });
        await using var gateway = await Start([Asking.Agreement(2, atLeast: 3, temperature: 0.7)], "", "", ("only", "a", small.Url), ("top", "b", small.Url));

        var reply = await gateway.PostAsync(Request, ("x-rung-tag", "job"));

        Assert.Contains("data: [DONE]", await reply.TextAsync());
        Assert.Equal("3", reply.Header("x-rung-attempts"));
        Assert.Equal("0.00006", reply.Header("x-rung-cost-usd"));
        var call = await gateway.OnlyCallAsync();
        Assert.Equal([AttemptKind.First, AttemptKind.Sample, AttemptKind.Sample], call.Attempts.Select(attempt => attempt.Kind));
        Assert.All(call.Attempts, attempt => Assert.Equal((AttemptOutcome.Completed, "a", "only", 20_000), (attempt.Outcome, attempt.Model, attempt.Tier, attempt.CostNanoUsd)));
        Assert.Equal((CallStatus.Answered, 60_000), (call.Status, call.CostNanoUsd));
        var verdict = Assert.Single(call.Attempts[0].Checks);
        Assert.Equal((true, 1.0), (verdict.Passed, verdict.Score!.Value));
    }

    [Fact]
    public async Task A_sample_is_the_request_itself_without_stream_choices_and_seed()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("4"));
        await using var gateway = await Start([Asking.Agreement(1, atLeast: 2, temperature: 0.7)], "max_tokens: 64, temperature: { max: 0 }", "", ("only", "a", small.Url), ("top", "b", small.Url));

        await (await gateway.PostAsync(Request, ("x-rung-tag", "job"))).TextAsync();

        Assert.Equal("""{"max_completion_tokens":64,"model":"a-up","stream":false,"temperature":0.7,"messages":[{"role":"user","content":"2+2?"}]}""", small.Seen.Last().Text);
    }

    [Theory]
    [InlineData("""{"seed":1,"n":3,"model":"x","messages":[]}""", """{"temperature":1,"model":"a-up","messages":[]}""")]
    [InlineData("""{"model":"x","messages":[],"stream":false , "n" : 2}""", """{"temperature":1,"model":"a-up","messages":[],"stream":false}""")]
    public async Task Fields_leave_with_their_commas_wherever_they_stand(string request, string expected)
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("4"));
        await using var gateway = await Start([Asking.Agreement(1, atLeast: 1, temperature: 1)], "", "", ("only", "a", small.Url), ("top", "b", small.Url));

        await (await gateway.PostAsync(request, ("x-rung-tag", "job"))).TextAsync();

        Assert.Equal(expected.Replace(" ", ""), small.Seen.Last().Text.Replace(" ", ""));
    }

    [Fact]
    public async Task A_sample_that_fails_is_missing_and_those_that_disagree_climb()
    {
        await using var small = await FakeUpstream.StartAsync(Does.InTurn(Does.Answer("4"), Does.Status(500), Does.Answer("5")));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("4"));
        await using var gateway = await Start([Asking.Agreement(2, atLeast: 2)], "escalate: { to: big }", "", ("small", "a", small.Url), ("big", "b", big.Url));

        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));

        Assert.Equal("b", reply.Header("x-rung-model"));
        var call = await gateway.OnlyCallAsync();
        Assert.Equal([AttemptKind.First, AttemptKind.Sample, AttemptKind.Sample, AttemptKind.Escalation], call.Attempts.Select(attempt => attempt.Kind));
        Assert.Single(call.Attempts, attempt => attempt.Outcome == AttemptOutcome.UpstreamError);
        Assert.Equal(call.Attempts.Sum(attempt => attempt.CostNanoUsd), call.CostNanoUsd);
        Assert.Equal(60_000, call.CostNanoUsd);
        Assert.Equal("1 agree", Assert.Single(call.Attempts[0].Checks).Detail);
    }

    [Fact]
    public async Task One_attempt_is_kept_for_the_climb()
    {
        await using var small = await FakeUpstream.StartAsync(Does.InTurn(Does.Answer("4"), Does.Answer("5")));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("6"));
        await using var gateway = await Start([Asking.Agreement(9, atLeast: 10)], "escalate: { to: big }", "limits: { attempts: 4 }", ("small", "a", small.Url), ("big", "b", big.Url));

        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));

        Assert.Equal("b", reply.Header("x-rung-model"));
        Assert.Equal([AttemptKind.First, AttemptKind.Sample, AttemptKind.Sample, AttemptKind.Escalation], (await gateway.OnlyCallAsync()).Attempts.Select(attempt => attempt.Kind));
    }

    [Fact]
    public async Task Samples_are_taken_only_as_far_as_the_money_of_the_route_reaches()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("4"));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("6"));
        await using var gateway = await Start([Asking.Agreement(3, atLeast: 4)], "escalate: { to: big, max_usd: 0.000000001 }", "", ("small", "a", small.Url), ("big", "b", big.Url));

        await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));

        var only = Assert.Single((await gateway.OnlyCallAsync()).Attempts);
        Assert.True(only.CostNanoUsd > 1);
        Assert.Contains("escalate.max_usd", Assert.Single(only.Checks).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_asked_about_the_answer_of_the_last_climb_because_it_is_served_anyway()
    {
        await using var small = await FakeUpstream.StartAsync(Does.InTurn(Does.Answer("4"), Does.Answer("5")));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("6"));
        await using var gateway = await Start([Asking.Agreement(1, atLeast: 2), new Begins("6")], "escalate: { to: big }", "", ("small", "a", small.Url), ("big", "b", big.Url));

        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));

        Assert.Equal("", reply.Header("x-rung-verified"));
        var call = await gateway.OnlyCallAsync();
        Assert.Equal("begins 6", Assert.Single(call.Attempts[^1].Checks).Check);
        Assert.Single(big.Seen);
    }

    [Fact]
    public async Task An_answer_that_a_plain_check_failed_costs_nothing_more()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("4"));
        await using var gateway = await Start([Asking.Agreement(2, atLeast: 2), new Begins("x")], "", "", ("only", "a", small.Url), ("top", "b", small.Url));

        await (await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"))).TextAsync();

        var attempt = Assert.Single((await gateway.OnlyCallAsync()).Attempts);
        Assert.Equal("begins x", Assert.Single(attempt.Checks).Check); // The other was not run.
    }

    [Fact]
    public async Task One_finding_serves_every_check_that_asks_the_same()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("4"));
        await using var gateway = await Start([Asking.Agreement(1, atLeast: 2), Asking.Agreement(1, atLeast: 1)], "", "", ("only", "a", small.Url), ("top", "b", small.Url));

        await (await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"))).TextAsync();

        var call = await gateway.OnlyCallAsync();
        Assert.Equal(2, call.Attempts.Count);
        Assert.Equal([true, true], call.Attempts[0].Checks.Select(check => check.Passed));
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_samples()
    {
        var (reached, left) = (new Gate(), new Gate());
        await using var small = await FakeUpstream.StartAsync(Does.InTurn(Does.Answer("4"), async (http, body) =>
        {
            reached.Open();
            await Does.Hang()(http, body);
            left.Open();
        }));
        await using var gateway = await Start([Asking.Agreement(1, atLeast: 2)], "", "", ("only", "a", small.Url), ("top", "b", small.Url));
        using var leaving = new CancellationTokenSource();

        var asked = gateway.PostAsync(Ask.Plain, leaving.Token, ("x-rung-tag", "job"));
        await reached.Opened;
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await left.Opened;

        var call = await gateway.OnlyCallAsync();
        Assert.Equal((CallStatus.ClientGone, 499), (call.Status, call.HttpStatus));
        Assert.Equal([AttemptOutcome.Completed, AttemptOutcome.ClientGone], call.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(call.Attempts.Sum(attempt => attempt.CostNanoUsd), call.CostNanoUsd);
    }

    [Fact]
    public async Task A_check_that_never_has_enough_is_stopped()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("4"));
        await using var gateway = await Start([new Insatiable()], "", "limits: { attempts: 16 }", ("only", "a", small.Url), ("top", "b", small.Url));

        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));

        Assert.Equal("false", reply.Header("x-rung-verified"));
        Assert.Equal(9, (await gateway.OnlyCallAsync()).Attempts.Count); // The answer and eight questions about it.
    }

    private sealed class Insatiable : Check
    {
        public override string Name => "insatiable";

        public override CheckResult Evaluate(Answer answer) => CheckResult.Ask(new SamplesInquiry(1, answer.Findings.Count / 100.0));
    }
}
