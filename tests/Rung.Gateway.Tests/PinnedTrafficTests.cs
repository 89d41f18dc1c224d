using System.Net;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests;

/// <summary>Pinned calls reach no other model, whatever fails, over real HTTP.</summary>
public sealed class PinnedTrafficTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Under_random_faults_failovers_and_climbs_a_pinned_call_stays_within_its_pins(int seed)
    {
        var random = new Random(seed);
        var clock = new ManualClock();
        string[] faults = ["500", "429", "404", "401", "aborted", "empty", "error inside 200", "finish error", "stream error first"];
        Behaviour Moody(string name)
        {
            var own = new Random(seed * 31 + name[0]);
            return (http, body) =>
            {
                int drawn;
                lock (own) drawn = own.Next(10);
                return (drawn < 4 ? Does.Answer("good") : drawn < 6 ? Does.Answer("bad") : Faults.UnavailableTests.Failing(faults[(drawn + seed) % faults.Length]))(http, body);
            };
        }
        var upstreams = new List<FakeUpstream>();
        foreach (var name in (string[])["a", "b", "c", "d"]) upstreams.Add(await FakeUpstream.StartAsync(Moody(name)));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(
            "checks: [ { regex: good } ], escalate: { to: mid, on: [check_failed, unavailable], times: 2 }",
            """
            pins:
              - { when: { data_class: phi }, models: [m0, m2] }
              - { when: { tenant: acme }, models: [m1, m2, m3] }
            limits: { attempts: 6 }
            """,
            ("small", "m0", upstreams[0].Url), ("small", "m1", upstreams[1].Url), ("mid", "m2", upstreams[2].Url), ("big", "m3", upstreams[3].Url))), clock: clock);

        for (var i = 0; i < 120; i++)
        {
            var (phi, acme, stream) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0);
            string[] allowed = (phi, acme) switch { (true, true) => ["m2"], (true, false) => ["m0", "m2"], (false, true) => ["m1", "m2", "m3"], _ => ["m0", "m1", "m2", "m3"] };
            var seenBefore = upstreams.Select(upstream => upstream.Seen.Count).ToList();
            var headers = new List<(string, string)> { ("x-rung-tag", "job") };
            if (phi) headers.Add(("x-rung-data-class", "phi"));
            if (acme) headers.Add(("x-rung-tenant", "acme"));

            var reply = await clock.UntilAsync(gateway.PostAsync(Ask.Of(stream), [.. headers]), TimeSpan.FromMilliseconds(500));
            await reply.Content.LoadIntoBufferAsync();

            for (var m = 0; m < 4; m++) Assert.True(allowed.Contains($"m{m}") || upstreams[m].Seen.Count == seenBefore[m], $"call {i} reached m{m}");
            Assert.InRange(upstreams.Sum(upstream => upstream.Seen.Count) - seenBefore.Sum(), 0, 6);
        }
        var calls = await gateway.CallsAsync(120);
        Assert.All(calls, call => Assert.Equal(call.Attempts.Sum(a => a.CostNanoUsd), call.CostNanoUsd));
        Assert.Contains(calls, call => call.Status == CallStatus.Answered);
        foreach (var upstream in upstreams) await upstream.DisposeAsync();
    }

    [Fact]
    public async Task A_call_whose_pins_nothing_satisfies_is_sent_nowhere()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("never"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder("", """
            pins:
              - { name: dpa, when: { data_class: phi }, models: [a] }
              - { when: { tenant: acme }, models: [b] }
            """, ("small", "a", upstream.Url), ("big", "b", upstream.Url))));

        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-data-class", "phi"), ("x-rung-tenant", "acme"));

        var error = await reply.ErrorAsync(HttpStatusCode.BadRequest);
        Assert.Equal("pin_unsatisfied", error.GetProperty("code").GetString());
        Assert.Contains("dpa", error.GetProperty("message").GetString());
        Assert.Empty(upstream.Seen);
        var call = await gateway.OnlyCallAsync();
        Assert.Equal((CallStatus.Rejected, 400, 0), (call.Status, call.HttpStatus, call.Attempts.Count));
    }
}
