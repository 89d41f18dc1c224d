using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Rung.Control.Alerts;
using Rung.Control.Alerts.Delivery;
using Rung.Core.Alerts;
using Rung.Core.Policies;
using Rung.Storage;
using Rung.Storage.Alerts;
using static Rung.Control.Tests.Alerts.SomeAlerts;

namespace Rung.Control.Tests.Alerts;

public sealed class AlertDeskTests : IAsyncLifetime
{
    private readonly WaitClock clock = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rung-alerts-");
    private readonly List<AlertTransition> logged = [];
    private readonly List<Exception?> failures = [];
    private readonly TargetServer server = new(_ => TargetServer.Answer(200));
    private readonly List<IAsyncDisposable> closing = [];
    private ImmutableArray<AlertTarget> targets = [];
    private Ledger ledger = null!;

    public Task InitializeAsync()
    {
        ledger = Ledger.Open(folder.FullName, clock);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var open in closing) await open.DisposeAsync();
        await server.DisposeAsync();
        await ledger.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Several_changes_of_one_step_become_one_message_for_each_target_at_its_severity()
    {
        targets = [Target(), Target("quiet", atLeast: AlertSeverity.Critical)];
        var desk = Desk();

        await desk.ObserveAsync([Floor("a", AlertSeverity.Info), Floor("b", AlertSeverity.Warning), Floor("c")], Noon, default);

        string[] texts = [(await server.NextAsync()).Text, (await server.NextAsync()).Text];
        Assert.Contains(texts, text => text.Contains("Rung: 2 firing", StringComparison.Ordinal) && !text.Contains("floor:a", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains("Rung: 1 firing", StringComparison.Ordinal) && text.Contains("floor:c", StringComparison.Ordinal));
        Assert.Equal(["floor:a", "floor:b", "floor:c"], logged.Select(transition => transition.Alert.Key));
    }

    [Fact]
    public async Task A_restart_tells_nothing_twice_and_sees_the_end()
    {
        targets = [Target()];
        await Desk().ObserveAsync([Floor()], Noon, default);
        await server.NextAsync();

        var next = Desk();
        Assert.Empty((await next.ObserveAsync([Floor()], Noon.AddMinutes(5), default)).Transitions);
        Assert.Empty((await next.ObserveAsync([], Noon.AddMinutes(10), default)).Transitions);
        Assert.Equal(AlertChange.Resolved, Assert.Single((await next.ObserveAsync([], Noon.AddMinutes(15), default)).Transitions).Change);
        Assert.Contains("\"change\":\"resolved\"", (await server.NextAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_desk_that_comes_back_after_another_kept_the_book_goes_on_with_that_one()
    {
        var (one, two) = (Desk(), Desk());
        await one.ObserveAsync([Floor()], Noon, default);
        await two.ObserveAsync([], Noon.AddMinutes(1), default);
        await two.ObserveAsync([], Noon.AddMinutes(11), default); // Over, by the other.

        Assert.Equal(AlertChange.Fired, Assert.Single((await one.ObserveAsync([Floor()], Noon.AddMinutes(12), default)).Transitions).Change);
        Assert.Equal(3, (await ledger.ReadAlertHistoryAsync("floor:classify-intent", 10, default)).Count);
    }

    [Fact]
    public async Task A_silence_that_another_process_stored_counts_at_the_next_step()
    {
        targets = [Target()];
        var desk = Desk();
        await ledger.AddSilenceAsync(new SilenceDraft { Tag = "classify-intent", From = Noon, Until = Noon.AddHours(1), Who = "ada", Why = "known" }, default);

        var silenced = await desk.ObserveAsync([Floor()], Noon.AddMinutes(1), default);
        Assert.False(Assert.Single(silenced.Transitions).IsTold);
        var told = await desk.ObserveAsync([Floor()], Noon.AddHours(1), default);
        Assert.Equal((AlertChange.Reminded, true), (told.Transitions[0].Change, told.Transitions[0].IsTold));
        Assert.Contains("\"change\":\"reminded\"", (await server.NextAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Alertmanager_is_told_everything_that_fires_again_every_minute_while_it_fires()
    {
        targets = [Target(format: AlertFormat.Alertmanager)];
        var desk = Desk();
        await desk.ObserveAsync([Floor("a"), Floor("b")], Noon, default);
        Assert.Contains("floor:b", (await server.NextAsync()).Text, StringComparison.Ordinal);
        await IdleAsync();

        await desk.ObserveAsync([Floor("a"), Floor("b")], Noon.AddSeconds(30), default);
        await desk.ObserveAsync([Floor("a"), Floor("b")], Noon.AddSeconds(60), default);
        var again = (await server.NextAsync()).Text;
        Assert.Contains("floor:a", again, StringComparison.Ordinal);
        Assert.Contains("2026-11-22T12:06:00.000Z", again, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests);
        await IdleAsync();

        await desk.ObserveAsync([Floor("a")], Noon.AddSeconds(90), default);
        await desk.ObserveAsync([Floor("a")], Noon.AddSeconds(690), default);
        var end = (await server.NextAsync()).Text;
        Assert.Contains("\"endsAt\":\"2026-11-22T12:11:30.000Z\"", end, StringComparison.Ordinal); // b is over…
        Assert.Contains("\"endsAt\":\"2026-11-22T12:16:30.000Z\"", end, StringComparison.Ordinal); // …and a goes on.
    }

    [Fact]
    public async Task Without_the_ledger_alerts_are_told_all_the_same_and_stored_when_it_is_back()
    {
        targets = [Target()];
        var desk = Desk();
        var path = Path.Combine(folder.FullName, Ledger.FileName);
        await desk.ObserveAsync([], Noon, default);
        File.Move(path, path + ".away");

        var observed = await desk.ObserveAsync([Floor()], Noon.AddMinutes(1), default);
        Assert.Single(observed.Transitions);
        await server.NextAsync();
        File.Move(path + ".away", path);
        Assert.Empty((await desk.ObserveAsync([Floor()], Noon.AddMinutes(2), default)).Transitions);

        Assert.Equal("floor:classify-intent", Assert.Single(await ledger.ListAlertsAsync(null, default)).Key);
        Assert.Equal(AlertChange.Fired, Assert.Single(await ledger.ReadAlertHistoryAsync("floor:classify-intent", 10, default)).Change);
        Assert.Equal([true, false], failures.Select(failure => failure is not null));
    }

    [Fact]
    public async Task What_fires_and_what_was_sent_are_metrics()
    {
        targets = [Target()];
        var measured = new List<(string, long, string)>();
        using var telemetry = new AlertTelemetry(clock);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == AlertTelemetry.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (measured) measured.Add((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        });
        listener.Start();
        var desk = Desk(telemetry);
        await desk.ObserveAsync([Floor("a"), Floor("a") with { Key = "floor:a:2" }, Floor("b", AlertSeverity.Warning)], Noon, default);
        await server.NextAsync();
        await IdleAsync();
        listener.RecordObservableInstruments();

        lock (measured)
        {
            Assert.Contains(("rung.alerts.firing", 2, "rung.alert.kind=quality_floor rung.alert.severity=critical rung.tag=a"), measured);
            Assert.Contains(("rung.alerts.firing", 1, "rung.alert.kind=quality_floor rung.alert.severity=warning rung.tag=b"), measured);
            Assert.Contains(("rung.alerts.notifications", 1, "rung.alert.target=oncall rung.alert.outcome=delivered"), measured);
        }
    }

    private AlertDelivery Delivery => (AlertDelivery)closing[^1];

    private AlertDesk Desk(AlertTelemetry? telemetry = null)
    {
        telemetry ??= new AlertTelemetry(clock);
        var sender = new AlertSender(_ => server.Url, clock);
        closing.Add(new AlertDelivery(sender, new DeliveryOptions(), clock, () => 0.5, telemetry.Ended));
        return new AlertDesk(ledger, Delivery, telemetry, new AlertDeskOptions { Targets = () => targets, Log = logged.Add, StoreFailed = failures.Add });
    }

    private async Task IdleAsync()
    {
        for (var i = 0; !Delivery.IsIdle("oncall"); i++)
        {
            Assert.True(i < 20_000, "It never became idle.");
            await Task.Delay(1);
        }
    }
}
