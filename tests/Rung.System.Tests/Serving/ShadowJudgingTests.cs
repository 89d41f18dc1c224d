using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Rollouts;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;
using Rung.Storage.Verdicts;

namespace Rung.Tests.Serving;

/// <summary>From a call to the verdict: a rollout in its shadow, the candidate's answer to a copy, the judge in both orders, two verdicts in the ledger.</summary>
public sealed class ShadowJudgingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rung-shadow-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("GOOD", 1.0)]
    [InlineData("BAD", 0.0)]
    [InlineData("MIDDLING", 0.5)]
    public async Task The_judges_word_becomes_a_verdict_on_the_copy_beside_one_of_a_tie_on_the_call(string candidates, double score)
    {
        await using var upstream = await FakeUpstream.StartAsync(Judging(candidates));
        await using var ledger = Ledger.Open(folder.FullName, TimeProvider.System);
        await using var server = await StartAsync(ledger, upstream, judge: "judge-sums");
        var call = await AskAsync(server);

        var verdicts = await VerdictsAsync(ledger, 2);

        var copy = await ledger.FindCallAsync(verdicts.Single(verdict => verdict.CallId != call).CallId!, CancellationToken.None);
        Assert.Equal(("shadow.sums", "1:candidate", "s"), (copy!.Tag, copy.Arm, copy.Session));
        Assert.Equal((score, 0.5), (verdicts.Single(verdict => verdict.CallId == copy.Id).Score, verdicts.Single(verdict => verdict.CallId == call).Score));
        Assert.All(verdicts, verdict => Assert.Equal(
            (VerdictKind.Judge, "shadow", verdict.CallId == call ? 0.0 : 0.5, "judge-sums", "s"), (verdict.Kind, verdict.Name, verdict.Weight, verdict.By, verdict.Session)));
        Assert.Equal("1:current", (await ledger.FindCallAsync(call, CancellationToken.None))!.Arm);
        // The questions to the judge are paid from the same budget, and stand beside the copies.
        var booked = new List<CallRecord>();
        await foreach (var one in ledger.ReadAsync(new CallQuery { Tag = "shadow.sums" }, CancellationToken.None)) booked.Add(one);
        Assert.Equal(["judge 1:current", "judge 1:current", "shadow 1:candidate"], booked.Select(one => $"{one.Role} {one.Arm}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_judge_copies_are_asked_and_nothing_is_said_of_them()
    {
        await using var upstream = await FakeUpstream.StartAsync(Judging("GOOD"));
        await using var ledger = Ledger.Open(folder.FullName, TimeProvider.System);
        await using var server = await StartAsync(ledger, upstream, judge: null);
        await AskAsync(server);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var ready = JsonDocument.Parse(await http.GetStringAsync($"{server.Urls[0]}/readyz", limit.Token));
            if (ready.RootElement.TryGetProperty("shadow", out var shadow) && shadow.GetProperty("unjudged").GetInt32() == 1) break;
            await Task.Delay(20, limit.Token);
        }
        Assert.Empty(await VerdictsAsync(ledger, 0));
    }

    // The policy in force answers MIDDLING. Asked to compare, the model prefers GOOD to MIDDLING to BAD.
    private static Behaviour Judging(string candidates) => async (http, body) =>
    {
        using var request = JsonDocument.Parse(body);
        var text = request.RootElement.GetProperty("messages").ToString();
        if (!text.Contains("answer A", StringComparison.Ordinal))
        {
            await Does.Answer(request.RootElement.GetProperty("model").GetString() == "cheap" ? candidates : "MIDDLING it is")(http, body);
            return;
        }
        string[] order = ["BAD", "MIDDLING", "GOOD"];
        var (first, second) = (text.IndexOf("<<<answer A", StringComparison.Ordinal), text.IndexOf("<<<answer B", StringComparison.Ordinal));
        if (first < 0) (first, second) = (text.IndexOf("answer A ", StringComparison.Ordinal), text.LastIndexOf("answer B ", StringComparison.Ordinal));
        var a = Array.FindIndex(order, word => text[first..second].Contains(word, StringComparison.Ordinal));
        var b = Array.FindIndex(order, word => text[second..].Contains(word, StringComparison.Ordinal));
        await Does.Answer($$"""{"reason": "because", "better": "{{(a > b ? "A" : a < b ? "B" : "tie")}}"}""")(http, body);
    };

    private static string Policy(FakeUpstream upstream, string model, string? judge) => $$"""
        version: 1
        tiers: { small: { models: [{{model}}] }, large: { models: [maxi] } }
        models:
          {{model}}: { provider: openai-compatible, url: "{{upstream.Url}}", id: {{model}}, price: { input: 1, output: 2 } }
          maxi: { provider: openai-compatible, url: "{{upstream.Url}}", id: maxi, price: { input: 3, output: 6 } }
        tags:
          sums: { tier: small, owner: team-a, why: "Sums."{{(judge is null ? "" : $", eval: {{ score: pairwise, judge: {judge} }}")}} }
          judge-sums: { tier: large, owner: team-a, why: "Judges." }
        default: { tier: large, why: "Not yet understood." }
        """;

    private static async Task<GatewayServer> StartAsync(Ledger ledger, FakeUpstream upstream, string? judge)
    {
        var current = await PublishAsync(ledger, Policy(upstream, "mini", judge), RevisionOrigin.Person);
        var candidate = await PublishAsync(ledger, Policy(upstream, "cheap", judge), RevisionOrigin.Candidate);
        var plan = new RolloutPlan { Salt = "pepper", Tags = ["sums"], Shadow = new ShadowTerms(1, 1_000_000_000, 100), Guards = [new Guard(GuardMetric.Judge, 0.03)] };
        Assert.NotNull((await ledger.StartRolloutAsync(candidate.Revision, current.Revision, plan, FollowedGateway.Event(0, RolloutEventKind.Started, stage: -1), CancellationToken.None)).Started);
        return await GatewayServer.StartAsync(
            new GatewayServerOptions { Urls = ["http://127.0.0.1:0"], Policy = current, Prices = PriceBook.Embedded, Clock = TimeProvider.System, Log = null }, ledger, CancellationToken.None);
    }

    private static async Task<PolicySnapshot> PublishAsync(Ledger ledger, string text, RevisionOrigin origin)
    {
        var file = FollowedGateway.Compile(text);
        var revision = await ledger.PublishRevisionAsync(file.Compilation.Snapshot!.Hash, text, file.Files, "ana", "a test", CancellationToken.None, origin);
        return file.Compilation.Snapshot.WithRevision(revision.Number);
    }

    private static async Task<string> AskAsync(GatewayServer server)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        http.DefaultRequestHeaders.Add("x-rung-session", "s");
        using var reply = await http.PostAsync(
            $"{server.Urls[0]}/v1/chat/completions", new StringContent("""{"model":"rung/sums","messages":[{"role":"user","content":"How is it?"}]}""", Encoding.UTF8, "application/json"));
        Assert.Equal(StatusCodes.Status200OK, (int)reply.StatusCode);
        return reply.Headers.GetValues("x-rung-call-id").Single();
    }

    private static async Task<List<VerdictRecord>> VerdictsAsync(Ledger ledger, int expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var verdicts = new List<VerdictRecord>();
            await foreach (var verdict in ledger.ReadVerdictsAsync(new VerdictQuery { Kinds = [VerdictKind.Judge] }, limit.Token)) verdicts.Add(verdict);
            if (verdicts.Count >= expected && (expected == 0 || await ledger.FindCallAsync(verdicts[^1].CallId!, limit.Token) is not null && await ledger.FindCallAsync(verdicts[0].CallId!, limit.Token) is not null))
                return verdicts;
            await Task.Delay(20, limit.Token);
        }
    }
}
