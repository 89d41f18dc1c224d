using System.Net;
using System.Text;
using System.Text.Json;
using Rung.Control.Reviews;
using Rung.Control.Tests.Reviews;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using Rung.Storage.Verdicts;

namespace Rung.Tests.Reviews;

/// <summary>Reviews through a whole gateway: calls that it captured, planned, handed out, judged, and sent to the ledger.</summary>
public sealed class GatewayReviewTests
{
    [Fact]
    public async Task A_call_that_the_gateway_captured_is_handed_out_blind_and_its_verdict_waits_in_the_store()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("one two three"));
        await using var world = new ReviewWorld(ReviewWorld.Monday.AddDays(3));
        await using (var gateway = await StartAsync(upstream, world))
        {
            using var client = new HttpClient { BaseAddress = new Uri(gateway.Urls[0]) };
            using var answer = await client.PostAsync("/v1/chat/completions", Json(new { model = "rung/label", messages = new[] { new { role = "user", content = "hi" } } }));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var early = await client.GetAsync("/rung/reviews/next?reviewer=ana");
            Assert.Equal(HttpStatusCode.NoContent, early.StatusCode); // Nothing was planned.
        }
        await world.Planner.PlanWeekAsync(ReviewWorld.Request(), ReviewWorld.Week, default);
        await using (var gateway = await StartAsync(upstream, world))
        {
            using var client = new HttpClient { BaseAddress = new Uri(gateway.Urls[0]) };
            var blind = await client.GetStringAsync("/rung/reviews/next?reviewer=ana");
            Assert.Contains("one two three", blind, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-name", blind, StringComparison.Ordinal);
            var id = JsonDocument.Parse(blind).RootElement.GetProperty("id").GetString();
            Assert.Equal(blind, await client.GetStringAsync($"/rung/reviews/{id}"));
            using var others = await client.GetAsync("/rung/reviews/next?reviewer=bob");
            Assert.Equal(HttpStatusCode.NoContent, others.StatusCode); // Ana is looking at it.

            using var given = await client.PostAsync($"/rung/reviews/{id}", Json(new { reviewer = "ana", choice = "good" }));
            Assert.Contains("\"left_model\":\"secret-name\"", await given.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var nowhere = await client.GetAsync("/rung/review");
            Assert.Contains("/rung/reviews", await nowhere.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Contains("POST /rung/feedback", await nowhere.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(1, await world.Desk.BookAsync("ana", TimeSpan.Zero, default));
        var verdicts = new List<VerdictRecord>();
        await foreach (var verdict in world.Ledger.ReadVerdictsAsync(new VerdictQuery { Kinds = [VerdictKind.Review] }, default)) verdicts.Add(verdict);
        Assert.Equal(("label", "secret-name", 1.0, 1.0), (verdicts[0].Tag, verdicts[0].Model, verdicts[0].Score, verdicts[0].SampledAt));
        Assert.Single(verdicts);
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private static async Task<GatewayServer> StartAsync(FakeUpstream upstream, ReviewWorld world)
    {
        var yaml = $$"""
            version: 1
            tiers: { only: { models: [secret-name] } }
            models: { secret-name: { provider: openai-compatible, url: "{{upstream.Url}}", id: secret-name-up, price: { input: 1, output: 2 } } }
            tags: { label: { tier: only, owner: t, why: w, capture: { sample: 1, keep_days: 30 } } }
            default: { tier: only, owner: t, why: w }
            """;
        var policy = PolicyCompiler.Compile(new PolicySource("rung.yaml", yaml, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22)).Snapshot!;
        var options = new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = policy, Prices = PriceBook.Embedded, Clock = world.Clock, Log = null, Content = world.Store };
        return await GatewayServer.StartAsync(options, world.Ledger, CancellationToken.None);
    }
}
