using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rung.Core.Spans;
using Rung.Gateway.Intake;
using Rung.Gateway.Recording;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Recording;

/// <summary>What the tap takes off the path: of which calls, in which form, and what becomes of the rest.</summary>
public class CaptureTests
{
    private const string Key = "sk-ant-api03-Q7wErTy1234567890abcdefGHIJKL";

    private readonly ConcurrentQueue<CallContent> stored = new();

    private static string Policy(string url, string capture = "capture: { sample: 1 }", string more = "") => $$"""
        version: 1
        tiers: { small: { models: [mini] }, large: { models: [maxi] } }
        models:
          mini: { provider: openai-compatible, url: "{{url}}", id: mini, price: { input: 1, output: 2 } }
          maxi: { provider: openai-compatible, url: "{{url}}", id: maxi, price: { input: 3, output: 6 } }
        tags:
          job: { tier: small, owner: o, why: w, {{capture}}{{more}} }
          other: { tier: small, owner: o, why: w }
        default: { tier: large, why: w }
        """;

    private Task<TestGateway> StartAsync(string policy, ClientKeys? keys = null, ContentTapOptions? content = null, Func<Task>? before = null) =>
        TestGateway.StartAsync(TestGateway.Compile(policy), keys, content: content, keep: async (batch, _) =>
        {
            if (before is not null) await before();
            foreach (var call in batch) stored.Enqueue(call);
        });

    private static string Request(string text, string more = "") => $$"""{"model":"x","messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]{{more}}}""";

    private static async Task<ContentTap> FlushedAsync(TestGateway gateway, int calls)
    {
        await gateway.CallsAsync(calls);
        var tap = gateway.Services.GetRequiredService<ContentTap>();
        await tap.FlushAsync(CancellationToken.None);
        return tap;
    }

    private static JsonElement Json(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json).RootElement;

    [Fact]
    public async Task A_plain_call_is_kept_redacted_without_who_asked()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer($"Write to jo@example.org, key {Key}"));
        await using var gateway = await StartAsync(Policy(upstream.Url));
        await gateway.PostAsync(Request($"I am jo@example.org, {Key}", ""","user":"u-77","stream":false,"metadata":{"rung_session":"s-9"},"x_unknown":1.50"""), ("x-rung-tag", "job"));
        await FlushedAsync(gateway, 1);

        var call = Assert.Single(stored);
        Assert.Equal(("u-77", "s-9"), (call.Call.User, call.Call.Session));
        Assert.Equal("""{"model":"x","messages":[{"role":"user","content":"I am [email], [secret]"}],"x_unknown":1.50}""", Encoding.UTF8.GetString(call.Request.Span));
        var answer = Assert.Single(call.Answers);
        Assert.True(answer.Served);
        Assert.Equal("""{"role":"assistant","content":"Write to [email], key [secret]"}""", Encoding.UTF8.GetString(answer.Message.Span));
        Assert.Equal(4, call.Redactions);
    }

    [Fact]
    public async Task A_live_stream_is_put_together_and_what_is_cut_between_chunks_is_found()
    {
        string[] pieces = ["jo@exam", "ple.org is ", "sk-ant-api03-Q7wErTy12", "34567890abcdefGHIJKL", " ok"];
        await using var upstream = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var piece in pieces) await http.Response.WriteAsync(Does.Chunk("m", $$"""{"content":{{JsonSerializer.Serialize(piece)}}}""", "null"));
            foreach (var part in new[] { """{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"pay","arguments":"{\"card\":\"4111 1111"}}]}""", """{"tool_calls":[{"index":0,"function":{"arguments":" 1111 1111\"}"}}]}""" })
                await http.Response.WriteAsync(Does.Chunk("m", part, "null"));
            await http.Response.WriteAsync(Does.Chunk("m", "{}", "\"stop\"") + "data: [DONE]\n\n");
        });
        await using var gateway = await StartAsync(Policy(upstream.Url));
        var reply = await gateway.PostAsync(Request("Hi", ""","stream":true"""), ("x-rung-tag", "job"));
        Assert.Contains("4111 1111", await reply.TextAsync()); // The client gets what the model said.
        await FlushedAsync(gateway, 1);

        var message = Json(Assert.Single(Assert.Single(stored).Answers).Message);
        Assert.Equal("[email] is [secret] ok", message.GetProperty("content").GetString());
        Assert.Equal("""{"card":"[card]"}""", message.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("call_1", message.GetProperty("tool_calls")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_call_that_climbed_keeps_every_whole_answer_and_says_which_was_served()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.InTurn(Does.Answer($"not json {Key}"), Does.Answer("{}")));
        await using var gateway = await StartAsync(Policy(upstream.Url, more: ", checks: [json], escalate: { to: large }"));
        await gateway.PostAsync(Request("Hi"), ("x-rung-tag", "job"));
        await FlushedAsync(gateway, 1);

        var answers = Assert.Single(stored).Answers;
        Assert.Equal([("mini", false, AttemptOutcome.CheckFailed), ("maxi", true, AttemptOutcome.Completed)], answers.Select(answer => (answer.Attempt.Model, answer.Served, answer.Attempt.Outcome)));
        Assert.Equal("not json [secret]", Json(answers[0].Message).GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_held_stream_is_kept_too()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("{\"a\": 1}"));
        await using var gateway = await StartAsync(Policy(upstream.Url, more: ", checks: [json], escalate: { to: large }"));
        await (await gateway.PostAsync(Request("Hi", ""","stream":true"""), ("x-rung-tag", "job"))).TextAsync();
        await FlushedAsync(gateway, 1);
        Assert.Equal("{\"a\": 1}", Json(Assert.Single(Assert.Single(stored).Answers).Message).GetProperty("content").GetString());
    }

    [Fact]
    public async Task Nothing_is_kept_of_other_routes_of_errors_and_of_strangers()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.InTurn(Does.Answer("fine"), Does.Status(400), Does.CutStream("half")));
        await using var gateway = await StartAsync(Policy(upstream.Url), new ClientKeys(["sesame"]));
        await gateway.PostAsync(Request("other"), ("x-rung-tag", "other"), ("Authorization", "Bearer sesame"));
        await gateway.PostAsync(Request("error"), ("x-rung-tag", "job"), ("Authorization", "Bearer sesame"));
        await (await gateway.PostAsync(Request("cut", ""","stream":true"""), ("x-rung-tag", "job"), ("Authorization", "Bearer sesame"))).TextAsync();
        await gateway.PostAsync(Request("stranger"), ("x-rung-tag", "job"));
        var tap = await FlushedAsync(gateway, 3);
        Assert.Empty(stored);
        Assert.Equal((0L, 0L, 0L, 0L), (tap.Kept, tap.Dropped, tap.TooLarge, tap.Unreadable));
    }

    [Fact]
    public async Task A_share_is_sampled_by_the_id_of_the_call_and_every_gateway_agrees()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        var policy = Policy(upstream.Url, "capture: { sample: 0.5 }");
        await using var gateway = await StartAsync(policy);
        for (var i = 0; i < 40; i++) await gateway.PostAsync(Request("Hi"), ("x-rung-tag", "job"));
        await FlushedAsync(gateway, 40);

        var capture = TestGateway.Compile(policy).Tags["job"].Capture!;
        Assert.Equal(gateway.Ledger.Keys.Where(capture.Takes).Order(StringComparer.Ordinal), stored.Select(call => call.Call.Id).Order(StringComparer.Ordinal));
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => capture.Takes($"{i:x32}")), 4800, 5200);
    }

    [Fact]
    public async Task What_is_too_large_is_counted_and_not_kept()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await StartAsync(Policy(upstream.Url, "capture: { sample: 1, max_kb: 1 }"));
        await gateway.PostAsync(Request(new string('x', 1100)), ("x-rung-tag", "job"));
        await gateway.PostAsync(Request("small"), ("x-rung-tag", "job"));
        var tap = await FlushedAsync(gateway, 2);
        Assert.Equal((1, 1L, 1L), (stored.Count, tap.TooLarge, tap.Kept));
    }

    [Fact]
    public async Task What_cannot_be_redacted_is_counted_and_not_kept()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await StartAsync(Policy(upstream.Url));
        await gateway.PostAsync("""{"model":"x","messages":[{"role":"user","content":"half \ud83d a pair"}]}""", ("x-rung-tag", "job"));
        var tap = await FlushedAsync(gateway, 1);
        Assert.Equal((0, 1L), (stored.Count, tap.Unreadable));
    }

    [Fact]
    public async Task A_full_queue_drops_and_says_so_and_a_store_that_fails_is_tried_again()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("fine"));
        var broken = true;
        var options = new ContentTapOptions { QueueCapacity = 1, Interval = TimeSpan.FromHours(1) };
        await using var gateway = await StartAsync(Policy(upstream.Url), content: options, before: () => broken ? Task.FromException(new IOException("full")) : Task.CompletedTask);
        for (var i = 0; i < 3; i++) await gateway.PostAsync(Request("Hi"), ("x-rung-tag", "job"));
        await gateway.CallsAsync(3);

        var tap = gateway.Services.GetRequiredService<ContentTap>();
        await Assert.ThrowsAsync<IOException>(() => tap.FlushAsync(CancellationToken.None));
        broken = false;
        await tap.FlushAsync(CancellationToken.None);

        Assert.Equal((1, 2L), (stored.Count, tap.Dropped));
        Assert.Contains("\"content\":{\"waiting\":0,\"kept\":1,\"dropped\":2", (await gateway.Http.GetStringAsync("/readyz")).Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings(""));
    }

    [Fact]
    public async Task The_words_of_a_failed_check_reach_the_ledger_redacted()
    {
        await using var upstream = await FakeUpstream.StartAsync(Does.Answer("jo.doe@example.org"));
        await using var gateway = await StartAsync(Policy(upstream.Url, "checks: [ { allowed: [yes, no] } ]"));
        await gateway.PostAsync(Request("Hi"), ("x-rung-tag", "job"));
        var check = Assert.Single((await gateway.OnlyCallAsync()).Attempts[0].Checks);
        Assert.False(check.Passed);
        Assert.DoesNotContain("jo.doe", check.Detail);
    }
}
