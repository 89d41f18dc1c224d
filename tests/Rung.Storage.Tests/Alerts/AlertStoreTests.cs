using Rung.Core.Alerts;
using Rung.Storage.Alerts;

namespace Rung.Storage.Tests.Alerts;

public sealed class AlertStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_book_that_is_stored_and_read_by_the_next_process_is_the_same()
    {
        var book = new AlertBook(new AlertTimes(), []);
        await using (var first = Open())
        {
            var observed = book.Observe([Condition("floor:a", "a"), Condition("version:x", null) with { For = TimeSpan.FromMinutes(5), Cause = null, Next = null }], [], Noon);
            Assert.Equal(2, await first.SaveAlertsAsync(observed.Changed, observed.Transitions, CancellationToken.None));
        }

        await using var second = Open();
        var shelf = await second.ReadAlertShelfAsync(Noon, CancellationToken.None);
        Assert.Equal(2, shelf.LastEvent);
        Assert.Equal(book.Open, shelf.Open);
    }

    [Fact]
    public async Task What_is_over_is_listed_only_when_asked_for_and_its_history_stays()
    {
        await using var ledger = Open();
        var book = new AlertBook(new AlertTimes(), []);
        await StepAsync(ledger, book, Noon, Condition("floor:a", "a"), Condition("floor:b", "b"));
        await StepAsync(ledger, book, Noon.AddMinutes(11), Condition("floor:b", "b"));

        Assert.Equal(["floor:b"], (await ledger.ListAlertsAsync(null, CancellationToken.None)).Select(alert => alert.Key));
        Assert.Equal(["floor:b", "floor:a"], (await ledger.ListAlertsAsync(Noon, CancellationToken.None)).Select(alert => alert.Key));
        Assert.Equal(["floor:b"], (await ledger.ListAlertsAsync(Noon.AddMinutes(12), CancellationToken.None)).Select(alert => alert.Key));
        Assert.Equal(AlertState.Resolved, (await ledger.FindAlertAsync("floor:a", CancellationToken.None))!.State);
        Assert.Null(await ledger.FindAlertAsync("floor:c", CancellationToken.None));
        var history = await ledger.ReadAlertHistoryAsync("floor:a", 10, CancellationToken.None);
        Assert.Equal([AlertChange.Resolved, AlertChange.Fired], history.Select(entry => entry.Change));
        Assert.Equal((Noon, "a", true, "it dropped"), (history[1].At, history[1].Tag, history[1].IsTold, history[1].Summary));
        Assert.Single(await ledger.ReadAlertHistoryAsync("floor:a", 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_time_that_an_alert_fired_belongs_to_every_window_that_it_touches()
    {
        await using var ledger = Open();
        var book = new AlertBook(new AlertTimes(), []);
        await StepAsync(ledger, book, Noon, Condition("floor:a", "a"));
        await StepAsync(ledger, book, Noon.AddMinutes(11));
        await StepAsync(ledger, book, Noon.AddMinutes(20), Condition("floor:a", "a"), Condition("floor:b", "b") with { For = TimeSpan.FromMinutes(5) });

        Assert.Equal([(Noon, Noon.AddMinutes(11))], await FiringsAsync(5, 10));
        Assert.Equal([(Noon, Noon.AddMinutes(11))], await FiringsAsync(-10, 20));
        Assert.Equal([(Noon.AddMinutes(20), null), (Noon, Noon.AddMinutes(11))], await FiringsAsync(0, 60));
        Assert.Empty(await FiringsAsync(12, 20)); // Over, and not begun again; what is only pending did not fire.
        Assert.Equal([(Noon.AddMinutes(20), null)], await FiringsAsync(30, 40));

        async Task<IEnumerable<(DateTimeOffset, DateTimeOffset?)>> FiringsAsync(int from, int to) =>
            (await ledger.ListAlertFiringsAsync(Noon.AddMinutes(from), Noon.AddMinutes(to), 10, CancellationToken.None)).Select(firing => (firing.FiredAt, firing.EndedAt));
    }

    [Fact]
    public async Task An_alert_that_fires_again_keeps_the_history_of_the_time_before()
    {
        await using var ledger = Open();
        var book = new AlertBook(new AlertTimes(), []);
        await StepAsync(ledger, book, Noon, Condition("floor:a", "a"));
        await StepAsync(ledger, book, Noon.AddMinutes(11));
        await StepAsync(ledger, book, Noon.AddMinutes(20), Condition("floor:a", "a"));

        var alert = Assert.Single(await ledger.ListAlertsAsync(Noon, CancellationToken.None));
        Assert.Equal((AlertState.Firing, Noon.AddMinutes(20), null), (alert.State, alert.FiringAt, alert.EndedAt));
        Assert.Equal(3, (await ledger.ReadAlertHistoryAsync("floor:a", 10, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task A_silence_is_in_force_until_its_end_or_until_somebody_ends_it()
    {
        var clock = FixedClock.AtNoon();
        await using var ledger = Ledger.Open(_directory.Path, clock);
        var one = await ledger.AddSilenceAsync(new SilenceDraft { Tag = "a", Kind = AlertKind.QualityFloor, From = Noon, Until = Noon.AddHours(4), Who = "ada", Why = "known" }, CancellationToken.None);
        var two = await ledger.AddSilenceAsync(new SilenceDraft { Key = "floor:b", From = Noon, Until = Noon.AddHours(1), Who = "ada", Why = "also" }, CancellationToken.None);

        Assert.Equal((one, two), ((await ledger.FindSilenceAsync(one.Id, CancellationToken.None))!, (await ledger.FindSilenceAsync(two.Id, CancellationToken.None))!));
        Assert.Equal([one, two], (await ledger.ReadAlertShelfAsync(Noon, CancellationToken.None)).Silences);
        Assert.Equal([one], await ledger.ListSilencesAsync(Noon.AddHours(1), CancellationToken.None));

        clock.Now = Noon.AddMinutes(10);
        var ended = await ledger.EndSilenceAsync(one.Id, "bob", CancellationToken.None);
        Assert.Equal((Noon.AddMinutes(10), "bob"), (ended!.EndedAt, ended.EndedBy));
        Assert.Null(await ledger.EndSilenceAsync(one.Id, "bob", CancellationToken.None));
        Assert.Null(await ledger.EndSilenceAsync(99, "bob", CancellationToken.None));
        Assert.Equal([two], await ledger.ListSilencesAsync(Noon.AddMinutes(10), CancellationToken.None));
    }

    [Fact]
    public async Task A_silence_of_everything_or_of_no_time_is_refused()
    {
        await using var ledger = Open();
        var draft = new SilenceDraft { Tag = "a", From = Noon, Until = Noon.AddHours(1), Who = "ada", Why = "known" };

        await Assert.ThrowsAsync<ArgumentException>(() => ledger.AddSilenceAsync(draft with { Tag = null }, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => ledger.AddSilenceAsync(draft with { Until = Noon }, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => ledger.AddSilenceAsync(draft with { Why = " " }, CancellationToken.None));
        Assert.Empty(await ledger.ListSilencesAsync(Noon, CancellationToken.None));
    }

    [Fact]
    public async Task Changes_of_a_window_are_listed_whatever_their_key_and_so_is_what_began_in_it()
    {
        await using var ledger = Open();
        var book = new AlertBook(new AlertTimes(), []);
        await StepAsync(ledger, book, Noon, Condition("floor:a", "a"), Condition("floor:b", "b"));
        await StepAsync(ledger, book, Noon.AddMinutes(11), Condition("floor:b", "b"));

        var events = await ledger.ListAlertEventsAsync(Noon, Noon.AddHours(1), 10, CancellationToken.None);
        Assert.Equal([("floor:a", AlertChange.Resolved), ("floor:b", AlertChange.Fired), ("floor:a", AlertChange.Fired)], events.Select(entry => (entry.Key, entry.Change)));
        Assert.All(events, entry => Assert.Equal(Noon.AddDays(-1), entry.Since));
        Assert.Single(await ledger.ListAlertEventsAsync(Noon, Noon.AddHours(1), 1, CancellationToken.None));
        Assert.Single(await ledger.ListAlertEventsAsync(Noon.AddMinutes(1), Noon.AddHours(1), 10, CancellationToken.None));
        Assert.Equal(2, (await ledger.ListAlertEventsAsync(Noon.AddDays(-1), Noon.AddHours(-1), 10, CancellationToken.None)).Count); // Both began there.
        Assert.Empty(await ledger.ListAlertEventsAsync(Noon.AddHours(1), Noon.AddHours(2), 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_reader_beside_the_writer_sees_what_was_stored()
    {
        await using var ledger = Open();
        await StepAsync(ledger, new AlertBook(new AlertTimes(), []), Noon, Condition("floor:a", "a"));

        await using var reader = Ledger.OpenReadOnly(_directory.Path, FixedClock.AtNoon());
        Assert.Single(await reader.ListAlertsAsync(null, CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.SaveAlertsAsync([], [], CancellationToken.None));
    }

    private Ledger Open() => Ledger.Open(_directory.Path, FixedClock.AtNoon());

    private static AlertCondition Condition(string key, string? tag) => new()
    {
        Key = key, Kind = AlertKind.QualityFloor, Severity = AlertSeverity.Critical, Tag = tag, Summary = "it dropped", Cause = "a release", Next = "rung alerts", Since = Noon.AddDays(-1),
    };

    private static async Task StepAsync(Ledger ledger, AlertBook book, DateTimeOffset now, params AlertCondition[] conditions)
    {
        var observed = book.Observe(conditions, [], now);
        await ledger.SaveAlertsAsync(observed.Changed, observed.Transitions, CancellationToken.None);
    }
}
