using System.Net;
using Rung.Core.Policies;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests;

/// <summary>A policy is swapped whole, under load, and no call sees two of them.</summary>
public sealed class PolicyReloadTests
{
    [Fact]
    public async Task Under_load_no_call_fails_and_none_sees_two_revisions()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("no number"));
        // Every revision names its models after itself, so that a mixture would show.
        PolicySnapshot Revision(int number) => TestGateway.Compile(Yaml.Ladder(
            "checks: [ { regex: never } ], escalate: { to: big }", "", ("small", $"s{number}", upstream.Url), ("big", $"b{number}", upstream.Url))).WithRevision(number);
        await using var gateway = await TestGateway.StartAsync(Revision(1));
        var revisions = Enumerable.Range(1, 20).Select(Revision).ToList();
        var served = 0;

        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 60; i++)
            {
                var reply = await gateway.PostAsync(Ask.Of(stream: caller % 2 == 0), ("x-rung-tag", "job"));
                Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
                var revision = reply.Header("x-rung-policy").Split('@')[0];
                Assert.Equal($"b{revision}", reply.Header("x-rung-model"));
                await reply.Content.LoadIntoBufferAsync();
                Interlocked.Increment(ref served);
            }
        })).ToList();
        foreach (var revision in revisions)
        {
            var next = revision.Revision * 22;
            while (Volatile.Read(ref served) < next && !callers.All(caller => caller.IsCompleted)) await Task.Yield();
            gateway.Policies.Swap(revision);
        }
        await Task.WhenAll(callers);

        var calls = await gateway.CallsAsync(480);
        Assert.Equal(480, calls.Count);
        Assert.All(calls, call => Assert.Equal([$"s{call.PolicyRevision}", $"b{call.PolicyRevision}"], call.Attempts.Select(a => a.Model)));
        Assert.True(calls.Select(call => call.PolicyRevision).Distinct().Count() > 10);
    }

    [Fact]
    public async Task What_was_seen_of_a_model_survives_a_swap()
    {
        var clock = new ManualClock();
        await using var down = await FakeUpstream.StartAsync(Does.Status(500));
        var policy = TestGateway.Compile(Yaml.Alone(down.Url, "limits: { attempts: 1 }"));
        await using var gateway = await TestGateway.StartAsync(policy, clock: clock);
        for (var i = 0; i < 5; i++) await gateway.PostAsync(Ask.Plain);

        gateway.Policies.Swap(policy.WithRevision(2));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.PostAsync(Ask.Plain)).StatusCode);
    }

    [Fact]
    public async Task A_call_under_way_keeps_the_policy_that_it_started_under()
    {
        var (asked, answer) = (new Gate(), new Gate());
        await using var slow = await FakeUpstream.StartAsync(async (http, body) =>
        {
            asked.Open();
            await answer.Opened;
            await Does.Answer("done")(http, body);
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(slow.Url)));

        var call = gateway.PostAsync(Ask.Plain);
        await asked.Opened;
        gateway.Policies.Swap(TestGateway.Compile(Yaml.Alone("http://127.0.0.1:1/v1")).WithRevision(2));
        answer.Open();

        Assert.StartsWith("1@", (await call).Header("x-rung-policy"));
        Assert.Equal(1, (await gateway.OnlyCallAsync()).PolicyRevision);
    }
}
