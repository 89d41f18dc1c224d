using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rung.Core.Policies;
using Rung.Core.Rollouts;
using Rung.Core.Spans;
using Rung.Gateway.Rollouts;
using Rung.Gateway.Shadows;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Shadows;

/// <summary>The candidate answers copies that nobody sees.</summary>
public sealed class ShadowTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<ShadowPair> pairs = new();
    private FakeUpstream live = null!;
    private FakeUpstream shadow = null!;

    public async Task InitializeAsync()
    {
        live = await FakeUpstream.StartAsync(Does.Answer("from the policy in force"));
        shadow = await FakeUpstream.StartAsync(Does.Answer("from the candidate"));
    }

    public async Task DisposeAsync()
    {
        await live.DisposeAsync();
        await shadow.DisposeAsync();
    }

    private PolicySnapshot Current(string rest = "") => TestGateway.Compile(Yaml.Ladder("", rest, ("small", "m1", live.Url), ("big", "b", live.Url)));

    private PolicySnapshot Candidate(string route = "", string rest = "") => TestGateway.Compile(Yaml.Ladder(route, rest, ("small", "m2", shadow.Url), ("big", "b2", shadow.Url))).WithRevision(2);

    private static RolloutInForce Shadow(PolicySnapshot candidate, double sample = 1, long budget = 1_000_000_000, int judgements = 1_000) => new(
        7, new RolloutPlan { Salt = "pepper", Tags = ["job"], Shadow = new ShadowTerms(sample, budget, judgements) }, Share: 0, candidate, Holdback: null);

    private async Task<TestGateway> StartAsync(PolicySnapshot current, RolloutInForce rollout, ShadowOptions? options = null, JudgeShadow? judge = null)
    {
        var gateway = await TestGateway.StartAsync(current, shadows: options, judge: judge ?? ((pair, _) =>
        {
            pairs.Enqueue(pair);
            return Task.FromResult(new ShadowJudgement(IsJudged: true, CostNanoUsd: 0));
        }));
        gateway.Policies.SwapRollouts([rollout]);
        return gateway;
    }

    private static async Task<HttpResponseMessage> AskAsync(TestGateway gateway, string body = Ask.Plain, params (string, string)[] headers)
    {
        var reply = await gateway.PostAsync(body, [("x-rung-tag", "job"), ("x-rung-session", "s"), .. headers]);
        await reply.Content.LoadIntoBufferAsync();
        return reply;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var i = 0; i < 1_000 && !isSo(); i++) await Task.Delay(5);
        Assert.True(isSo());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_goes_to_the_candidate_and_the_client_sees_nothing_of_it(bool stream)
    {
        await using var gateway = await StartAsync(Current(), Shadow(Candidate()));
        var reply = await AskAsync(gateway, Ask.Of(stream));
        await UntilAsync(() => pairs.Count == 1);

        Assert.Equal(("m1", "7:current"), (reply.Header("x-rung-model"), reply.Header("x-rung-arm")));
        Assert.True(pairs.TryDequeue(out var pair));
        Assert.Equal("from the policy in force", Content(pair.CurrentMessage));
        Assert.Equal("from the candidate", Content(pair.CandidateMessage));
        Assert.Equal("hi", JsonDocument.Parse(pair.Request).RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
        var calls = await gateway.CallsAsync(2);
        var copy = calls.Single(call => call.Tag == "shadow.job");
        Assert.Equal(("7:candidate", "s", 2L, "m2", CallStatus.Answered), (copy.Arm, copy.Session, copy.PolicyRevision, copy.Model, copy.Status));
        Assert.Equal(AttemptKind.Shadow, Assert.Single(copy.Attempts).Kind);
        Assert.Equal(20_000, copy.CostNanoUsd);
        Assert.Equal(pair.Current.Id, reply.Header("x-rung-call-id"));
        Assert.False(Assert.Single(shadow.Seen).Json.TryGetProperty("stream", out _));
    }

    [Fact]
    public async Task Nothing_is_copied_of_other_tags_without_a_shadow_or_once_its_stages_have_begun()
    {
        await using var gateway = await StartAsync(Current(), Shadow(Candidate()));
        await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "other"), ("x-rung-session", "s"));
        await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job")); // Without the unit it takes no part.
        gateway.Policies.SwapRollouts([Shadow(Candidate()) with { Share = 1 }]);
        await AskAsync(gateway);
        gateway.Policies.SwapRollouts([]);
        await AskAsync(gateway);
        await gateway.CallsAsync(4);

        Assert.Empty(shadow.Seen);
        Assert.Equal((0L, 0), (gateway.Services.GetRequiredService<ShadowCopies>().Asked, gateway.Services.GetRequiredService<ShadowCopies>().Waiting));
    }

    [Fact]
    public async Task A_share_of_the_calls_is_copied()
    {
        await using var gateway = await StartAsync(Current(), Shadow(Candidate(), sample: 0.5));
        for (var i = 0; i < 60; i++) await AskAsync(gateway);
        var copies = gateway.Services.GetRequiredService<ShadowCopies>();
        await UntilAsync(() => copies.Waiting == 0 && copies.Judged == copies.Asked);
        Assert.InRange(copies.Asked, 12, 48);
    }

    [Fact]
    public async Task Pins_in_force_and_those_of_the_candidate_hold_for_copies()
    {
        const string pin = "pins: [ { when: { data_class: phi }, models: [m1] } ]";
        await using var gateway = await StartAsync(Current(pin), Shadow(Candidate(rest: "pins: [ { when: { tenant: acme }, models: [b2] } ]")));
        var copies = gateway.Services.GetRequiredService<ShadowCopies>();
        await AskAsync(gateway, Ask.Plain, ("x-rung-data-class", "phi"));
        await UntilAsync(() => copies.Refused == 1);
        Assert.Empty(shadow.Seen);

        await AskAsync(gateway, Ask.Plain, ("x-rung-tenant", "acme"));
        await UntilAsync(() => pairs.Count == 1);
        Assert.Equal("b2", pairs.Single().Candidate.Model);
    }

    [Fact]
    public async Task The_budget_ends_the_copies_and_calls_go_on()
    {
        // A copy costs 10 x 1,000 + 5 x 2,000 nano-USD, and is reckoned with 500 tokens of output, about 1.01 million: more than there is. One at a time is made, up to four fifths.
        await using var gateway = await StartAsync(Current(), Shadow(Candidate(), budget: 50_000));
        var copies = gateway.Services.GetRequiredService<ShadowCopies>();
        for (var i = 0; i < 5; i++)
        {
            await AskAsync(gateway);
            await UntilAsync(() => copies.Waiting == 0 && copies.Judged == copies.Asked);
        }
        Assert.Equal(2, copies.Asked);
        Assert.Equal(40_000, (await gateway.CallsAsync(7)).Where(call => call.Tag == "shadow.job").Sum(call => call.CostNanoUsd));
    }

    [Fact]
    public async Task What_the_ledger_says_was_spent_counts_too()
    {
        await using var gateway = await StartAsync(Current(), Shadow(Candidate()) with { ShadowSpentNanoUsd = 1_000_000_000 });
        await AskAsync(gateway);
        await gateway.CallsAsync(1);
        Assert.Empty(shadow.Seen);
    }

    [Fact]
    public async Task An_unknown_price_means_no_copy()
    {
        var unknown = TestGateway.Compile($$"""
            version: 1
            tiers: { only: { models: [x] } }
            models: { x: { provider: openai-compatible, url: "{{shadow.Url}}", id: nobody-knows } }
            tags: { job: { tier: only, owner: t, why: w } }
            default: { tier: only, owner: t, why: w }
            """).WithRevision(2);
        await using var gateway = await StartAsync(Current(), Shadow(unknown));
        var copies = gateway.Services.GetRequiredService<ShadowCopies>();
        await AskAsync(gateway);
        await UntilAsync(() => copies.Refused == 1);
        Assert.Empty(shadow.Seen);
    }

    [Fact]
    public async Task Enough_judgements_end_the_copies()
    {
        await using var gateway = await StartAsync(Current(), Shadow(Candidate(), judgements: 2));
        var copies = gateway.Services.GetRequiredService<ShadowCopies>();
        for (var i = 0; i < 6; i++)
        {
            await AskAsync(gateway);
            await UntilAsync(() => copies.Waiting == 0 && copies.Judged == copies.Asked);
        }
        Assert.Equal((2L, 2L), (copies.Asked, copies.Judged));
    }

    [Fact]
    public async Task A_silent_candidate_delays_no_call_and_a_full_queue_drops_copies()
    {
        shadow.Behaviour = Does.Hang();
        await using var gateway = await StartAsync(Current(), Shadow(Candidate()), new ShadowOptions { QueueCapacity = 2, AtOnce = 1 });
        var copies = gateway.Services.GetRequiredService<ShadowCopies>();
        for (var i = 0; i < 12; i++) Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway)).StatusCode);
        await UntilAsync(() => copies.Dropped >= 9);
        Assert.Contains("\"dropped\"", await gateway.Http.GetStringAsync("/readyz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_candidate_leaves_the_health_of_calls_alone()
    {
        shadow.Behaviour = Does.Status(500);
        // Both policies have the model x: the copies fail against it, and the call that falls back on it must not find it left alone.
        string Policy(string first) => $$"""
            version: 1
            tiers: { small: { models: [{{first}}] }, big: { models: [{{(first == "x" ? "m1" : "x")}}] } }
            models:
              m1: { provider: openai-compatible, url: "{{live.Url}}", id: m1-up, price: { input: 1, output: 2 } }
              x: { provider: openai-compatible, url: "{{shadow.Url}}", id: x-up, price: { input: 1, output: 2 } }
            tags: { job: { tier: small, owner: t, why: w }, deep: { tier: big, owner: t, why: w } }
            default: { tier: small, owner: t, why: w }
            limits: { attempts: 1 }
            """;
        await using var gateway = await StartAsync(TestGateway.Compile(Policy("m1")), Shadow(TestGateway.Compile(Policy("x")).WithRevision(2)), new ShadowOptions { AtOnce = 1 });
        var copies = gateway.Services.GetRequiredService<ShadowCopies>();
        for (var i = 0; i < 6; i++) await AskAsync(gateway);
        await UntilAsync(() => copies.Waiting == 0 && copies.Asked >= 5);

        shadow.Behaviour = Does.Answer("back");
        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "deep"));
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task Checks_and_climbs_of_the_candidate_are_made_on_copies_and_booked()
    {
        shadow.Behaviour = Does.InTurn(Does.Answer("bad"), Does.Answer("good"));
        await using var gateway = await StartAsync(Current(), Shadow(Candidate("checks: [ { regex: good } ], escalate: { to: big }")));
        await AskAsync(gateway);
        await UntilAsync(() => pairs.Count == 1);
        Assert.Equal([AttemptKind.Shadow, AttemptKind.Escalation], pairs.Single().Candidate.Attempts.Select(attempt => attempt.Kind));
        Assert.Equal("good", Content(pairs.Single().CandidateMessage));
    }

    [Fact]
    public async Task A_tool_call_is_compared_and_nothing_is_stored_at_a_provider()
    {
        shadow.Behaviour = Does.Json("""{"id":"c","object":"chat.completion","created":1,"model":"u","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"look","arguments":"{}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""");
        await using var gateway = await StartAsync(Current(), Shadow(Candidate()));
        await AskAsync(gateway, """{"model":"x","store":true,"metadata":{"a":"b"},"tools":[{"type":"function","function":{"name":"look"}}],"messages":[{"role":"user","content":"hi"}]}""");
        await UntilAsync(() => pairs.Count == 1);
        Assert.Equal("look", JsonDocument.Parse(pairs.Single().CandidateMessage).RootElement.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString());
        var sent = shadow.Seen.Single().Json;
        Assert.Equal((false, false, true), (sent.TryGetProperty("store", out _), sent.TryGetProperty("metadata", out _), sent.TryGetProperty("tools", out _)));
    }

    [Fact]
    public async Task A_judge_that_breaks_is_counted_and_copies_go_on()
    {
        var broken = true;
        await using var gateway = await StartAsync(Current(), Shadow(Candidate()), judge: (pair, _) =>
            broken ? throw new InvalidOperationException("no judge") : Task.FromResult(new ShadowJudgement(IsJudged: true, CostNanoUsd: 5)));
        var copies = gateway.Services.GetRequiredService<ShadowCopies>();
        await AskAsync(gateway);
        await UntilAsync(() => copies.Unjudged == 1);
        broken = false;
        await AskAsync(gateway);
        await UntilAsync(() => copies.Judged == 1);
    }

    [Fact]
    public async Task A_client_that_leaves_and_a_call_that_fails_are_not_copied()
    {
        live.Behaviour = Does.Status(400);
        await using var gateway = await StartAsync(Current(), Shadow(Candidate()));
        await AskAsync(gateway);
        live.Behaviour = Does.CutStream("half");
        await AskAsync(gateway, Ask.Stream);
        Assert.Equal(2, (await gateway.CallsAsync(2)).Count);
        Assert.Empty(shadow.Seen);
    }

    private static string? Content(ReadOnlyMemory<byte> message) => JsonDocument.Parse(message).RootElement.GetProperty("content").GetString();
}
