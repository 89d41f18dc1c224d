using System.Net;
using Rung.Core.Spans;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Faults;

/// <summary>An upstream that asks for time gets it: from Rung, and from the client.</summary>
public sealed class RetryAfterTests
{
    private static Behaviour Busy(int status, string name, string value) => (http, body) =>
    {
        http.Response.Headers[name] = value;
        return Does.Status(status)(http, body);
    };

    [Theory]
    [InlineData(429, "Retry-After", "40", 40)]
    [InlineData(429, "retry-after-ms", "40000", 40)]
    [InlineData(429, "x-ms-retry-after-ms", "40000", 40)]
    [InlineData(429, "Retry-After", "Sun, 22 Nov 2026 13:00:40 GMT", 40)]
    [InlineData(503, "Retry-After", "40", 40)]
    [InlineData(429, "Retry-After", "99999999", 300)]
    public async Task A_model_that_asks_for_time_is_left_alone_for_as_long(int status, string header, string value, int seconds)
    {
        var clock = new ManualClock(); // It is 13:00:00.
        await using var busy = await FakeUpstream.StartAsync(Does.InTurn(Busy(status, header, value), Does.Answer("back again")));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(busy.Url)), clock: clock);

        var first = await gateway.PostAsync(Ask.Plain);
        var second = await gateway.PostAsync(Ask.Plain);
        clock.Advance(TimeSpan.FromSeconds(seconds - 11)); // The gateway itself waits for up to ten seconds.
        var third = await gateway.PostAsync(Ask.Plain);
        clock.Advance(TimeSpan.FromSeconds(12));
        var fourth = await gateway.PostAsync(Ask.Plain);

        Assert.Equal(status == 429 ? HttpStatusCode.TooManyRequests : HttpStatusCode.BadGateway, first.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal($"{seconds}", second.Header("Retry-After"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
        Assert.Contains("back again", await fourth.TextAsync());
        Assert.Equal(2, busy.Seen.Count);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("-5")]
    [InlineData("soon")]
    [InlineData("Infinity")]
    [InlineData("1e400")]
    [InlineData("")]
    public async Task A_strange_wish_breaks_nothing(string value)
    {
        var clock = new ManualClock();
        await using var busy = await FakeUpstream.StartAsync(Busy(429, "Retry-After", value));
        await using var good = await FakeUpstream.StartAsync(Does.Answer("fine"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Pair(busy.Url, good.Url)), clock: clock);

        Assert.Contains("fine", await (await gateway.PostAsync(Ask.Plain)).TextAsync());
        Assert.Equal(AttemptOutcome.RateLimited, (await gateway.OnlyCallAsync()).Attempts[0].Outcome);
    }

    [Fact]
    public async Task A_short_wait_is_waited_for_when_there_is_nowhere_else_to_go()
    {
        var clock = new ManualClock();
        await using var busy = await FakeUpstream.StartAsync(Does.InTurn(Busy(429, "retry-after-ms", "3000"), Does.Answer("second try")));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(busy.Url)), clock: clock);

        var reply = await clock.UntilAsync(gateway.PostAsync(Ask.Plain), TimeSpan.FromMilliseconds(50));

        Assert.Contains("second try", await reply.TextAsync());
        var call = await gateway.OnlyCallAsync();
        Assert.Equal([AttemptKind.First, AttemptKind.Retry], call.Attempts.Select(a => a.Kind));
        Assert.True(call.Attempts[1].StartedAt - call.Attempts[0].StartedAt >= TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task An_account_without_quota_is_not_waited_for()
    {
        await using var poor = await FakeUpstream.StartAsync(Does.Json("""{"error":{"message":"pay","code":"insufficient_quota"}}""", 429));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Alone(poor.Url)));

        var error = await (await gateway.PostAsync(Ask.Plain)).ErrorAsync(HttpStatusCode.TooManyRequests);

        Assert.Contains("no quota", error.GetProperty("message").GetString());
        Assert.Single(poor.Seen);
    }
}
