using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;
using Rung.Storage;

namespace Rung.Tests.Crash;

/// <summary>The real executable, killed without a warning under load: what it had written is whole, and little is missing.</summary>
public sealed class KillTests
{
    /// <summary>Twice the interval at which calls are written, and room for a slow machine.</summary>
    private static readonly TimeSpan Safe = TimeSpan.FromMilliseconds(1500);

    [Fact]
    public async Task After_a_kill_under_load_the_ledger_is_whole_and_the_server_starts_again()
    {
        var directory = Directory.CreateTempSubdirectory("rung-kill-").FullName;
        try
        {
            // Every third answer fails its check, so that calls of two attempts are among them.
            var asked = 0;
            await using var upstream = await FakeUpstream.StartAsync((http, body) =>
                Does.Answer(Interlocked.Increment(ref asked) % 3 == 0 ? "bad" : "good")(http, body));
            var policy = Path.Combine(directory, "rung.yaml");
            await File.WriteAllTextAsync(policy, $$"""
                version: 1
                tiers: { small: { models: [a] }, big: { models: [b] } }
                models:
                  a: { provider: openai-compatible, url: "{{upstream.Url}}", id: a, price: { input: 1, output: 2 } }
                  b: { provider: openai-compatible, url: "{{upstream.Url}}", id: b, price: { input: 10, output: 20 } }
                tags: { job: { tier: small, owner: t, why: w, checks: [ { regex: good } ], escalate: { to: big } } }
                default: { tier: big, owner: t, why: w }
                """);
            var data = Path.Combine(directory, "data");
            var answered = new ConcurrentQueue<(string Id, long At)>();

            long killedAt;
            using (var server = RungProcess.Start(policy, data))
            {
                using var http = new HttpClient { BaseAddress = await server.UrlAsync() };
                var killed = new CancellationTokenSource();
                var callers = Enumerable.Range(0, 16).Select(_ => Task.Run(() => CallAsync(http, answered, killed.Token))).ToList();
                // Until enough calls were answered long enough ago, however slow the machine is.
                var started = Stopwatch.GetTimestamp();
                while (answered.Count(call => Stopwatch.GetElapsedTime(call.At) > Safe) < 50)
                {
                    Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60) && !callers.Any(caller => caller.IsCompleted), "The calls came to a stop.");
                    await Task.Delay(50);
                }
                killedAt = Stopwatch.GetTimestamp();
                server.Kill();
                await killed.CancelAsync();
                await Task.WhenAll(callers);
                killed.Dispose();
            }

            var calls = new Dictionary<string, CallRecord>();
            await using (var ledger = Ledger.Open(data, TimeProvider.System)) // Recovers what the killed process left behind.
            {
                await foreach (var call in ledger.ReadAsync(new CallQuery(), CancellationToken.None)) calls.Add(call.Id, call);
            }
            Assert.True(calls.Count > 50, $"only {calls.Count} calls");
            Assert.All(calls.Values, call =>
            {
                Assert.True(call.Attempts.Count is 1 or 2 && call.Attempts.Select(a => a.Ordinal).SequenceEqual(Enumerable.Range(0, call.Attempts.Count)));
                Assert.Equal(call.Attempts.Sum(attempt => attempt.CostNanoUsd), call.CostNanoUsd);
                Assert.NotEqual((CallStatus)0, call.Status);
            });
            Assert.Contains(calls.Values, call => call.Attempts.Count == 2);
            var old = answered.Where(call => Stopwatch.GetElapsedTime(call.At, killedAt) > Safe).ToList();
            Assert.True(old.Count > 20, $"only {old.Count} calls were answered early enough");
            Assert.DoesNotContain(old, call => !calls.ContainsKey(call.Id));

            using var again = RungProcess.Start(policy, data);
            using var client = new HttpClient { BaseAddress = await again.UrlAsync() };
            var id = await OneCallAsync(client, CancellationToken.None);
            var page = await client.GetStringAsync($"/rung/calls/{id}");
            Assert.Contains(id, page);
            Assert.Contains(old[0].Id, await client.GetStringAsync($"/rung/calls/{old[0].Id}"));
            again.Kill();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task CallAsync(HttpClient http, ConcurrentQueue<(string, long)> answered, CancellationToken killed)
    {
        try
        {
            while (!killed.IsCancellationRequested) answered.Enqueue((await OneCallAsync(http, killed), Stopwatch.GetTimestamp()));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            // The server is gone.
        }
    }

    private static async Task<string> OneCallAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent("""{"model":"rung/job","messages":[{"role":"user","content":"hi"}]}""", new MediaTypeHeaderValue("application/json")),
        };
        using var reply = await http.SendAsync(request, cancellationToken);
        reply.EnsureSuccessStatusCode();
        await reply.Content.ReadAsByteArrayAsync(cancellationToken);
        return reply.Headers.GetValues("x-rung-call-id").Single();
    }
}
