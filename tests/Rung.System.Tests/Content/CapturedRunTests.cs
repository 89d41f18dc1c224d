using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rung.Commands;
using Rung.Gateway.Tests.Support;
using Rung.Storage.Content;

namespace Rung.Tests.Content;

/// <summary>What is planted in a captured run is in no file of the data directory; what a deletion is about is in none of them afterwards.</summary>
public sealed class CapturedRunTests
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="; // Of these tests alone.

    // One of every kind, and none of them anybody's.
    private static readonly string[] s_planted =
    [
        "maria.lopez7@shop-example.org", "+49 170 5550123", "(202) 555-0143", "4111 1111 1111 1111", "5555555555554444", "sk-ant-api03-Zk3jQ9vXw81bTnR5yUoP2LmA7dFg",
        "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8", "AKIAQ3EGZ7XPLM42WKSD", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MjQyNDI0MiJ9.c2lnbmF0dXJlLW9mLXRlc3Rz", "Zx9-hunter-Qw7", "ORD-0042-7731",
    ];

    private static string Plain => $"mail {s_planted[0]}, call {s_planted[1]} or {s_planted[2]}, cards {s_planted[3]} and {s_planted[4]}, keys {s_planted[5]} {s_planted[6]} {s_planted[7]} {s_planted[8]} password: {s_planted[9]} order {s_planted[10]}";

    private static string Policy(string upstream) => $$"""
        version: 1
        tiers: { small: { models: [mini] }, large: { models: [maxi] } }
        models:
          mini: { provider: openai-compatible, url: "{{upstream}}", id: mini, price: { input: 1, output: 2 } }
          maxi: { provider: openai-compatible, url: "{{upstream}}", id: maxi, price: { input: 3, output: 6 } }
        redactions: { order: 'ORD-[0-9]{4}-[0-9]{4}' }
        tags:
          job: { tier: small, owner: o, why: w, capture: { sample: 1 } }
          label: { tier: small, owner: o, why: w, capture: { sample: 1 }, checks: [ { allowed: ["yes", "no"] } ], escalate: { to: large } }
        default: { tier: large, why: w }
        """;

    // Says the prompt back, plain or in chunks that cut everything in two, and calls a tool with it.
    private static readonly Behaviour s_echo = async (http, body) =>
    {
        using var request = JsonDocument.Parse(body);
        var text = request.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!;
        var arguments = JsonSerializer.Serialize(new { note = text, list = new[] { text } });
        if (request.RootElement.TryGetProperty("stream", out var stream) && stream.GetBoolean())
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var piece in text.Chunk(7)) await http.Response.WriteAsync(Does.Chunk("m", $$"""{"content":{{JsonSerializer.Serialize(new string(piece))}}}""", "null"));
            foreach (var piece in arguments.Chunk(11))
                await http.Response.WriteAsync(Does.Chunk("m", $$$"""{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"note","arguments":{{{JsonSerializer.Serialize(new string(piece))}}}}}]}""", "null"));
            await http.Response.WriteAsync(Does.Chunk("m", "{}", "\"stop\"") + "data: [DONE]\n\n");
            return;
        }
        await Does.Json(JsonSerializer.Serialize(new
        {
            id = "c", @object = "chat.completion", created = 1, model = "m",
            choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = text, tool_calls = new[] { new { id = "call_1", type = "function", function = new { name = "note", arguments } } } } } },
            usage = new { prompt_tokens = 10, completion_tokens = 5, total_tokens = 15 },
        }))(http, body);
    };

    [Theory]
    [InlineData(null)]
    [InlineData(Key)]
    public async Task Nothing_planted_is_stored_and_a_deletion_by_user_leaves_no_trace_while_the_gateway_serves(string? key)
    {
        await using var upstream = await FakeUpstream.StartAsync(s_echo);
        using var rung = new ContentProcess(key);
        var url = await rung.ServeAsync(Policy(upstream.Url));
        Assert.Contains($"content  of job (100%), label (100%) is kept in", rung.Said, StringComparison.Ordinal);
        Assert.Contains(key is null ? "NOT encrypted" : ", encrypted", rung.Said, StringComparison.Ordinal);

        // 1. A captured run: two users, plain and streamed answers, tool arguments, a checked route whose failed checks quote the answer.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url };
        var ids = new List<string>();
        foreach (var (user, mark) in new[] { ("user-of-mark-77", "MARK-mine-4711"), ("user-of-others", "MARK-theirs-4712") })
        {
            ids.Add(await CallAsync(http, "job", $"{mark} {Plain}", user, stream: false));
            ids.Add(await CallAsync(http, "job", $"{mark} {Plain}", user, stream: true));
            ids.Add(await CallAsync(http, "label", $"{s_planted[0]} {mark}", user, stream: false));
            ids.Add(await CallAsync(http, "label", $"{mark} {Plain}", user, stream: true));
        }
        using var store = new StoreOf(rung.Data, key);
        await store.UntilAsync(ids.Count);

        // 2. Nothing planted is in any file; what may be kept is, readable without a key only.
        foreach (var planted in s_planted) Assert.Equal((planted, ""), (planted, string.Join(' ', rung.FilesWith(planted))));
        Assert.Equal(key is null, rung.FilesWith("MARK-mine-4711").Contains(ContentStore.FileName) || rung.FilesWith("MARK-mine-4711").Contains(ContentStore.FileName + "-wal"));
        var shown = await rung.RunAsync("content", "show", ids[1]);
        Assert.Equal(ExitCode.Ok, shown.Code);
        Assert.Contains("MARK-mine-4711 mail [email], call [phone] or [phone], cards [card] and [card], keys [secret] [secret] [secret] [secret] password: [secret] order [order]", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Redacted before it was stored", shown.Error, StringComparison.Ordinal);

        // 3. A set is built from it, as a command would.
        await store.BuildSetAsync(ids);

        // 4. Deletion by user, while the gateway goes on.
        var asked = await rung.RunAsync("content", "forget", "--user", "user-of-mark-77");
        Assert.Equal(ExitCode.Usage, asked.Code); // Nobody is there to confirm.
        var named = await rung.RunAsync("content", "forget", "--user", "user-of-mark-77", "--reason", "user-of-mark-77 wrote", "--yes");
        Assert.Equal(ExitCode.Usage, named.Code);
        var forgot = await rung.RunAsync("content", "forget", "--user", "user-of-mark-77", "--reason", "asked for by mail", "--yes", "--json");
        Assert.True(forgot.Code == ExitCode.Ok, forgot.Error);
        Assert.Equal((4, 4, 4), (forgot.Json.GetProperty("captures").GetInt32(), forgot.Json.GetProperty("eval_rows").GetInt32(), forgot.Json.GetProperty("ledger_calls").GetInt32()));

        // 5. No trace in any file; the rest is whole; the set says what it lost.
        foreach (var gone in (string[])["MARK-mine-4711", "user-of-mark-77", .. s_planted]) Assert.Equal((gone, ""), (gone, string.Join(' ', rung.FilesWith(gone))));
        Assert.Equal(ids.Skip(4).Order(StringComparer.Ordinal), await store.IdsAsync());
        var set = await store.SetAsync();
        Assert.Equal((8, 4), (set.Rows, set.Removed));
        Assert.Contains("4 rows removed", Assert.Single(set.Notes), StringComparison.Ordinal);
        ids.Add(await CallAsync(http, "job", "Still there?", "user-of-others", stream: false));
        await store.UntilAsync(5);
    }

    [Fact]
    public async Task A_key_that_is_none_and_a_wrong_key_are_told_without_quoting_them()
    {
        await using var upstream = await FakeUpstream.StartAsync(s_echo);
        using var rung = new ContentProcess("no-key-at-all");
        await File.WriteAllTextAsync(rung.At("rung.yaml"), Policy(upstream.Url));
        var served = await rung.RunAsync("serve", "--policy", rung.At("rung.yaml"), "--urls", "http://127.0.0.1:0");
        Assert.Equal(ExitCode.Usage, served.Code);
        Assert.Contains("RUNG_CONTENT_KEY", served.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no-key-at-all", served.Error, StringComparison.Ordinal);
    }

    private static async Task<string> CallAsync(HttpClient http, string tag, string text, string user, bool stream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { model = "x", messages = new[] { new { role = "user", content = text } }, user, stream }), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("x-rung-tag", tag);
        request.Headers.Add("x-rung-session", $"session-of-{user}");
        using var reply = await http.SendAsync(request);
        reply.EnsureSuccessStatusCode();
        await reply.Content.ReadAsByteArrayAsync();
        return reply.Headers.GetValues("x-rung-call-id").Single();
    }

    /// <summary>The store, opened beside the gateway for each look.</summary>
    private sealed class StoreOf(string data, string? key) : IDisposable
    {
        private readonly ContentKey? key = ContentKey.Read(key);

        public async Task UntilAsync(int calls)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
            while ((await IdsAsync()).Count < calls) await Task.Delay(50, limit.Token);
        }

        public async Task<List<string>> IdsAsync()
        {
            await using var store = ContentStore.Open(data, key, TimeProvider.System);
            return await store.ReadCapturesAsync(new CaptureQuery(), CancellationToken.None).Select(call => call.CallId).ToListAsync();
        }

        public async Task BuildSetAsync(List<string> ids)
        {
            await using var store = ContentStore.Open(data, key, TimeProvider.System);
            var calls = await store.ReadCapturesAsync(new CaptureQuery(), CancellationToken.None).ToListAsync();
            await store.AddEvalSetAsync(new EvalSetDraft
            {
                Name = "of-the-run", Tag = "job", MadeBy = "test", Seed = 1,
                Rows = [.. calls.Select((call, i) => new EvalRow
                {
                    Id = $"r-{i:x16}", Position = i, Part = EvalPart.Test, Request = call.Request, Reference = call.Answers[0].Message, ReferenceSource = ReferenceSource.Model,
                    Origin = $"call {call.CallId}", CallId = call.CallId, Session = call.Session, User = call.User,
                })],
            }, CancellationToken.None);
            Assert.Equal(ids.Count, calls.Count);
        }

        public async Task<EvalSet> SetAsync()
        {
            await using var store = ContentStore.Open(data, key, TimeProvider.System);
            return (await store.FindEvalSetAsync("of-the-run", null, CancellationToken.None))!;
        }

        public void Dispose()
        {
        }
    }
}
