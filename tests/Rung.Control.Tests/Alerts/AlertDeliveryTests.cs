using System.Collections.Concurrent;
using System.Threading.Channels;
using Rung.Control.Alerts.Delivery;
using Rung.Core.Policies;
using static Rung.Control.Tests.Alerts.SomeAlerts;

namespace Rung.Control.Tests.Alerts;

public sealed class AlertDeliveryTests
{
    private readonly WaitClock clock = new();
    private readonly Channel<DeliveryReport> reports = Channel.CreateUnbounded<DeliveryReport>();
    private readonly ConcurrentQueue<DeliveryReport> seen = [];

    [Fact]
    public async Task A_message_arrives_signed_and_the_receiver_can_check_it()
    {
        await using var server = new TargetServer(_ => TargetServer.Answer(204));
        await using var delivery = Delivery(server.Url);
        var message = Message();

        delivery.Post(Target(signed: true), message);
        var arrived = await server.NextAsync();

        Assert.Equal("/hook/s3cret-path", arrived.Path);
        Assert.Equal(AlertPayload.Write(AlertFormat.Rung, message), arrived.Body);
        Assert.Equal("application/json; charset=utf-8", arrived.Headers["content-type"]);
        Assert.Equal(message.Id, arrived.Headers["x-rung-delivery"]);
        var signature = arrived.Headers["x-rung-signature"];
        Assert.True(AlertSignature.Verify(signature, Secret, arrived.Body, clock.GetUtcNow(), TimeSpan.FromMinutes(5)));
        Assert.False(AlertSignature.Verify(signature, "another", arrived.Body, clock.GetUtcNow(), TimeSpan.FromMinutes(5)));
        Assert.False(AlertSignature.Verify(signature, Secret, [.. arrived.Body, 32], clock.GetUtcNow(), TimeSpan.FromMinutes(5)));
        Assert.False(AlertSignature.Verify(signature, Secret, arrived.Body, clock.GetUtcNow().AddMinutes(6), TimeSpan.FromMinutes(5)));
        Assert.Equal((DeliveryResult.Delivered, 204, 1, true), Of(await NextAsync()));
    }

    [Fact]
    public async Task A_target_in_trouble_is_tried_again_after_waits_that_double_and_then_given_up()
    {
        await using var server = new TargetServer(_ => TargetServer.Answer(503, "busy"));
        await using var delivery = Delivery(server.Url, new DeliveryOptions { Tries = 4 });
        delivery.Post(Target(), Message());

        double[] waits = [0.75, 1.5, 3]; // Half of 1, 2, 4 seconds, and half of that half: chance says 0.5.
        foreach (var expected in waits)
        {
            Assert.False((await NextAsync()).IsFinal);
            var wait = await clock.NextWaitAsync(AlertSender.TimeLimit);
            Assert.Equal(TimeSpan.FromSeconds(expected), wait);
            clock.Advance(wait);
        }
        Assert.Equal((DeliveryResult.Failed, 503, 4, true), Of(await NextAsync()));
        Assert.Equal(4, server.Requests);
        Assert.All(seen, report => Assert.Equal("busy", report.Outcome.Answer));
    }

    [Fact]
    public async Task A_target_that_asks_for_a_pause_gets_it_and_every_try_is_signed_anew()
    {
        await using var server = new TargetServer(request => request == 0 ? TargetServer.Answer(429, headers: "Retry-After: 17\r\n") : TargetServer.Answer(200));
        await using var delivery = Delivery(server.Url);
        delivery.Post(Target(signed: true), Message());

        await NextAsync();
        var wait = await clock.NextWaitAsync(AlertSender.TimeLimit);
        Assert.Equal(TimeSpan.FromSeconds(17), wait);
        clock.Advance(wait);
        Assert.Equal((DeliveryResult.Delivered, 200, 2, true), Of(await NextAsync()));
        var (first, second) = (await server.NextAsync(), await server.NextAsync());
        Assert.Equal(first.Headers["x-rung-delivery"], second.Headers["x-rung-delivery"]);
        Assert.NotEqual(first.Headers["x-rung-signature"], second.Headers["x-rung-signature"]);
        Assert.True(AlertSignature.Verify(second.Headers["x-rung-signature"], Secret, second.Body, clock.GetUtcNow(), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_a_refusal_is_not_tried_again()
    {
        await using var elsewhere = new TargetServer(_ => TargetServer.Answer(200));
        await using var server = new TargetServer(request => request == 0 ? TargetServer.Answer(307, headers: $"Location: {elsewhere.Url}\r\n") : TargetServer.Answer(404, "no_service"));
        await using var delivery = Delivery(server.Url);

        delivery.Post(Target(), Message());
        Assert.Equal((DeliveryResult.Redirected, 307, 1, true), Of(await NextAsync()));
        delivery.Post(Target(), Message());
        var refused = await NextAsync();
        Assert.Equal((DeliveryResult.Refused, 404, 1, true), Of(refused));
        Assert.Equal("no_service", refused.Outcome.Answer);
        Assert.Equal(0, elsewhere.Requests);
    }

    [Fact]
    public async Task A_target_that_hangs_holds_up_neither_the_poster_nor_the_others_and_is_given_up_after_its_time()
    {
        await using var hung = new TargetServer(_ => null);
        await using var good = new TargetServer(_ => TargetServer.Answer(200));
        var sender = new AlertSender(Secrets(("hung", hung.Url), ("good", good.Url)), clock);
        await using var delivery = new AlertDelivery(sender, new DeliveryOptions { Tries = 1, Waiting = 2 }, clock, () => 0.5, Report);

        delivery.Post(Target("hung"), Message());
        await hung.NextAsync(); // It is being tried now; two more may wait, and the fourth is one too many.
        for (var i = 0; i < 3; i++) delivery.Post(Target("hung"), Message());
        Assert.Equal(DeliveryResult.Dropped, (await NextAsync()).Outcome.Result);

        delivery.Post(Target("good"), Message());
        Assert.Equal(("good", DeliveryResult.Delivered), await NameOfNextAsync());

        clock.Advance(AlertSender.TimeLimit);
        var outcome = await NextAsync();
        Assert.Equal(("hung", DeliveryResult.TimedOut, true), (outcome.Target, outcome.Outcome.Result, outcome.IsFinal));
        await StopAsync(delivery);
    }

    [Fact]
    public async Task A_target_that_takes_a_message_and_never_ends_its_answer_has_it()
    {
        await using var half = new TargetServer(_ => "HTTP/1.1 200 Any\r\nContent-Length: 5000\r\n\r\nok, and");
        await using var delivery = Delivery(half.Url);

        delivery.Post(Target(), Message());

        Assert.Equal((DeliveryResult.Delivered, 1), ((await NextAsync()).Outcome.Result, half.Requests));
        await StopAsync(delivery);
    }

    [Fact]
    public async Task A_stop_ends_what_hangs_after_a_little_while_and_says_what_was_not_sent()
    {
        await using var hung = new TargetServer(_ => null);
        await using var delivery = Delivery(hung.Url);
        delivery.Post(Target(), Message());
        delivery.Post(Target(), Message());
        await hung.NextAsync();

        await StopAsync(delivery);

        Assert.Equal(2, seen.Count(report => report.Outcome.Result == DeliveryResult.Dropped));
        delivery.Post(Target(), Message());
        Assert.Equal(3, seen.Count(report => report.Outcome.Result == DeliveryResult.Dropped));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 banana\r\n\r\n")]
    public async Task A_connection_that_breaks_is_said_without_the_address(string answer)
    {
        await using var server = new TargetServer(_ => answer);
        await using var delivery = Delivery(server.Url, new DeliveryOptions { Tries = 1 });
        delivery.Post(Target(), Message());

        var report = await NextAsync();
        Assert.Equal(DeliveryResult.Unreachable, report.Outcome.Result);
        Assert.DoesNotContain("127.0.0.1", report.Outcome.Words + report.Outcome.Answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("hooks.example/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:pass@hooks.example/x")]
    public async Task An_address_that_is_none_is_said_by_the_name_of_its_place_and_not_tried_again(string? url)
    {
        await using var delivery = Delivery(url);
        delivery.Post(Target(), Message());

        var report = await NextAsync();
        Assert.Equal((DeliveryResult.Misconfigured, 0, 1, true), Of(report));
        Assert.Contains("URL_oncall", report.Outcome.Words, StringComparison.Ordinal);
        if (url is not null) Assert.DoesNotContain(url, report.Outcome.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_to_be_signed_is_never_sent_unsigned()
    {
        await using var server = new TargetServer(_ => TargetServer.Answer(200));
        var sender = new AlertSender(reference => reference.Environment == "SECRET" ? null : server.Url, clock);
        var outcome = await sender.SendAsync(Target(signed: true), Message(), CancellationToken.None);

        Assert.Equal(DeliveryResult.Misconfigured, outcome.Result);
        Assert.Equal(0, server.Requests);
    }

    [Fact]
    public async Task An_answer_that_repeats_the_address_is_shown_without_it()
    {
        TargetServer? server = null;
        server = new TargetServer(_ => TargetServer.Answer(400, $"no such hook:\n{server!.Url}"));
        await using var closing = server;
        using var sender = new AlertSender(Secrets(("oncall", server.Url)), clock);

        Assert.Equal("no such hook: (address)", (await sender.SendAsync(Target(), Message(), CancellationToken.None)).Answer);
    }

    private AlertDelivery Delivery(string? url, DeliveryOptions? options = null) =>
        new(new AlertSender(Secrets(("oncall", url)), clock), options ?? new DeliveryOptions(), clock, () => 0.5, Report);

    private async Task StopAsync(AlertDelivery delivery)
    {
        var stopping = delivery.StopAsync();
        await clock.NextWaitAsync(AlertSender.TimeLimit);
        clock.Advance(new DeliveryOptions().Farewell);
        await stopping;
    }

    private void Report(DeliveryReport report)
    {
        seen.Enqueue(report);
        reports.Writer.TryWrite(report);
    }

    private async Task<DeliveryReport> NextAsync() => await reports.Reader.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);

    private async Task<(string, DeliveryResult)> NameOfNextAsync()
    {
        var report = await NextAsync();
        return (report.Target, report.Outcome.Result);
    }

    private static (DeliveryResult, int, int, bool) Of(DeliveryReport report) => (report.Outcome.Result, report.Outcome.Status, report.Tries, report.IsFinal);
}
