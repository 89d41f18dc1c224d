using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Rung.Core.Policies;
using Rung.Core.Spans;
using Rung.Gateway.Dispatch;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Dispatch;

/// <summary>Questions of the product itself, over real HTTP: pins, caps, prices, patience, and the bill.</summary>
public sealed class ModelCallerTests
{
    private const string Row = """{"messages":[{"role":"user","content":"Which intent?"}],"temperature":0.9,"stream":true,"stream_options":{"include_usage":true}}""";

    private readonly ConcurrentDictionary<string, CallRecord> _ledger = new();

    [Fact]
    public async Task A_named_model_answers_under_the_tags_caps_and_the_call_is_priced_and_written_down()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("cancel"));
        await using var strong = await FakeUpstream.StartAsync(Does.Answer("strong"));
        using var caller = Caller(RoutingTests.TwoTiers(small, strong, "max_tokens: 7, temperature: { max: 0 }, checks: [ { regex: never } ], escalate: { to: strong }"));

        var answer = await caller.AskAsync(Ask("cheap") with { CallId = "0123456789abcdef0123456789abcdef", Session = "run-1" }, CancellationToken.None);

        Assert.Equal(OwnStatus.Answered, answer.Status);
        Assert.Contains("\"content\":\"cancel\"", Encoding.UTF8.GetString(answer.Message.Span));
        Assert.Empty(strong.Seen); // A candidate's answer stands as it is: nothing climbs.
        var sent = Assert.Single(small.Seen).Json;
        Assert.Equal("cheap-1", sent.GetProperty("model").GetString());
        Assert.Equal(0, sent.GetProperty("temperature").GetDouble());
        Assert.Equal(7, sent.GetProperty("max_completion_tokens").GetInt32());
        Assert.False(sent.TryGetProperty("stream", out _));
        var call = Assert.Single(_ledger).Value;
        Assert.Equal(("0123456789abcdef0123456789abcdef", "eval.label", "eval", "run-1"), (call.Id, call.Tag, call.Role, call.Session));
        Assert.Equal((10_000L, 250_000L, CallStatus.Answered), (call.CostNanoUsd, call.BaselineNanoUsd, call.Status));
    }

    [Fact]
    public async Task A_pin_keeps_a_row_away_from_a_model_and_nothing_is_sent()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("x"));
        await using var strong = await FakeUpstream.StartAsync(Does.Answer("y"));
        using var caller = Caller(RoutingTests.TwoTiers(small, strong) + "\npins: [ { when: { data_class: phi }, models: [best], why: law }, { when: { user: u-9 }, models: [best], why: asked }, { when: { tag: secret }, models: [best], why: law } ]\n");

        var byClass = await caller.AskAsync(Ask("cheap") with { DataClass = "PHI" }, CancellationToken.None);
        var byUser = await caller.AskAsync(Ask("cheap") with { User = "u-9" }, CancellationToken.None);
        var byOrigin = await caller.AskAsync(Ask("cheap") with { AboutTag = "secret" }, CancellationToken.None);
        var byRoute = await caller.AskAsync(Ask(null) with { AboutTag = "secret" }, CancellationToken.None);

        Assert.All((OwnAnswer[])[byClass, byUser, byOrigin], answer => Assert.Equal(OwnStatus.Forbidden, answer.Status));
        Assert.Contains("keeps it away from cheap", byClass.Why);
        Assert.Equal(OwnStatus.Answered, byRoute.Status);
        Assert.Equal("best", byRoute.Attempt!.Model);
        Assert.Empty(small.Seen);
        Assert.Equal(0, caller.Estimate(Ask("cheap") with { DataClass = "phi" }));
    }

    [Fact]
    public async Task Without_a_model_the_route_answers_with_its_checks_and_its_escalation()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("no number"));
        await using var strong = await FakeUpstream.StartAsync(Does.Answer("#### 42"));
        using var caller = Caller(RoutingTests.TwoTiers(small, strong, "checks: [ { regex: '#### \\d+' } ], escalate: { to: strong }"));

        var answer = await caller.AskAsync(Ask(null), CancellationToken.None);

        Assert.Equal("best", answer.Attempt!.Model);
        var call = Assert.Single(_ledger).Value;
        Assert.Equal([AttemptOutcome.CheckFailed, AttemptOutcome.Completed], call.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(10_000 + 250_000, call.CostNanoUsd);
    }

    [Fact]
    public async Task A_model_that_is_unavailable_for_a_moment_is_asked_again_and_every_attempt_is_booked()
    {
        await using var small = await FakeUpstream.StartAsync(Does.InTurn(Does.Status(503), Does.Status(429, retryAfter: "0"), Does.Answer("late")));
        await using var strong = await FakeUpstream.StartAsync(Does.Answer("y"));
        using var caller = Caller(RoutingTests.TwoTiers(small, strong));

        var answer = await caller.AskAsync(Ask("cheap"), CancellationToken.None);

        Assert.Equal(OwnStatus.Answered, answer.Status);
        Assert.Equal(3, answer.Call!.Attempts.Count);
    }

    [Fact]
    public async Task What_waiting_cannot_mend_fails_at_once_and_says_why()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Status(400));
        await using var strong = await FakeUpstream.StartAsync(Does.Answer("y"));
        using var caller = Caller(RoutingTests.TwoTiers(small, strong));

        var refused = await caller.AskAsync(Ask("cheap"), CancellationToken.None);
        var unreadable = await caller.AskAsync(Ask("cheap") with { Request = "[]"u8.ToArray() }, CancellationToken.None);

        Assert.Equal((OwnStatus.Failed, "cheap: 400 (1 attempt)"), (refused.Status, refused.Why));
        Assert.Equal(OwnStatus.DoesNotFit, unreadable.Status);
        Assert.Equal(CallStatus.Failed, Assert.Single(_ledger).Value.Status);
    }

    [Fact]
    public async Task An_estimate_is_the_input_by_its_length_and_the_cap_as_output_and_unknown_stays_unknown()
    {
        await using var up = await FakeUpstream.StartAsync(Does.Answer("x"));
        using var caller = Caller($$"""
            version: 1
            tiers: { only: { models: [priced, unpriced] } }
            models:
              priced: { provider: openai-compatible, url: "{{up.Url}}", id: a, price: { input: 1, output: 2 } }
              unpriced: { provider: openai-compatible, url: "{{up.Url}}", id: b }
            default: { tier: only, owner: t, why: w }
            """);
        var request = """{"max_tokens":100,"messages":[{"role":"user","content":"0123456789"}]}"""u8.ToArray();

        Assert.Equal((request.Length + "\"model\":\"rung\",".Length) / 4 * 1000 + 100 * 2000, caller.Estimate(Ask("priced") with { Request = request }));
        Assert.Null(caller.Estimate(Ask("unpriced")));
    }

    [Fact]
    public async Task What_a_cancelled_question_used_is_in_the_ledger()
    {
        var asked = new Gate();
        await using var up = await FakeUpstream.StartAsync(async (http, body) =>
        {
            asked.Open();
            await Does.Hang()(http, body);
        });
        using var caller = Caller(RoutingTests.TwoTiers(up, up));
        using var stop = new CancellationTokenSource();

        var asking = caller.AskAsync(Ask("cheap"), stop.Token);
        await asked.Opened;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        var call = Assert.Single(_ledger).Value;
        Assert.Equal(CallStatus.ClientGone, call.Status);
        Assert.True(call.CostNanoUsd > 0);
    }

    private static OwnQuestion Ask(string? model) => new() { Model = model, Tag = "label", BookedTag = "eval.label", BookedRole = "eval", Request = Encoding.UTF8.GetBytes(Row) };

    private ModelCaller Caller(string yaml) => new(TestGateway.Compile(yaml), new ModelCallerOptions
    {
        Append = (batch, _) =>
        {
            foreach (var call in batch) _ledger[call.Id] = call;
            return Task.CompletedTask;
        },
        ReadSecret = _ => "sk-upstream-secret", Clock = TimeProvider.System, Chance = () => 0, Log = NullLoggerFactory.Instance,
    });
}
