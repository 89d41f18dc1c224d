using System.Text;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Content;
using Rung.Storage.Verdicts;

namespace Rung.Tests.Feedback;

/// <summary>Feedback on a call that a whole gateway served.</summary>
public sealed class GatewayFeedbackTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rung-feedback-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_client_answers_with_the_id_of_its_call_and_the_verdict_knows_tag_model_and_session_while_the_comment_is_redacted()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("one two three"));
        string? id;
        await using (var ledger = Ledger.Open(directory, TimeProvider.System))
        await using (var content = ContentStore.Open(directory, key: null, TimeProvider.System))
        await using (var gateway = await StartAsync(upstream, ledger, content))
        {
            using var client = new HttpClient { BaseAddress = new Uri(gateway.Urls[0]) };
            using var call = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json("""{"model":"rung/classify","messages":[{"role":"user","content":"hi"}]}""") };
            call.Headers.Add("x-rung-session", "s-1");
            using var answer = await client.SendAsync(call);
            id = answer.Headers.GetValues("x-rung-call-id").Single();
            using var reply = await client.PostAsync("/rung/feedback", Json($$"""{"call_id":"{{id}}","thumbs":"up","comment":"ask ann@example.org"}"""));
            Assert.Equal(202, (int)reply.StatusCode);
            Assert.Equal("ask [email]", Assert.Single(await content.ReadCommentsAsync(id, null, CancellationToken.None)).Text);
        }

        await using var after = Ledger.OpenReadOnly(directory, TimeProvider.System);
        var verdicts = new List<VerdictRecord>();
        await foreach (var read in after.ReadVerdictsAsync(new VerdictQuery { Tag = "classify" }, CancellationToken.None)) verdicts.Add(read);
        var verdict = Assert.Single(verdicts);
        Assert.Equal((id, "a", "s-1", 1.0), (verdict.CallId, verdict.Model, verdict.Session, verdict.Score));
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<GatewayServer> StartAsync(FakeUpstream upstream, Ledger ledger, ContentStore content)
    {
        var yaml = $$"""
            version: 1
            tiers: { only: { models: [a] } }
            models: { a: { provider: openai-compatible, url: "{{upstream.Url}}", id: a-up, price: { input: 1, output: 2 } } }
            tags: { classify: { tier: only, owner: t, why: w } }
            default: { tier: only, owner: t, why: w }
            """;
        var policy = PolicyCompiler.Compile(new PolicySource("rung.yaml", yaml, _ => null), PriceBook.Embedded, new DateOnly(2026, 11, 22)).Snapshot!;
        return await GatewayServer.StartAsync(
            new GatewayServerOptions
            {
                Urls = ["http://127.0.0.1:0"], Policy = policy, Prices = PriceBook.Embedded, Clock = TimeProvider.System, Log = null, Content = content,
                Feedback = new FeedbackReceiverOptions { KeepComments = TimeSpan.FromDays(1) },
            },
            ledger, CancellationToken.None);
    }
}
