using Microsoft.AspNetCore.Http;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Faults;

/// <summary>A client that goes away cancels the attempt at once, and what was used is still booked.</summary>
public sealed class ClientAbortTests
{
    private const string Checked = "checks: [ { length: { min: 1 } } ]";

    [Theory]
    [InlineData("plain", "")]
    [InlineData("plain checked", Checked)]
    [InlineData("held stream", Checked)]
    [InlineData("live stream", "")]
    [InlineData("stream before its first byte", "")]
    public async Task A_client_that_goes_away_cancels_the_upstream(string how, string route)
    {
        var (reached, left) = (new Gate(), new Gate());
        await using var slow = await FakeUpstream.StartAsync(async (http, body) =>
        {
            if (how is "held stream" or "live stream")
            {
                http.Response.ContentType = "text/event-stream";
                await http.Response.WriteAsync(Does.Chunk("m", """{"content":"twelve bytes"}""", "null"));
                await http.Response.Body.FlushAsync();
            }
            reached.Open();
            await Does.Hang()(http, body);
            left.Open();
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(route, "", ("only", "a", slow.Url), ("only", "b", slow.Url))));
        using var leaving = new CancellationTokenSource();

        var call = gateway.PostAsync(Ask.Of(how.Contains("stream")), leaving.Token, ("x-rung-tag", "job"));
        await reached.Opened;
        if (how == "live stream")
        {
            using var reply = await call;
            var stream = await reply.Content.ReadAsStreamAsync();
            Assert.True(await stream.ReadAsync(new byte[10]) > 0);
        }
        else
        {
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
        await left.Opened;

        var record = await gateway.OnlyCallAsync();
        Assert.Equal((CallStatus.ClientGone, 499), (record.Status, record.HttpStatus));
        var attempt = Assert.Single(record.Attempts);
        Assert.Equal(AttemptOutcome.ClientGone, attempt.Outcome);
        Assert.Equal(UsageSource.EstimatedPartial, attempt.Usage.Source);
        Assert.True(attempt.Usage.Input > 0);
        // Of a held stream nobody outside sees whether its first event had come when the client left.
        if (how != "held stream") Assert.Equal(how == "live stream" ? 3 : 0, attempt.Usage.Output);
        Assert.Equal(attempt.CostNanoUsd, record.CostNanoUsd);
        Assert.Equal(0, record.UnknownPriceAttempts);
    }

    [Fact]
    public async Task A_client_that_goes_away_says_nothing_about_the_model()
    {
        await using var slow = await FakeUpstream.StartAsync(Does.Hang());
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(slow.Url)));
        for (var i = 1; i <= 8; i++)
        {
            using var leaving = new CancellationTokenSource();
            var call = gateway.PostAsync(Ask.Plain, leaving.Token);
            while (slow.Seen.Count < i) await Task.Yield();
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
            await gateway.CallsAsync(i);
        }
        slow.Behaviour = Does.Answer("fine");

        Assert.Contains("fine", await (await gateway.PostAsync(Ask.Plain)).TextAsync());
        Assert.All((await gateway.CallsAsync(9)).Take(8), call => Assert.Equal(AttemptOutcome.ClientGone, call.Attempts[0].Outcome));
    }

    [Fact]
    public async Task Clients_that_leave_live_streams_in_the_middle_of_a_write_are_always_booked_as_gone()
    {
        var chunk = Does.Chunk("m", $$"""{"content":"{{new string('x', 2000)}}"}""", "null");
        await using var endless = await FakeUpstream.StartAsync(async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync(chunk);
                await http.Response.Body.FlushAsync();
            }
        });
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(endless.Url)));
        const int Calls = 60;
        for (var i = 0; i < Calls; i++)
        {
            using var reply = await gateway.PostAsync(Ask.Stream);
            var stream = await reply.Content.ReadAsStreamAsync();
            Assert.True(await stream.ReadAsync(new byte[4000]) > 0);
        }

        var calls = await gateway.CallsAsync(Calls);
        // The last attempt is the one that was streaming: on a machine that stood still, a connection may have taken too long before it.
        Assert.All(calls, call => Assert.Equal((CallStatus.ClientGone, AttemptOutcome.ClientGone), (call.Status, call.Attempts[^1].Outcome)));
    }
}
