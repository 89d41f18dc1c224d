using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Streaming;

/// <summary>The words of a policy about streams, from its text to the client.</summary>
public sealed class StreamPolicyTests
{
    [Theory]
    [InlineData("", "b", AttemptOutcome.Doomed)]
    [InlineData("stream: hold, ", "b", AttemptOutcome.Doomed)]
    [InlineData("stream: { hold_until: first_valid_prefix }, ", "b", AttemptOutcome.Doomed)]
    [InlineData("stream: pass, ", "a", AttemptOutcome.CheckFailed)]
    public async Task A_stream_that_grows_too_long_is_given_up_where_it_is_held(string mode, string answers, AttemptOutcome outcome)
    {
        await using var small = await FakeUpstream.StartAsync(async (http, body) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Does.Chunk("m", """{"content":"far too long for this"}""", "null"));
            await http.Response.Body.FlushAsync();
            if (answers == "b") await Does.Hang()(http, body);
            await http.Response.WriteAsync(Does.Chunk("m", "{}", "\"stop\"") + "data: [DONE]\n\n");
        });
        await using var big = await FakeUpstream.StartAsync(Does.Answer("short"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(
            Yaml.Ladder(mode + "checks: [ { length: { max: 9 } } ], escalate: { to: big }", "", ("small", "a", small.Url), ("big", "b", big.Url))));

        var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));

        Assert.Equal(answers, reply.Header("x-rung-model"));
        Assert.EndsWith("data: [DONE]\n\n", await reply.TextAsync());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(outcome, call.Attempts[0].Outcome);
        Assert.Equal(call.Attempts.Sum(attempt => attempt.CostNanoUsd), call.CostNanoUsd);
    }

    [Theory]
    [InlineData("""{"label":"billing","amount":"much""", "b")] // The amount is to be a number: its first quote dooms it.
    [InlineData("""Sure! Here is the JSON:""", "b")]
    [InlineData("""{"label":"other","amount":1""", "b")]
    public async Task A_structured_answer_is_given_up_at_its_first_wrong_byte(string beginning, string answers)
    {
        const string Schema = """{"type":"object","properties":{"label":{"enum":["billing","refund"]},"amount":{"type":"number"}},"required":["label","amount"]}""";
        await using var small = await FakeUpstream.StartAsync(async (http, body) =>
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var letter in beginning) await http.Response.WriteAsync(Does.Chunk("m", $$"""{"content":{{JsonSerializer.Serialize(letter.ToString())}}}""", "null"));
            await http.Response.Body.FlushAsync();
            await Does.Hang()(http, body);
        });
        await using var big = await FakeUpstream.StartAsync(Does.Answer("""{"label":"billing","amount":1}"""));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(
            Yaml.Ladder("checks: [ { schema: intent.json } ], escalate: { to: big }", "", ("small", "a", small.Url), ("big", "b", big.Url)), ("intent.json", Schema)));

        var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));

        Assert.Equal((answers, ""), (reply.Header("x-rung-model"), reply.Header("x-rung-verified")));
        Assert.Contains("billing", await reply.TextAsync());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal(AttemptOutcome.Doomed, call.Attempts[0].Outcome);
        Assert.NotNull(call.Attempts[0].Checks[0].Detail);
    }

    [Fact]
    public async Task A_stream_goes_out_when_the_first_member_of_its_JSON_is_whole_and_valid()
    {
        var rest = new Gate();
        await using var small = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Does.Chunk("m", """{"content":"{\"label\":\"billing\","}""", "null"));
            await http.Response.Body.FlushAsync();
            await rest.Opened;
            await http.Response.WriteAsync(Does.Chunk("m", """{"content":"\"amount\":\"much\"}"}""", "null") + Does.Chunk("m", "{}", "\"stop\"") + "data: [DONE]\n\n");
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(
            Yaml.Ladder("stream: { hold_until: first_valid_prefix }, checks: [ { schema: intent.json } ], escalate: { to: big }", "", ("small", "a", small.Url), ("big", "b", small.Url)),
            ("intent.json", """{"type":"object","properties":{"label":{"enum":["billing"]},"amount":{"type":"number"}}}""")));

        using var reply = await gateway.PostAsync(Ask.Stream, ("x-rung-tag", "job"));
        using var reader = new StreamReader(await reply.Content.ReadAsStreamAsync());
        Assert.Contains("billing", await reader.ReadLineAsync());
        rest.Open();

        Assert.Contains("[DONE]", await reader.ReadToEndAsync());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal((CallStatus.AnsweredUnverified, AttemptOutcome.CheckFailed), (call.Status, call.Attempts[0].Outcome));
    }
}
