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
}
