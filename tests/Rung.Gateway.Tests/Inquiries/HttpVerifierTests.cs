using System.Text;
using System.Text.Json;
using Rung.Core.Spans;
using Rung.Gateway.Inquiries;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Inquiries;

/// <summary>A served classifier that scores answers.</summary>
public sealed class HttpVerifierTests
{
    private const string Batch = """body: '{"inputs":[["{prompt}","{answer}"]]}', score: /0, label: GOOD""";

    private static string Policy(string url, string how, FakeUpstream small, FakeUpstream big, string more = "") => Yaml.Ladder(
        "checks: [ { verifier: { use: bert, at_least: 0.5 } } ], escalate: { to: big }",
        $$"""
        verifiers: { bert: { http: { url: "{{url}}", {{how}} }, limit_seconds: 2 } }
        {{more}}
        """, ("small", "a", small.Url), ("big", "b", big.Url));

    private static async Task<(HttpResponseMessage Reply, CallRecord Call, FakeUpstream Bert)> Run(string how, Behaviour does, string request = Ask.Plain, string more = "", params (string, string)[] headers)
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("say \"hi\"\n{prompt}"));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("strong"));
        await using var bert = await FakeUpstream.StartAsync(does);
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Policy(bert.Url + "/predict", how, small, big, more)));
        var reply = await gateway.PostAsync(request, [("x-rung-tag", "job"), .. headers]);
        await reply.Content.LoadIntoBufferAsync();
        return (reply, await gateway.OnlyCallAsync(), bert);
    }

    [Theory]
    [InlineData(Batch, """[[{"label":"BAD","score":0.1},{"label":"GOOD","score":0.9}]]""")]
    [InlineData(Batch, """[{"label":"GOOD","score":0.9},{"label":"BAD","score":0.1}]""")]
    [InlineData("""body: '{"q":"{prompt}","a":"{answer}"}', score: /result/0/a~1b""", """{"result":[{"a/b":0.9}]}""")]
    public async Task The_score_is_found_by_pointer_and_label(string how, string says)
    {
        var (reply, call, _) = await Run(how, Does.Json(says));

        Assert.Equal("a", reply.Header("x-rung-model"));
        Assert.Equal(0.9, call.Attempts[0].Checks[0].Score);
        Assert.Equal((AttemptKind.Verifier, "bert", "http", "verifier", AttemptOutcome.Completed, 200), (call.Attempts[1].Kind, call.Attempts[1].Model, call.Attempts[1].Provider, call.Attempts[1].Tier, call.Attempts[1].Outcome, call.Attempts[1].HttpStatus));
    }

    [Fact]
    public async Task The_question_is_the_template_with_prompt_and_answer_escaped_in_one_pass()
    {
        var (_, call, bert) = await Run(Batch + ", usd_per_call: 0.00001", Does.Json("""[{"label":"GOOD","score":0.9}]"""), """{"model":"x","messages":[{"role":"user","content":"a \"b\" {answer} \u0001é"}]}""");

        Assert.Equal(["a \"b\" {answer} \u0001é", "say \"hi\"\n{prompt}"], Assert.Single(bert.Seen).Json.GetProperty("inputs")[0].EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(10_000, call.Attempts[1].CostNanoUsd);
        Assert.Equal(30_000, call.CostNanoUsd);
    }

    [Theory]
    [InlineData("""[{"label":"OTHER","score":0.9}]""", 200, "no label GOOD")]
    [InlineData("""[{"label":"GOOD","score":1.9}]""", 200, "no number from 0 to 1")]
    [InlineData("""{"x":1}""", 200, "nothing at /0")]
    [InlineData("no json", 200, "not JSON")]
    [InlineData("{}", 503, "503")]
    [InlineData("{}", 302, "302")]
    public async Task Without_a_score_it_is_unavailable(string says, int status, string why)
    {
        var (reply, call, bert) = await Run(Batch, (http, body) =>
        {
            http.Response.Headers.Location = "/elsewhere";
            return Does.Json(says, status)(http, body);
        });

        Assert.Equal("b", reply.Header("x-rung-model"));
        Assert.Contains(why, call.Attempts[0].Checks[0].Detail);
        Assert.NotEqual(AttemptOutcome.Completed, call.Attempts[1].Outcome);
        Assert.Single(bert.Seen); // No redirect is followed.
    }

    [Fact]
    public async Task An_endless_reply_is_cut()
    {
        var (_, call, _) = await Run(Batch, Does.Json("[" + new string(' ', 2 * 1024 * 1024)));

        Assert.Contains("larger than", call.Attempts[0].Checks[0].Detail);
    }

    [Theory]
    [InlineData("false", "b", 0)]
    [InlineData("true", "a", 1)]
    public async Task A_call_under_a_pin_is_shown_only_where_the_policy_says_so(string trusted, string answers, int seen)
    {
        var (reply, _, bert) = await Run(Batch + $", pinned_calls: {trusted}", Does.Json("""[{"label":"GOOD","score":0.9}]"""),
            more: "pins: [ { when: { data_class: phi }, models: [a, b], why: w } ]", headers: ("x-rung-data-class", "phi"));

        Assert.Equal(answers, reply.Header("x-rung-model"));
        Assert.Equal(seen, bert.Seen.Count);
    }

    [Fact]
    public async Task The_key_travels_in_its_header_and_appears_nowhere_else()
    {
        var log = new KeptLog();
        await using var small = await FakeUpstream.StartAsync(Does.Answer("weak"));
        await using var bert = await FakeUpstream.StartAsync((http, body) => Does.Json($$"""{"error":"bad key {{http.Request.Headers.Authorization}}"}""", 401)(http, body));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Policy(bert.Url, Batch + ", key: { env: TEST_KEY }", small, small)), log: log);

        var reply = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));
        var call = await gateway.OnlyCallAsync();
        var page = await gateway.Http.GetStringAsync($"/rung/calls/{call.Id}");

        Assert.Equal("Bearer sk-upstream-secret", bert.Seen.Single().Headers["Authorization"]);
        Assert.All(log.Lines, line => Assert.DoesNotContain("sk-upstream-secret", line));
        Assert.DoesNotContain("sk-upstream-secret", page + JsonSerializer.Serialize(call) + reply.Headers + await reply.TextAsync());
    }

    [Fact]
    public async Task A_key_that_cannot_be_read_makes_it_unavailable_and_the_gateway_says_so()
    {
        await using var small = await FakeUpstream.StartAsync(Does.Answer("weak"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Policy(small.Url, Batch + ", key: { env: NO_SUCH_KEY }", small, small)));

        await (await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"))).TextAsync();

        Assert.Contains("bert has no key", (await gateway.OnlyCallAsync()).Attempts[0].Checks[0].Detail);
        Assert.Contains("\"verifiers_without_key\":[\"bert\"]", await gateway.Http.GetStringAsync("/readyz"));
    }

    [Fact]
    public async Task A_silent_one_is_left_after_its_limit_and_then_left_alone()
    {
        var clock = new ManualClock();
        await using var small = await FakeUpstream.StartAsync(Does.Answer("weak"));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("strong"));
        await using var bert = await FakeUpstream.StartAsync(Does.Hang());
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Policy(bert.Url, Batch + ", usd_per_call: 0.00001", small, big)), clock: clock);

        for (var i = 0; i < 6; i++)
        {
            var asked = gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));
            while (i < 5 && bert.Seen.Count <= i) await Task.Delay(1);
            Assert.Equal("b", (await clock.UntilAsync(asked, TimeSpan.FromMilliseconds(100))).Header("x-rung-model"));
        }

        Assert.Equal(5, bert.Seen.Count);
        var calls = await gateway.CallsAsync(6);
        Assert.All(calls.Take(5), call => Assert.Equal((AttemptOutcome.TimedOut, 10_000), (call.Attempts[1].Outcome, call.Attempts[1].CostNanoUsd)));
        Assert.Contains("being left alone", calls[5].Attempts[0].Checks[0].Detail);
    }

    [Theory]
    [InlineData("", "GOOD", """[[{"label":"BAD","score":0.1},{"label":"GOOD","score":0.9}]]""", 0.9)]
    [InlineData("", null, "0.5", 0.5)]
    [InlineData("/1", null, "[0, 1]", 1.0)]
    [InlineData("/-1", null, "[0, 1]", null)]
    [InlineData("/99999999999", null, "[0, 1]", null)]
    [InlineData("a", null, """{"a":1}""", null)]
    [InlineData("/a", "GOOD", """{"a":{"label":"GOOD","score":"1"}}""", null)]
    [InlineData("/a", "GOOD", """{"a":[1, null, {"label":5}]}""", null)]
    public void A_pointer_finds_a_number_or_nothing(string pointer, string? label, string json, double? score)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(score, ScorePointer.Find(document.RootElement, pointer, label, out var fault));
        Assert.Equal(score is null, fault is not null);
    }

    [Theory]
    [InlineData("{answer}-{prompt}-{answer}", "A-{answer}-A")]
    [InlineData("{prompt", "{prompt")]
    [InlineData("", "")]
    public void A_template_is_filled_in_one_pass(string template, string filled) =>
        Assert.Equal(filled, Encoding.UTF8.GetString(BodyTemplate.Fill(template, "{answer}"u8, "A"u8).Span));
}
